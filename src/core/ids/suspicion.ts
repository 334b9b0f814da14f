import { pythonLength, pythonLower, pythonStrip } from './python-text';
import { THREAD_PREFIX } from './thread-id';

const SUSPICIOUS_PARTS = new Set(
  (
    'pattern no impossible anywhere nothing missing test unknown default temp temporary placeholder dummy error failure ' +
    'broken invalid null none undefined false true success complete done finished'
  ).split(' '),
);

const SUSPICIOUS_SUBSTRINGS = ['test', 'mock', 'fake', 'dummy'];

const SHORTEST_SINGLE_PART = 3;

/**
 * Whether the bridge takes `text` for a placeholder rather than a real thread (DOMAIN 2, FIELD_GUIDE 2.6). It does so for
 * `latest` and `contest` too, because it looks for `test` anywhere. Never throws; anything that is no string is suspicious.
 */
export function isSuspiciousThreadId(text: unknown): boolean {
  if (typeof text !== 'string' || text === '') return true;
  const lower = pythonLower(text);
  const parts = lower.replaceAll(THREAD_PREFIX, '').split('_');
  if (parts.some((part) => SUSPICIOUS_PARTS.has(part))) return true;
  if (parts.length === 1 && pythonLength(parts[0] ?? '') < SHORTEST_SINGLE_PART) return true;
  return SUSPICIOUS_SUBSTRINGS.some((word) => lower.includes(word));
}

/**
 * Whether the bridge of 2025-09-03 flags `text` as a suspicious run ID: always. Its word list holds the empty string, which
 * is part of every string, so each `Suspicious run_id pattern` line of those builds is noise (FIELD_GUIDE 2.6). The rule it
 * was meant to be is `isSuspiciousRunId20250918`.
 */
export function isSuspiciousRunId(_text: unknown): true {
  return true;
}

const SUSPICIOUS_RUN_WORDS =
  'system global broadcast admin root default test mock fake dummy placeholder example null none undefined empty debug dev local temp temporary';
const SUSPICIOUS_RUN_WORD = new RegExp(`(?:^|[_-])(?:${SUSPICIOUS_RUN_WORDS.replaceAll(' ', '|')})(?:$|\\n$|[_-])`);
const SYSTEM_PREFIXES = ['sys_', 'system_', 'global_', 'admin_'];
const SHORTEST_RUN_ID = 3;

/**
 * Whether the bridge of 2025-09-18 flags `text` as a suspicious run ID: a system or test word between separators, fewer than
 * three characters, or a system prefix (FIELD_GUIDE 2.6). What `isSuspiciousRunId` was meant to be.
 */
export function isSuspiciousRunId20250918(text: string): boolean {
  const lower = pythonLower(text);
  return (
    SUSPICIOUS_RUN_WORD.test(lower) ||
    pythonLength(pythonStrip(text)) < SHORTEST_RUN_ID ||
    SYSTEM_PREFIXES.some((prefix) => lower.startsWith(prefix))
  );
}
