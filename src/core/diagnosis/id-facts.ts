import { extractByIdManager, extractByRunIdGenerator } from '../ids/early-parsers';
import { extractThreadId } from '../ids/extract-thread-id';
import type { FormatTable } from '../ids/formats/format-table';
import { readDefined } from '../ids/read-run-id';
import { isSuspiciousThreadId } from '../ids/suspicion';
import { isValidThreadId, RUN_PREFIX, RUN_SEPARATOR, THREAD_PREFIX } from '../ids/thread-id';

/** IDs that stand for none (F15). */
const NONE = new Set(['', 'none', 'null', 'undefined', 'nan']);

/** Whether an ID says that there is none. */
export function isNone(id: string): boolean {
  return NONE.has(id.trim().toLowerCase());
}

/** Whether an ID names the run of a thread: `thread_…_run_…`. */
export function isComposite(id: string): boolean {
  return id.startsWith(THREAD_PREFIX) && extractByRunIdGenerator(id) !== undefined;
}

/** Whether an ID is of the backend's own test at its start, which is noise (DOMAIN 5). */
export function isSelfTest(id: string): boolean {
  return id.startsWith('startup_test_');
}

/**
 * The thread that a run ID carries, whatever the validator thinks of it: what clients would listen on. Undefined for IDs
 * that do not carry one.
 * @param table formats of the user's own come before what the backend reads
 */
export function ownThread(runId: string, table?: FormatTable): string | undefined {
  const defined = readDefined(runId, table);
  if (defined?.kind === 'run') return defined.threadId;
  const composite = extractByRunIdGenerator(runId);
  if (composite !== undefined) return withPrefix(composite);
  if (isBareRun(runId)) return undefined;
  const extracted = extractThreadId(runId)?.threadId;
  if (extracted !== undefined) return extracted === runId ? undefined : extracted;
  const legacy = extractByIdManager(runId);
  return legacy === undefined ? undefined : withPrefix(legacy);
}

function withPrefix(thread: string): string {
  return thread.startsWith(THREAD_PREFIX) ? thread : THREAD_PREFIX + thread;
}

/** A thread ID with one prefix, however many it begins with. */
export function withOnePrefix(threadId: string): string {
  return threadId.replace(/^(?:thread_)*/, THREAD_PREFIX);
}

/** Run IDs that do not carry their thread: UUID, hexadecimal, milliseconds. */
export function isBareRun(id: string): boolean {
  return /^run_(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,32}|\d{10,19}|\d{10,19}_[0-9a-f]{8}|\d+\.\d+)$/i.test(id);
}

/** Whether the thread of an ID is really a time: `run_{ms}_{hex}` (F27). */
export function isTimestampThread(threadId: string): boolean {
  return /^(?:thread_)?\d{13}$/.test(threadId);
}

/** Run IDs of sub-agents: `run_<agent>_<user>` (FIELD_GUIDE 1.2 R7, F30). */
export function isSubAgentRun(id: string): boolean {
  return !isBareRun(id) && extractByIdManager(id) === undefined && /^run_[a-z]+(?:_[a-z]+)*_[^_]{1,128}$/.test(id);
}

/** Why the bridge's validator refuses a thread ID; undefined when it does not, or when it is no thread ID at all. */
export function whyInvalid(threadId: string): string | undefined {
  if (!threadId.startsWith(THREAD_PREFIX) || isValidThreadId(threadId)) return undefined;
  const body = threadId.slice(THREAD_PREFIX.length);
  if (body === '') return 'there is nothing after "thread_"';
  if (threadId.includes('__')) return 'it has two underscores in a row';
  if (body.endsWith('_')) return 'it ends with an underscore';
  if (body.includes('-')) return 'it has a hyphen';
  const odd = /[^a-zA-Z0-9_]/u.exec(body)?.[0];
  return odd === undefined ? 'its form is wrong' : `it has ${JSON.stringify(odd)} in it`;
}

/** The word for which the bridge takes the thread part of an ID for a placeholder; undefined when there is none. */
export function blacklistedPart(runId: string): string | undefined {
  const at = runId.indexOf(THREAD_PREFIX);
  if (at < 0) return undefined;
  const parts = runId.slice(at + THREAD_PREFIX.length).split('_').slice(0, 2);
  return parts.find((part) => part.length >= 3 && isSuspiciousThreadId(`${THREAD_PREFIX}aaa_${part}`));
}

/** Whether pattern 2 to 4 cut something out of the run ID that is probably no thread (B6, B7): what makes one think so. */
export function falseExtraction(runId: string, threadId: string): string | undefined {
  const found = extractThreadId(runId);
  if (found?.threadId !== threadId || !/^[234]$/.test(found.pattern)) return undefined;
  const body = threadId.slice(THREAD_PREFIX.length);
  const at = runId.indexOf(threadId);
  const rest = at < 0 ? '' : runId.slice(at + threadId.length);
  if (at > 0 && runId[at - 1] !== '_') return 'it begins in the middle of a word';
  if (body.split('_').length === 5 && rest.startsWith('_') && !rest.startsWith(RUN_SEPARATOR)) return 'it is cut off after five parts';
  if (/^(?:or|and|of|to|in|is|id|the|a|an|pool|not|for)$/.test(body)) return `"${body}" is a word, not an ID`;
  return undefined;
}

/** Whether an ID is that of a run: by a format of the user's own, else by how it begins. */
export function isRunId(id: string, table?: FormatTable): boolean {
  const defined = readDefined(id, table);
  return defined === undefined ? id.startsWith(RUN_PREFIX) || isComposite(id) : defined.kind === 'run';
}

/** Whether a format of the user's own says that it is the ID of a thread. */
export function isDefinedThread(id: string, table?: FormatTable): boolean {
  return readDefined(id, table)?.kind === 'thread';
}
