import { recogniseLogMessage } from '../../core/index';

/** Lines looked back from a message that reached nobody. */
const LOOKED_BACK = 400;
/** Such messages whose surroundings are looked at: the first ones tell. */
const MOST_LOOKS = 8;
const MOST_LINES = 1000;

const TELLS = /connect|ssociat|switched to thread/;
const KINDS: ReadonlySet<string> = new Set(['connected', 'closed', 'user-disconnected', 'associated', 'connection-associated', 'switched-thread']);

/** A line about connections of others: no part of the trace, but what a diagnosis compares with. */
export interface Surrounding {
  readonly time: number;
  readonly raw: string;
}

/**
 * Who else was connected when a message reached nobody. The trace itself has only what belongs to its thread; that a client
 * listens on an ID one character away is told by the lines of others.
 */
export class Surroundings {
  readonly lines: Surrounding[] = [];
  private readonly seen = new Set<string>();
  private looks = 0;

  /** @param before the lines before the one that tells of the loss, nearest first */
  look(before: Iterable<string>): void {
    if (this.looks++ >= MOST_LOOKS) return;
    let looked = 0;
    for (const raw of before) {
      if (++looked > LOOKED_BACK || this.lines.length >= MOST_LINES) return;
      if (!TELLS.test(raw) || this.seen.has(raw)) continue;
      const message = recogniseLogMessage(raw);
      if (message?.time === undefined || !KINDS.has(message.id)) continue;
      this.seen.add(raw);
      this.lines.push({ time: message.time, raw });
    }
  }
}
