import type { RecordedFrame, RecordingEntry } from './recording';

/** Who was on which thread at each point of a recording: tells to whom a frame that stands for many went. */
export class RecordedMembership {
  private readonly byThread = new Map<string, Set<string>>();
  private readonly byConnection = new Map<string, Set<string>>();

  /** Takes entries in their order. */
  take(entry: RecordingEntry): void {
    if (entry.kind === 'connection_opened') {
      this.byConnection.set(entry.connection, new Set());
      // A thread in the URL may still be refused; the association says that it was not.
      if (entry.already_open) for (const thread of entry.threads) this.join(entry.connection, thread);
    } else if (entry.kind === 'association') {
      if (entry.what === 'associated') this.join(entry.connection, entry.thread);
      else this.leave(entry.connection, entry.thread);
    } else if (entry.kind === 'connection_closed') {
      for (const thread of this.byConnection.get(entry.connection) ?? []) this.byThread.get(thread)?.delete(entry.connection);
      this.byConnection.delete(entry.connection);
    }
  }

  /** The connections that got a frame the server sent, in the order in which they joined; none for one it received. */
  recipients(frame: RecordedFrame): readonly string[] {
    if (frame.direction === 'in' || frame.peer === 'agent' || frame.discarded) return [];
    if (frame.connection !== undefined) return [frame.connection];
    const on = frame.thread === undefined ? undefined : this.byThread.get(frame.thread);
    if (!on) return [];
    if (frame.skipped === undefined) return [...on];
    const skipped = new Set(frame.skipped);
    return [...on].filter((connection) => !skipped.has(connection));
  }

  private join(connection: string, thread: string): void {
    const on = this.byThread.get(thread);
    if (on) on.add(connection);
    else this.byThread.set(thread, new Set([connection]));
    this.byConnection.get(connection)?.add(thread);
  }

  private leave(connection: string, thread: string): void {
    this.byThread.get(thread)?.delete(connection);
    this.byConnection.get(connection)?.delete(thread);
  }
}
