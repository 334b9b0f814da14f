import type { RecordedFrame, RecordingEntry } from '../../../core/index';
import type { DeliveryInfo } from '../../../protocol/inspection';

/** Newest deliveries that are kept, as many as views show. */
const MOST_DELIVERIES = 1_000;

/** The deliveries of a recording, with what became of them at last. */
export class RecordedDeliveries {
  private readonly newest = new Map<number, DeliveryInfo>();
  private without = 0;

  /** @param byTap a tap sees no agents: what goes out to a client is the delivery */
  constructor(
    private readonly startedAt: number,
    private readonly byTap: boolean,
  ) {}

  take(entry: RecordingEntry): void {
    if (entry.kind === 'delivery') {
      const known = this.newest.get(entry.delivery);
      if (!known) return;
      const { reason: _before, ...rest } = known;
      this.newest.set(entry.delivery, { ...rest, outcome: entry.outcome, connections: entry.connections, ...(entry.reason === undefined ? {} : { reason: entry.reason }) });
    } else if (entry.kind === 'frame' && entry.outcome !== undefined) this.takeFrame(entry);
  }

  /** Oldest first. */
  all(): DeliveryInfo[] {
    return [...this.newest.values()];
  }

  private takeFrame(frame: RecordedFrame): void {
    const { outcome, recipients, delivery, t, type = '', run, thread, bytes, connection, misrouted } = frame;
    if (outcome === undefined) return;
    // The frame that went out says to how many; the one that came in is the delivery.
    if (frame.peer !== 'agent' && !this.byTap) {
      const known = delivery === undefined ? undefined : this.newest.get(delivery);
      if (known && recipients !== undefined) this.newest.set(known.seq, { ...known, connections: recipients });
      return;
    }
    const seq = delivery ?? --this.without;
    const agentName = agentIn(frame.text);
    this.newest.set(seq, {
      seq, at: this.startedAt + t, type, ...(run === undefined ? {} : { runId: run }), ...(thread === undefined ? {} : { threadId: thread }),
      ...(agentName === undefined ? {} : { agentName }), outcome, connections: this.byTap ? 1 : 0, bytes,
      ...(misrouted ? { misrouted, expected: `a connection of ${misrouted.expected}`, received: `${connection ?? 'a connection'}, which is on ${misrouted.received}` } : {}),
    });
    if (this.newest.size <= MOST_DELIVERIES) return;
    for (const oldest of this.newest.keys()) {
      this.newest.delete(oldest);
      break;
    }
  }
}

/** The name of the agent in an event. */
export function agentIn(text: string | undefined): string | undefined {
  try {
    const { agent_name: name } = JSON.parse(text ?? '') as { agent_name?: unknown };
    return typeof name === 'string' ? name.slice(0, 1024) : undefined;
  } catch {
    return undefined;
  }
}
