import type { FormatTable } from '../../core/index';
import type { L10nApi } from '../vscode-api';
import { noteOf } from './describe-fault';
import { readLine } from './read-line';
import { Surroundings } from './surroundings';
import { type FollowedName, RelatedNames } from './related-names';
import type { ByteSource } from './search/byte-source';
import { type InspectedSource, inspectSource } from './search/inspect-source';
import { type FoundLine, LineScanner, LONGEST_LINE, type SearchedNeedle } from './search/line-scanner';
import { inOrder } from './search/source-order';
import { connectionSpans } from './timeline/connection-spans';
import { findBreak } from './timeline/find-break';
import { markEntries } from './timeline/mark-entries';
import { mergeEntries } from './timeline/merge-entries';
import { pruneBystanders } from './timeline/prune-bystanders';
import type { Trace, TraceEntry, TraceNote } from './trace-entry';
import { targetOf } from './trace-target';

/** Lines kept of one trace, and their characters in all: what bounds its memory. */
const MAX_LINES = 50_000;
const MOST_CHARACTERS = 32_000_000;
const KEPT_RAW = 8192;

export interface TraceProgress {
  /** Of the work, between 0 and 1. */
  readonly done: number;
  readonly lines: number;
}

export interface TraceRequest {
  /** Says what the timeline says. */
  readonly api: L10nApi;
  /** The formats that IDs are read by; default the built-in ones. */
  readonly table?: FormatTable;
  readonly id: string;
  readonly sources: readonly ByteSource[];
  /** What a running router's journal has, in order. */
  readonly journal?: readonly TraceEntry[];
  /** Threads that a running router knows for the ID. */
  readonly threadIds?: readonly string[];
  /** Notes made while the sources were looked for. */
  readonly notes?: readonly TraceNote[];
  readonly signal?: AbortSignal;
  /** Lines kept at most; default 50,000. */
  readonly maxLines?: number;
  readonly onProgress?: (progress: TraceProgress) => void;
}

/**
 * Follows a run, a thread or a connection over logs: finds the lines that name it by a search over bytes, takes only those
 * apart, learns on the way which connections and users have the thread, and searches again for these where they were not
 * known yet. Memory does not grow with the logs. What cannot be read is noted and the rest goes on; an aborted trace
 * answers what it has.
 */
export function traceLogs(request: TraceRequest): Promise<Trace> {
  return new Tracing(request).run();
}

interface Place {
  readonly source: number;
  readonly offset: number;
}

class Tracing {
  private readonly begun = performance.now();
  private readonly names: RelatedNames;
  private readonly notes: TraceNote[];
  /** Where a name was first known; before it the first pass could not look for it. */
  private readonly learntAt = new Map<FollowedName, Place>();
  private readonly raw = new WeakMap<TraceEntry, string>();
  private readonly surroundings = new Surroundings();
  private entries: TraceEntry[][] = [];
  private readonly offsets: Set<number>[] = [];
  private kept = 0;
  private characters = 0;
  private left = 0;
  private bytes = 0;
  private passes = 0;

  constructor(private readonly request: TraceRequest) {
    this.names = new RelatedNames(targetOf(request.id, request.table), request.table);
    for (const threadId of request.threadIds ?? []) this.names.addThread(threadId);
    this.notes = [...(request.notes ?? [])];
  }

  async run(): Promise<Trace> {
    const sources = await this.inspect();
    this.entries = sources.map(() => []);
    for (const _ of sources) this.offsets.push(new Set());
    const scanner = new LineScanner();
    const total = 2 * sources.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (let pass = 1; pass <= 2; pass++) {
      for (const [index, source] of sources.entries()) {
        if (!this.isAborted && (pass === 1 || this.needlesOf(index, pass).length > 0)) {
          this.passes = pass;
          await this.scan(scanner, source, index, pass, (used) => this.report(before + used, total));
        }
        before += source.size;
      }
    }
    return this.finish(sources.length);
  }

  private get maxLines(): number {
    return this.request.maxLines ?? MAX_LINES;
  }

  private get isAborted(): boolean {
    return this.request.signal?.aborted === true;
  }

  private report(done: number, total: number): void {
    this.request.onProgress?.({ done: total === 0 ? 1 : Math.min(1, done / total), lines: this.kept });
  }

  private async inspect(): Promise<InspectedSource[]> {
    const readable: InspectedSource[] = [];
    const seen = new Set<string>();
    for (const source of this.request.sources) {
      if (this.isAborted) break;
      if (seen.has(source.uri)) continue;
      seen.add(source.uri);
      try {
        readable.push(await inspectSource(source));
      } catch (error) {
        this.notes.push(noteOf(this.request.api, source.label, error));
      }
    }
    return inOrder(readable);
  }

  private async scan(scanner: LineScanner, { source, origin }: InspectedSource, index: number, pass: number, progress: (used: number) => void): Promise<void> {
    let known = -1;
    let needles: readonly SearchedNeedle[] = [];
    try {
      const { reader } = await source.open();
      try {
        this.bytes += await scanner.scan(reader, {
          needles: () => {
            if (known !== this.names.followed.length) {
              known = this.names.followed.length;
              needles = this.needlesOf(index, pass);
            }
            return needles;
          },
          line: (line) => this.take(line, index, origin),
          longLine: (number) => {
            if (pass === 1) this.note(origin.label, 'long-line', this.request.api.l10n.t('line {0}: expected at most {1} bytes, received more; it is shown in part', number, LONGEST_LINE));
          },
          progress,
          signal: this.request.signal,
        });
        if (reader.failure !== undefined && pass === 1) this.notes.push(noteOf(this.request.api, origin.label, reader.failure));
      } finally {
        await reader.close();
      }
    } catch (error) {
      // The second pass would only say the same again.
      if (pass === 1 || !this.notes.some((note) => note.source === origin.label)) this.notes.push(noteOf(this.request.api, origin.label, error));
    }
  }

  private note(source: string, reason: TraceNote['reason'], message: string): void {
    const same = this.notes.filter((note) => note.source === source && note.reason === reason);
    if (same.length < 3) this.notes.push({ source, reason, message });
  }

  /** In the first pass everything that is known, from where it is known; in the second what was not known yet. */
  private needlesOf(source: number, pass: number): SearchedNeedle[] {
    return this.names.followed.flatMap((followed) => {
      const at = this.learntAt.get(followed);
      let until = Infinity;
      if (pass === 2) {
        if (at === undefined) return [];
        if (at.source < source) return [];
        if (at.source === source) until = at.offset;
      }
      return followed.needles.map((needle) => ({ needle, until }));
    });
  }

  private take(line: FoundLine, source: number, origin: TraceEntry['origin']): 'next' | undefined {
    const offsets = this.offsets[source];
    const entries = this.entries[source];
    if (offsets === undefined || entries === undefined || offsets.has(line.offset)) return undefined;
    if (line.isAsked && !line.text.includes('Sample connection thread_ids')) return this.takeFound(line, source, origin, offsets, entries, undefined);
    return this.takeFound(line, source, origin, offsets, entries, line.isAsked ? 'context' : undefined);
  }

  private takeFound(
    line: FoundLine,
    source: number,
    origin: TraceEntry['origin'],
    offsets: Set<number>,
    entries: TraceEntry[],
    asked: 'context' | undefined,
  ): 'next' | undefined {
    const { message, entry } = readLine(this.request.api, line.text, () => line.before());
    const judgement = this.names.judge(line.text, message);
    for (const followed of judgement?.learnt ?? []) this.learntAt.set(followed, { source: this.passes === 1 ? source : this.entries.length, offset: line.offset });
    const relation = judgement?.relation ?? asked;
    if (relation === undefined) return undefined;
    if (this.kept >= this.maxLines || this.characters >= MOST_CHARACTERS) {
      this.left++;
      return undefined;
    }
    this.kept++;
    this.characters += Math.min(line.text.length, KEPT_RAW) + entry.text.length;
    const complete: TraceEntry = { ...entry, relation, origin, line: line.number, marks: [] };
    this.raw.set(complete, line.text.slice(0, KEPT_RAW));
    entries.push(complete);
    offsets.add(line.offset);
    if (message?.id !== 'no-connections-for-thread' && message?.id !== 'no-active-connections') return undefined;
    this.surroundings.look(line.before());
    return message.id === 'no-connections-for-thread' ? 'next' : undefined;
  }

  private finish(sources: number): Trace {
    const { api, id, journal = [], table } = this.request;
    const { l10n } = api;
    const bySource = this.entries.map((entries) => entries.sort((a, b) => a.line - b.line));
    const merged = pruneBystanders(mergeEntries([...bySource, journal]));
    if (this.left > 0) {
      const [most, found] = [this.maxLines, this.kept + this.left].map((count) => count.toLocaleString('en'));
      this.note('', 'too-many-lines', l10n.t('expected at most {0} lines, received {1}: the others are left out', most ?? '', found ?? ''));
    }
    if (this.names.overflowed) this.note('', 'too-many-names', l10n.t('more connections, users and runs belong to this than are followed; some of their lines are left out'));
    if (this.isAborted) this.note('', 'cancelled', l10n.t('the trace was cancelled; this is what was found until then'));
    const found = findBreak(api, merged, (entry) => this.raw.get(entry), this.surroundings.lines, this.left === 0 && !this.isAborted, table);
    const entries = markEntries(api, merged).map((entry, i) => {
      const more = found.marks.get(i);
      return more === undefined ? entry : { ...entry, marks: [...more, ...entry.marks] };
    });
    const { threads, runs } = this.names;
    return {
      id,
      threadIds: [...threads],
      runIds: [...runs],
      verdict: found.verdict,
      ...(found.broke === undefined ? {} : { broke: found.broke }),
      diagnoses: found.diagnoses,
      entries,
      counts: countKinds(entries),
      connections: connectionSpans(api, entries, threads),
      notes: this.notes,
      searched: { sources, bytes: this.bytes, passes: this.passes, durationMs: performance.now() - this.begun },
      cancelled: this.isAborted,
    };
  }
}

function countKinds(entries: readonly TraceEntry[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { kind } of entries) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
