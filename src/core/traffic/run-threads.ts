import type { Clock } from '../clock';
import { extractThreadId } from '../ids/extract-thread-id';
import { ThreadRunRegistry } from '../registry/thread-run-registry';
import type { Dialect } from '../resolution/resolution';

export interface RunThreadsOptions {
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Most runs remembered; the oldest go first. */
  readonly most: number;
}

/** Which thread a run belongs to: what its ID says, else what the traffic said first. */
export class RunThreads {
  /** What the traffic said, for runs whose ID says nothing. */
  readonly learned: ThreadRunRegistry;

  constructor(private readonly options: RunThreadsOptions) {
    this.learned = new ThreadRunRegistry({ clock: options.clock, maxEntries: options.most });
  }

  /**
   * The thread of a run, undefined when nobody said.
   * The ID goes before what was learned: it was made with the thread, and a message that went astray cannot change it.
   */
  threadOf(runId: string): string | undefined {
    return extractThreadId(runId, this.options.dialect)?.threadId ?? this.learned.getThread(runId);
  }

  /** Takes in that a message named a run and a thread together. The first to say so is believed. */
  learn(runId: string, threadId: string): void {
    if (this.threadOf(runId) === undefined) this.learned.register(runId, threadId, { source: 'traffic' });
  }
}
