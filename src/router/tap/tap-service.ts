import { type Dialect, resolveThreadSync, type RunThreads } from '../../core/index';
import type { InspectionMethods, LiveAnswer } from '../../protocol/inspection';
import { checkCloseCode } from '../inspection/close-code';
import { InspectionRequestError } from '../inspection/inspection-request';
import type { InspectionService, ServiceRequest } from '../inspection/inspection-service';
import { liveAnswer } from '../inspection/live-answer';
import { findFrames } from '../journal/find-frames';
import { frameBody } from '../journal/frame-body';
import type { RouterModel } from '../model/router-model';
import type { AbsenceExplainer } from '../delivery/absence';
import type { Breakpoints } from './breakpoints';
import type { HeldFrames } from './held-frames';

export interface TapServiceParts {
  readonly model: RouterModel;
  readonly runs: RunThreads;
  readonly absence: AbsenceExplainer;
  readonly breakpoints: Breakpoints;
  readonly held: HeldFrames;
  readonly disconnect: (id: string, code: number, reason: string) => boolean;
  readonly inject: (event: InspectionMethods['simulate']['params']['event']) => InspectionMethods['simulate']['result'];
}

/** A tap's answers to workbenches. What decides routing is the backend's: a tap has no registry to write to. */
export class TapService implements InspectionService {
  constructor(private readonly parts: TapServiceParts) {}

  answer(request: ServiceRequest): unknown {
    const { model, breakpoints, held } = this.parts;
    switch (request.method) {
      case 'resolve':
        return this.resolve(request.params.runId, request.params.dialect);
      case 'simulate':
        return this.parts.inject(request.params.event);
      case 'disconnect': {
        const { connectionId, code = 1000, reason = 'disconnected from the workbench' } = request.params;
        checkCloseCode(code);
        return { disconnected: this.parts.disconnect(connectionId, code, reason) };
      }
      case 'connection': {
        const details = model.connection(request.params.connectionId)?.details();
        if (!details) throw new InspectionRequestError('not_found', `expected the ID of an open or lately closed connection, received ${JSON.stringify(request.params.connectionId.slice(0, 100))}`);
        return details;
      }
      case 'frames':
        return findFrames(model.journal, request.params);
      case 'frameBody':
        return frameBody(model.journal, request.params.seq);
      case 'addBreakpoint':
        return breakpoints.add(request.params.rule, request.params.enabled ?? true);
      case 'removeBreakpoint':
        return { removed: breakpoints.remove(request.params.id) };
      case 'enableBreakpoint':
        return breakpoints.enable(request.params.id, request.params.enabled);
      case 'heldBody':
        return held.body(request.params.id);
      case 'release':
        return { released: held.release(request.params.ids) };
      case 'releaseEdited':
        held.releaseEdited(request.params.id, request.params.text);
        return { released: 1 };
      case 'drop':
        return { dropped: held.drop(request.params.ids) };
      default:
        throw new InspectionRequestError('unsupported', `${request.method}: expected a router, received a tap, whose backend decides this`);
    }
  }

  /**
   * Where a run goes, as far as its ID and the traffic say; what cannot be resolved is an answer, too.
   * @throws {InvalidRunIdError}
   */
  private resolve(runId: string, dialect: Dialect | undefined): LiveAnswer {
    const { model, runs, absence } = this.parts;
    const sources = {
      registry: { getThread: (id: string) => runs.learned.getThread(id), register: () => false },
      connectionManager: { connections: { get: (id: string): true | undefined => ((model.threads.get(id)?.connections.size ?? 0) > 0 ? true : undefined) } },
    };
    return liveAnswer(runId, () => resolveThreadSync(runId, sources, { dialect: dialect ?? 'fix' }), model, absence);
  }
}
