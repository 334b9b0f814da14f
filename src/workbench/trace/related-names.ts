import { type FormatTable, type IdKind, type LogMessage, readRunId, scanText } from '../../core/index';
import { Needle } from './search/byte-memory';
import { distinctivePart, threadsOf, type TraceTarget } from './trace-target';
import type { Relation } from './trace-entry';

/** Names followed beyond the traced ID; a thread has a handful. */
const MOST_NAMES = 64;
/** Judgements on IDs that are remembered. */
const MOST_REMEMBERED = 10_000;
/** Users whose ID is shorter are looked for together with the word before it. */
const LEAST_USER = 8;

/** Messages by which connections of a user get or lose the thread. */
const USER_KINDS: ReadonlySet<string> = new Set([
  'connected', 'closed', 'user-disconnected', 'associated', 'association-refused', 'association-too-early', 'association-claimed',
  'association-confirmed', 'association-failed', 'switched-thread', 'no-connections-for-user', 'user-has-no-connections',
]);
/** Messages that say which user's connections have the thread. */
const BINDS_USER: ReadonlySet<string> = new Set(['associated', 'switched-thread', 'association-claimed', 'association-confirmed', 'association-too-early']);
/** Messages that move connections to another thread: they belong to the trace of the thread they leave. */
const MOVES: ReadonlySet<string> = new Set(['associated', 'connection-associated', 'switched-thread', 'association-claimed', 'association-confirmed']);

/** A name that is followed, with where it was learnt, so that only what lies before is searched again. */
export interface FollowedName {
  readonly name: string;
  readonly kind: 'target' | 'run' | 'thread' | 'connection' | 'user';
  readonly needles: readonly Needle[];
}

/** What a line has to do with the trace. */
export interface Judgement {
  readonly relation: Relation;
  /** Names that the line taught. */
  readonly learnt: readonly FollowedName[];
}

/**
 * Everything the traced ID is known by: the thread it routes to, its runs, the connections and users that have the thread.
 * It grows as lines tell more (DOMAIN 2, FIELD_GUIDE 4.3: associations go by user).
 */
export class RelatedNames {
  readonly followed: FollowedName[] = [];
  readonly threads = new Set<string>();
  readonly runs = new Set<string>();
  readonly connections = new Set<string>();
  readonly users = new Set<string>();
  /** More names came up than are followed. */
  overflowed = false;
  private readonly core: string;
  /** Tokens judged before. */
  private readonly tokens = new Map<string, boolean>();
  private readonly kinds = new Map<string, IdKind | undefined>();

  /** @param table the formats that IDs are read by; default the built-in ones */
  constructor(
    private readonly target: TraceTarget,
    private readonly table?: FormatTable,
  ) {
    const { id, kind, threadId } = target;
    this.core = distinctivePart(threadId ?? id);
    this.follow(id, 'target', [distinctivePart(id)]);
    if (threadId !== undefined) {
      this.threads.add(threadId);
      // The ID of a run that carries its thread is found by the thread already.
      this.followed.length = 0;
      this.follow(id, 'target', [this.core]);
    }
    if (kind === 'run') this.runs.add(id);
    if (kind === 'connection') this.connections.add(id);
  }

  /** Adds what another source of truth knows, such as a running router. */
  addThread(threadId: string): void {
    this.learn(threadId, 'thread', []);
  }

  /** Whether the line belongs to the trace, and what it teaches. */
  judge(line: string, message: LogMessage | undefined): Judgement | undefined {
    const ids = idsIn(line, this.table);
    const direct = ids.some((id) => this.isDirect(id)) || this.isNamedBy(message) || (this.target.kind === 'unknown' && line.includes(this.target.id));
    if (direct) {
      // In the trace of one run, lines about other runs of its thread are other stories.
      if (this.target.kind === 'run' && this.isOtherRun(ids, message)) return undefined;
      return { relation: 'direct', learnt: this.learnFrom(ids, message) };
    }
    const connection = ids.find((id) => this.connections.has(id));
    if (connection !== undefined) {
      const isElsewhere = ids.some((id) => id !== connection && this.namesOtherThread(id));
      return isElsewhere && !(message !== undefined && MOVES.has(message.id)) ? undefined : { relation: 'connection', learnt: [] };
    }
    const user = message?.userId?.value;
    if (message === undefined || user === undefined || !this.users.has(user) || !USER_KINDS.has(message.id)) return undefined;
    const learnt: FollowedName[] = [];
    if (message.id === 'connected' && message.connectionId !== undefined) this.learn(message.connectionId.value, 'connection', learnt);
    return { relation: 'user', learnt };
  }

  /** Whether the ID stands for what is traced. */
  private isDirect(id: string): boolean {
    const { target } = this;
    if (id === target.id || this.runs.has(id) || this.threads.has(id)) return true;
    if (target.threadId === undefined && this.threads.size === 0) return false;
    let known = this.tokens.get(id);
    if (known === undefined) {
      known = [...threadsOf(id, this.table)].some((thread) => this.threads.has(thread)) || this.isThreadWithoutPrefix(id);
      if (this.tokens.size >= MOST_REMEMBERED) this.tokens.clear();
      this.tokens.set(id, known);
    }
    return known;
  }

  /** The thread's ID without its prefix, or with the prefix twice: mismatches that are looked for (FIELD_GUIDE 6.1, F9 and F10). */
  private isThreadWithoutPrefix(id: string): boolean {
    return this.core.length >= 6 && id.replace(/^(?:thread_)+/, '') === this.core && /\d/.test(this.core);
  }

  private isNamedBy(message: LogMessage | undefined): boolean {
    if (message === undefined) return false;
    const named = [message.threadId?.value, message.runId?.value];
    return named.some((id) => id !== undefined && this.isDirect(id));
  }

  private isOtherRun(ids: readonly string[], message: LogMessage | undefined): boolean {
    if (ids.includes(this.target.id)) return false;
    const run = message?.runId?.value;
    if (run !== undefined) return !this.runs.has(run) && !this.threads.has(run);
    return ids.length > 0 && ids.every((id) => !this.threads.has(id) && !this.runs.has(id) && id !== this.core);
  }

  private namesOtherThread(id: string): boolean {
    const kind = this.kindOf(id);
    return (kind === 'thread' || kind === 'run') && !this.isDirect(id);
  }

  /** Of its best reading. A log says the same IDs again and again. */
  private kindOf(id: string): IdKind | undefined {
    if (!this.kinds.has(id)) {
      if (this.kinds.size >= MOST_REMEMBERED) this.kinds.clear();
      this.kinds.set(id, readRunId(id, { table: this.table })[0]?.kind);
    }
    return this.kinds.get(id);
  }

  private learnFrom(ids: readonly string[], message: LogMessage | undefined): FollowedName[] {
    const learnt: FollowedName[] = [];
    const { kind } = this.target;
    const run = message?.runId?.value;
    const thread = message?.threadId?.value;
    if (kind === 'run' && run === this.target.id && thread !== undefined && thread !== run) this.learn(thread, 'thread', learnt);
    if (kind === 'thread' && run !== undefined && thread !== undefined && this.threads.has(thread)) this.learn(run, 'run', learnt);
    if (kind === 'connection') return learnt;
    const strangers = ids.some((id) => this.namesOtherThread(id));
    if (!strangers) for (const id of ids) if (this.kindOf(id) === 'connection') this.learn(id, 'connection', learnt);
    const user = message?.userId?.value;
    if (message !== undefined && user !== undefined && BINDS_USER.has(message.id) && thread !== undefined && this.threads.has(thread)) {
      this.learn(user, 'user', learnt);
    }
    return learnt;
  }

  private learn(name: string, kind: FollowedName['kind'], learnt: FollowedName[]): void {
    const known = this.setOf(kind);
    if (name.length < 2 || name.length > 512 || known.has(name)) return;
    if (this.followed.length >= MOST_NAMES) {
      this.overflowed = true;
      return;
    }
    known.add(name);
    this.tokens.clear();
    // What carries the traced ID in itself is found anyway.
    if (name.includes(this.core)) return;
    const isShort = kind === 'user' && (name.length < LEAST_USER || !/\d/.test(name));
    const followed = this.follow(name, kind, isShort ? [`user ${name}`, `user=${name}`, `User ${name}`] : [kind === 'user' ? name : distinctivePart(name)]);
    learnt.push(followed);
  }

  private setOf(kind: FollowedName['kind']): Set<string> {
    if (kind === 'thread') return this.threads;
    if (kind === 'connection') return this.connections;
    return kind === 'user' ? this.users : this.runs;
  }

  private follow(name: string, kind: FollowedName['kind'], texts: readonly string[]): FollowedName {
    const followed = { name, kind, needles: texts.map((text) => new Needle(text, kind === 'user' || kind === 'connection')) };
    this.followed.push(followed);
    return followed;
  }
}

/** The IDs in a line; a line may be long, a story is told by its beginning. */
function idsIn(line: string, table: FormatTable | undefined): string[] {
  const ids: string[] = [];
  for (const { text } of scanText(line.length > 20_000 ? line.slice(0, 20_000) : line, { table })) {
    if (!ids.includes(text)) ids.push(text);
    if (ids.length >= 40) break;
  }
  return ids;
}
