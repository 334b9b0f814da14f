import type { ConnectionMoment } from '../../protocol/inspection';

/** What happened to a connection, in order, bounded: the first moments are kept, then the newest. */
export class Timeline {
  private list = NOTHING;

  constructor(private readonly limit: number) {}

  add(moment: ConnectionMoment): void {
    if (this.list === NOTHING) {
      // Most connections have one moment and no more; a list that grows by itself makes room for sixteen.
      this.list = [moment];
      return;
    }
    let at = this.list.length;
    // An event may have come before the connection that missed it; the timeline tells it where it happened.
    while (at > 0 && (this.list[at - 1]?.at ?? 0) > moment.at) at--;
    this.list.splice(at, 0, moment);
    if (this.list.length > this.limit) this.list.splice(Math.floor(this.limit / 4), 1);
  }

  /** All of them, with the connection's beginning in its place: it is not kept, as every connection has it. */
  moments(beginning: ConnectionMoment): readonly ConnectionMoment[] {
    const before = this.list.filter((moment) => moment.at < beginning.at);
    return [...before, beginning, ...this.list.slice(before.length)];
  }
}

/** The one empty list that new timelines share. */
const NOTHING: ConnectionMoment[] = [];
