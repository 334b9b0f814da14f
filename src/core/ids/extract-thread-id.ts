import { describeValue, UnknownOptionError } from '../errors';
import type { Dialect } from '../resolution/resolution';
import { pattern1, pattern1BeforeFix, pattern1_6, pattern2, pattern3, pattern4, withThreadPrefix } from './bridge-patterns';
import { pythonStrip } from './python-text';
import { isValidThreadId, THREAD_PREFIX, validThreadEnd } from './thread-id';
import { parseU2 } from './unified-parsers';
import { extractByU4 } from './u4-parser';

/** The thread a bridge routes to, and the step of its pattern extraction that said so. */
export interface ThreadExtraction {
  readonly threadId: string;
  /** `1`, `1.5`, `1.6`, `2`, `3`, `4`; `canonical` or `id_manager` for the later bridges; `unchanged` for what one passes through. */
  readonly pattern: string;
}

type PatternStep = readonly [pattern: string, extract: (runId: string) => string | undefined];

const LATE_STEPS: readonly PatternStep[] = [
  ['2', pattern2],
  ['3', pattern3],
  ['4', pattern4],
];
const BEFORE_FIX_STEPS: readonly PatternStep[] = [['1', pattern1BeforeFix], ...LATE_STEPS];
const FIX_STEPS_AFTER_THREAD: readonly PatternStep[] = [['1.6', pattern1_6], ...LATE_STEPS];

function firstHit(steps: readonly PatternStep[], runId: string): ThreadExtraction | undefined {
  for (const [pattern, extract] of steps) {
    const threadId = extract(runId);
    if (threadId !== undefined) return { threadId, pattern };
  }
  return undefined;
}

/** Patterns 1 and 1.5 in one pass: canonical IDs are what the product meets most, so each character is looked at once. */
function extractByFix(runId: string): ThreadExtraction | undefined {
  if (runId.startsWith(THREAD_PREFIX)) {
    const end = validThreadEnd(runId);
    if (end === runId.length) return { threadId: runId, pattern: '1' };
    if (end !== -1) return { threadId: runId.slice(0, end), pattern: '1.5' };
  }
  return firstHit(FIX_STEPS_AFTER_THREAD, runId);
}

function extractByUnified(runId: string): ThreadExtraction | undefined {
  const direct = pattern1(runId);
  if (direct !== undefined) return { threadId: direct, pattern: '1' };
  const reading = parseU2(runId);
  if (reading === undefined) return undefined;
  const threadId = withThreadPrefix(reading.threadId);
  if (!isValidThreadId(threadId)) return undefined;
  return { threadId, pattern: reading.format === 'canonical' ? 'canonical' : 'id_manager' };
}

function extractBy20250918(runId: string): ThreadExtraction | undefined {
  const { text, rule } = extractByU4(runId);
  const threadId = withThreadPrefix(text);
  return isValidThreadId(threadId) ? { threadId, pattern: rule } : undefined;
}

const EXTRACTORS: Readonly<Record<Dialect, (runId: string) => ThreadExtraction | undefined>> = {
  before_fix: (runId) => firstHit(BEFORE_FIX_STEPS, runId),
  fix: extractByFix,
  unified: extractByUnified,
  '20250918': extractBy20250918,
};

/** The dialects in the order in which the systems ran. */
export const DIALECTS: readonly Dialect[] = ['before_fix', 'fix', 'unified', '20250918'];

/**
 * The thread ID that the bridge of `dialect` extracts from `runId`, or undefined when it finds none (DOMAIN 2; exact against
 * `extraction.jsonl`, `dialects.jsonl` and `eras.jsonl`). Time is linear in the length. No text makes it throw.
 * @throws {UnknownOptionError} when there is no such dialect.
 */
export function extractThreadId(runId: string, dialect: Dialect = 'fix'): ThreadExtraction | undefined {
  if (typeof runId !== 'string') return undefined;
  if (!Object.hasOwn(EXTRACTORS, dialect)) throw new UnknownOptionError('dialect', DIALECTS.join(', '), describeValue(dialect));
  return EXTRACTORS[dialect](pythonStrip(runId));
}
