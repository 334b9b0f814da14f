import { type Behaviour, type BehaviourOverrides, behavioursOf, type Dialect, type FaultRule, isBlank, parseFaultRules, type Profile } from '../../core/index';
import type { DeliveryReceipt } from '../../protocol/delivery';
import type { ConnectionDetails, FrameQuery, InspectionMethods, LiveAnswer } from '../../protocol/inspection';
import type { Alterations } from '../behaviour/alterations';
import type { ClientEndpoint } from '../client/client-endpoint';
import type { AbsenceExplainer } from '../delivery/absence';
import type { Dispatcher } from '../delivery/dispatcher';
import type { Durability } from '../durability';
import { findFrames, type FoundFrames } from '../journal/find-frames';
import { frameBody } from '../journal/frame-body';
import { LabelError } from '../model/label-error';
import { labelProblem } from '../model/label-problem';
import type { RouterModel } from '../model/router-model';
import type { RouterRegistry } from '../registry';
import { liveAnswer } from './live-answer';

export interface InspectorParts {
  readonly model: RouterModel;
  readonly registry: RouterRegistry;
  readonly absence: AbsenceExplainer;
  readonly dispatcher: Dispatcher;
  readonly clients: ClientEndpoint;
  readonly durability: Durability;
  readonly alterations: Alterations;
}

/** What may be asked of the router and done to it, the same for the inspection protocol and for HTTP. */
export class Inspector {
  constructor(private readonly parts: InspectorParts) {}

  /**
   * Resolves without side effects; a run that cannot be resolved is an answer, too.
   * @throws {InvalidRunIdError}
   */
  resolve(runId: string, dialect?: Dialect): LiveAnswer {
    const { model, registry, absence } = this.parts;
    return liveAnswer(runId, () => registry.explain(runId, dialect), model, absence);
  }

  simulate(event: InspectionMethods['simulate']['params']['event']): DeliveryReceipt {
    return this.parts.dispatcher.receiveOne(event).receipt;
  }

  connection(id: string): ConnectionDetails | undefined {
    return this.parts.model.connection(id)?.details();
  }

  disconnect(id: string, code = 1000, reason = 'disconnected from the workbench'): boolean {
    return this.parts.clients.disconnect(id, code, reason);
  }

  /** @throws {PatternError} for a regular expression that is refused. */
  frames(query: FrameQuery): FoundFrames {
    return findFrames(this.parts.model.journal, query);
  }

  frameBody(seq: number): InspectionMethods['frameBody']['result'] {
    return frameBody(this.parts.model.journal, seq);
  }

  /** @throws {RedeliveryError} */
  redeliver(seq: number): DeliveryReceipt {
    return this.parts.dispatcher.redeliver(seq);
  }

  /**
   * Registers a run; on disk when this returns.
   * @throws {LabelError} when one of the IDs is blank, too long, or has control characters: no client could join such a thread.
   * @throws {StorageError} when the disk refuses.
   */
  registerRun(runId: string, threadId: string, metadata?: Readonly<Record<string, unknown>>): void {
    const { model, registry, durability } = this.parts;
    for (const [what, id] of [['run_id', runId], ['thread_id', threadId]] as const) {
      if (isBlank(id)) throw new LabelError(what, 'a non-blank ID', JSON.stringify(id.slice(0, 20)));
      const problem = labelProblem(id, model.limits.labelLength);
      if (problem) throw new LabelError(what, problem.expected, problem.received);
    }
    registry.runs.register(runId, threadId, metadata);
    durability.now();
  }

  /** Answers whether the run was registered. @throws {StorageError} when the disk refuses. */
  unregisterRun(runId: string): boolean {
    const { registry, durability } = this.parts;
    const removed = registry.runs.unregister(runId);
    durability.now();
    return removed;
  }

  setDialect(dialect: Dialect): void {
    this.parts.registry.switchDialect(dialect);
    this.parts.model.changes.routerChanged();
  }

  /** @throws {UnknownOptionError} for a profile or a behaviour that does not exist. */
  setBehaviours(profile?: Profile, overrides?: BehaviourOverrides): readonly Behaviour[] {
    const { alterations } = this.parts;
    alterations.setBehaviours(behavioursOf(profile, overrides));
    return alterations.behaviours;
  }

  /** @throws {FaultRuleError} */
  setFaults(faults: unknown): readonly FaultRule[] {
    const { alterations } = this.parts;
    alterations.setFaults(parseFaultRules(faults));
    return alterations.faults;
  }
}
