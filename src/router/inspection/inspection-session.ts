import { InvalidRunIdError, ThreadResolutionError } from '../../core/index';
import { type HelloMessage, INSPECTION_VERSION, type ReplyMessage, type RouterInfo } from '../../protocol/inspection';
import { RedeliveryError } from '../delivery/dispatcher';
import { PatternError } from '../journal/pattern-parser';
import type { ChangeFeed, FeedSink, Watcher } from './change-feed';
import { type CheckedRequest, InspectionRequestError, readInspectionRequest } from './inspection-request';
import type { Inspector } from './inspector';

/** One workbench that watches and asks, over whatever carries its texts. */
export class InspectionSession {
  private readonly watcher: Watcher;
  private closed = false;

  constructor(
    private readonly inspector: Inspector,
    private readonly feed: ChangeFeed,
    private readonly sink: FeedSink,
    router: () => RouterInfo,
    private readonly log: (message: string) => void,
  ) {
    const hello: HelloMessage = { type: 'hello', version: INSPECTION_VERSION, router: router() };
    sink.send(JSON.stringify(hello));
    this.watcher = feed.attach(sink);
  }

  /** Takes a text of the workbench and answers it. */
  receive(text: string): void {
    if (this.closed) return;
    const request = readInspectionRequest(text);
    if ('error' in request) {
      // Without a number there is nobody to answer to; -1 tells at least that something was wrong.
      this.reply({ type: 'reply', id: request.id ?? -1, error: { reason: request.error.reason, message: request.error.message } });
      return;
    }
    try {
      this.reply({ type: 'reply', id: request.id, result: this.carryOut(request) });
    } catch (error) {
      this.reply({ type: 'reply', id: request.id, error: this.describe(error) });
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.feed.detach(this.watcher);
  }

  private carryOut(request: CheckedRequest): unknown {
    const { inspector } = this;
    switch (request.method) {
      case 'resolve':
        return inspector.resolve(request.params.runId, request.params.dialect);
      case 'simulate':
        return inspector.simulate(request.params.event);
      case 'disconnect': {
        const { connectionId, code = 1000, reason } = request.params;
        if (!(code === 1000 || (code >= 3000 && code <= 4999) || (code >= 1001 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006))) {
          throw new InspectionRequestError('bad_params', `disconnect: expected a close code that may be sent (1000, 1001-1003, 1007-1014, 3000-4999), received ${code}`);
        }
        return { disconnected: inspector.disconnect(connectionId, code, reason) };
      }
      case 'connection': {
        const details = inspector.connection(request.params.connectionId);
        if (!details) throw new InspectionRequestError('not_found', `expected the ID of an open or lately closed connection, received ${JSON.stringify(request.params.connectionId.slice(0, 100))}`);
        return details;
      }
      case 'watchFrames':
        this.watcher.watchFrames(request.params.on);
        return { on: request.params.on };
      case 'frames':
        return inspector.frames(request.params);
      case 'frameBody':
        return inspector.frameBody(request.params.seq);
      case 'redeliver':
        return inspector.redeliver(request.params.seq);
      case 'registerRun':
        inspector.registerRun(request.params.runId, request.params.threadId, request.params.metadata);
        return { registered: true };
      case 'unregisterRun':
        return { removed: inspector.unregisterRun(request.params.runId) };
      case 'setDialect':
        inspector.setDialect(request.params.dialect);
        return { dialect: request.params.dialect };
      case 'setBehaviours':
        return { behaviours: inspector.setBehaviours(request.params.profile, request.params.behaviours) };
      case 'setFaults':
        return { faults: inspector.setFaults(request.params.faults) };
    }
  }

  private reply(message: ReplyMessage): void {
    this.sink.send(JSON.stringify(message));
  }

  private describe(error: unknown): { reason: string; message: string } {
    if (
      error instanceof InspectionRequestError || error instanceof RedeliveryError || error instanceof PatternError ||
      error instanceof InvalidRunIdError || error instanceof ThreadResolutionError
    ) {
      return { reason: error.reason, message: error.message };
    }
    if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return { reason: error.reason, message: error.message };
    const message = error instanceof Error ? error.message : String(error);
    this.log(`inspection: ${message}`);
    return { reason: 'internal', message };
  }
}
