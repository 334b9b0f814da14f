import { extractThreadId, nearMisses } from '../../core/index';
import type { NearMiss } from '../../protocol/delivery';
import type { RouterModel } from '../model/router-model';
import type { Thread } from '../model/thread';
import type { Failure } from './delivery-log';

/** Milliseconds in each second that may go into looking for near misses while events come in. */
const BUDGET_MS = 100;
const WINDOW_MS = 1_000;

/** Says why nobody gets the events of a thread, and who nearly would. */
export class AbsenceExplainer {
  private windowStart = 0;
  private spent = 0;

  constructor(private readonly model: RouterModel) {}

  /** Why an event for the thread waits. The answer is kept until somebody comes or goes. */
  explain(thread: Thread): Failure {
    if (thread.absence?.presence === this.model.presence) return thread.absence.failure;
    const misses = this.misses(thread.id);
    const failure = this.describe(thread, misses ?? []);
    // Without near misses, which cost too much just now, the next event shall try again.
    if (misses) thread.absence = { presence: this.model.presence, failure };
    return failure;
  }

  /** Live threads close to that ID, however long it takes (bounded by core). */
  nearMisses(id: string): readonly NearMiss[] {
    return nearMisses(id, this.live()).map(({ threadId, connections, why }) => ({ thread_id: threadId, connections, why }));
  }

  /** `nearMisses` within the budget; undefined when it is used up. */
  misses(id: string): readonly NearMiss[] | undefined {
    const now = performance.now();
    if (now - this.windowStart > WINDOW_MS) {
      this.windowStart = now;
      this.spent = 0;
    }
    if (this.spent > BUDGET_MS) return undefined;
    const found = this.nearMisses(id);
    this.spent += performance.now() - now;
    return found;
  }

  private *live(): Iterable<{ id: string; connections: number }> {
    for (const { id, connections } of this.model.threads.values()) {
      if (connections.size > 0) yield { id, connections: connections.size };
    }
  }

  private describe(thread: Thread, misses: readonly NearMiss[]): Failure {
    const { connections, unassociated } = this.model;
    const found = misses.length > 0 ? { nearMisses: misses } : {};
    if (thread.connections.size > 0) {
      return {
        reason: `Everybody on ${thread.id} reads too slowly; the event waits.`,
        expected: `a connection on ${thread.id} that reads`,
        received: `${thread.connections.size} on it with more than ${this.model.limits.softBufferBytes} unread bytes`,
        ...found,
      };
    }
    const own = thread.id.includes('_run_') ? extractThreadId(thread.id, 'fix')?.threadId : undefined;
    const composite = own === undefined || own === thread.id ? '' : ` That is a composite run ID, not a thread: its own thread is ${own}.`;
    const total = connections.size;
    const alone = unassociated === 0 ? '' : `, ${unassociated} without any thread`;
    return {
      reason: `Nobody is connected to ${thread.id}; the event waits.${composite}`,
      expected: `a connection on ${thread.id}`,
      received: total === 0 ? 'no connections at all' : `${total} ${total === 1 ? 'connection' : 'connections'}, none on it${alone}`,
      ...found,
    };
  }
}
