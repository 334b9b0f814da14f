import { RecordedMembership, type RecordingEntry, type Reminter } from '../../core/index';

/** What a client that connects is sent, and what it is waited for to send; `t` in milliseconds since it opened. */
export type ServedStep =
  | { readonly kind: 'send'; readonly t: number; readonly text?: string; readonly base64?: string }
  /** The recorded client sent something here, which may be what the server answered. */
  | { readonly kind: 'sent'; readonly t: number }
  | { readonly kind: 'close'; readonly t: number; readonly code: number | undefined; readonly reason: string | undefined };

/** A recorded connection as its server played it. */
export interface ServedConnection {
  readonly id: string;
  readonly user: string | undefined;
  readonly threads: Set<string>;
  readonly steps: ServedStep[];
}

/** Steps of all connections, those sent to many counted for each. */
const MOST_STEPS = 2_000_000;

/** Gathers what the server did, connection by connection. */
export class ServedPlanner {
  readonly connections: ServedConnection[] = [];
  private readonly open = new Map<string, { readonly connection: ServedConnection; readonly at: number }>();
  private readonly membership = new RecordedMembership();
  private steps = 0;

  /** @param mint gives IDs anew */
  constructor(private readonly mint: Reminter | undefined) {}

  /** @throws {RangeError} when there is more than can be held. */
  take(entry: RecordingEntry): void {
    const id = this.mint ? this.mint.id : (text: string): string => text;
    if (entry.kind === 'connection_opened') {
      const connection: ServedConnection = { id: id(entry.connection), user: entry.user === undefined ? undefined : id(entry.user), threads: new Set(entry.threads.map(id)), steps: [] };
      this.connections.push(connection);
      this.open.set(entry.connection, { connection, at: entry.t });
    } else if (entry.kind === 'association') this.open.get(entry.connection)?.connection.threads.add(id(entry.thread));
    else if (entry.kind === 'connection_closed') this.put(entry.connection, entry.t, (t) => ({ kind: 'close', t, code: entry.code, reason: entry.reason }));
    else if (entry.kind === 'frame' && entry.peer === 'client') {
      if (entry.direction === 'in') this.put(entry.connection ?? '', entry.t, (t) => ({ kind: 'sent', t }));
      else if (!entry.truncated) {
        const body = entry.text === undefined ? { base64: entry.base64 ?? '' } : { text: this.mint?.body(entry.text) ?? entry.text };
        for (const connection of this.membership.recipients(entry)) this.put(connection, entry.t, (t) => ({ kind: 'send', t, ...body }));
      }
    }
    this.membership.take(entry);
  }

  private put(connection: string, t: number, step: (t: number) => ServedStep): void {
    const open = this.open.get(connection);
    if (!open) return;
    if (++this.steps > MOST_STEPS) throw new RangeError(`expected at most ${MOST_STEPS} messages counted once for each recipient, received more`);
    open.connection.steps.push(step(t - open.at));
  }
}
