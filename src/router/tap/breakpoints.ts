import type { TrafficIds } from '../../core/index';
import type { BreakpointInfo, BreakpointRule } from '../../protocol/breakpoints';
import type { FrameDirection } from '../../protocol/inspection';
import { InspectionRequestError } from '../inspection/inspection-request';

/** What a rule is held against. */
export interface Candidate {
  readonly direction: FrameDirection;
  readonly ids: TrafficIds;
  /** Threads of its connection. */
  readonly threads: readonly string[];
  readonly data: Buffer;
  readonly binary: boolean;
}

interface Breakpoint {
  info: BreakpointInfo;
  /** The text as bytes: searching those needs no decoding. */
  readonly needle: Buffer | undefined;
}

/** The breakpoints of a tap, in the order in which they were made. */
export class Breakpoints {
  private readonly entries = new Map<number, Breakpoint>();
  private lastId = 0;

  constructor(
    private readonly most: number,
    private readonly changed: () => void,
  ) {}

  /** Whether nothing can be held now. */
  get none(): boolean {
    return this.entries.size === 0;
  }

  list(): readonly BreakpointInfo[] {
    return Array.from(this.entries.values(), ({ info }) => info);
  }

  /** @throws {InspectionRequestError} when there are too many. */
  add(rule: BreakpointRule, enabled: boolean): BreakpointInfo {
    if (this.entries.size >= this.most) throw new InspectionRequestError('bad_params', `expected at most ${this.most} breakpoints`);
    const { direction, type, threadId, runId, text } = rule;
    const info: BreakpointInfo = {
      id: ++this.lastId,
      direction,
      ...(type === undefined ? {} : { type }),
      ...(threadId === undefined ? {} : { threadId }),
      ...(runId === undefined ? {} : { runId }),
      ...(text === undefined ? {} : { text }),
      enabled,
      hits: 0,
    };
    this.entries.set(info.id, { info, needle: text === undefined ? undefined : Buffer.from(text) });
    this.changed();
    return info;
  }

  remove(id: number): boolean {
    const removed = this.entries.delete(id);
    if (removed) this.changed();
    return removed;
  }

  /** @throws {InspectionRequestError} for an unknown one. */
  enable(id: number, enabled: boolean): BreakpointInfo {
    const entry = this.entries.get(id);
    if (!entry) throw new InspectionRequestError('not_found', `expected the number of a breakpoint, received ${id}`);
    entry.info = { ...entry.info, enabled };
    this.changed();
    return entry.info;
  }

  /** The first enabled breakpoint that fits. */
  find(candidate: Candidate): number | undefined {
    for (const [id, { info, needle }] of this.entries) if (info.enabled && fits(info, needle, candidate)) return id;
    return undefined;
  }

  hit(id: number): void {
    const entry = this.entries.get(id);
    if (entry) entry.info = { ...entry.info, hits: entry.info.hits + 1 };
    this.changed();
  }
}

function fits(rule: BreakpointRule, needle: Buffer | undefined, { direction, ids, threads, data }: Candidate): boolean {
  if (rule.direction !== direction) return false;
  if (rule.type !== undefined && rule.type !== ids.type) return false;
  if (rule.runId !== undefined && rule.runId !== ids.runId) return false;
  // What names a thread is about that one; anything else is about those of its connection.
  if (rule.threadId !== undefined && (ids.threadId === undefined ? !threads.includes(rule.threadId) : rule.threadId !== ids.threadId)) return false;
  return needle === undefined || data.includes(needle);
}
