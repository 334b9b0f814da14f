import { describeValue, InvalidThreadIdError, UnknownOptionError } from '../errors';
import { type Clock, systemClock } from '../clock';
import { CANONICAL_TEMPLATE, LEGACY_TEMPLATE } from './formats/run-formats';
import { RUN_SEPARATOR, THREAD_PREFIX } from './thread-id';

/** The two formats run IDs are made in (DOMAIN 1): canonical, and legacy. */
export type RunIdFormat = 'run_id_generator' | 'id_manager';

export interface GenerateOptions {
  /** Default `run_id_generator`. */
  readonly format?: RunIdFormat | undefined;
  readonly now?: Clock | undefined;
  /** Eight lower-case hexadecimal characters. */
  readonly random?: (() => string) | undefined;
}

const THREAD_ID_IN_WORDS = 'a thread ID such as "thread_13679e4dcc38403a"';
const LEGACY_THREAD = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;

/** The random tail only tells runs of one millisecond apart; it guards nothing, so it needs no strong source. */
function randomHex8(): string {
  return Math.floor(Math.random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
}

/** What both formats refuse: no string, no text, and a text in which the run separator stands or would come to stand. */
function checkThreadId(threadId: unknown): asserts threadId is string {
  if (typeof threadId !== 'string') {
    throw new InvalidThreadIdError('not-a-string', THREAD_ID_IN_WORDS, describeValue(threadId));
  }
  if (threadId === '') throw new InvalidThreadIdError('empty', THREAD_ID_IN_WORDS, 'an empty string');
}

function canonicalBody(threadId: string): string {
  const body = threadId.startsWith(THREAD_PREFIX) ? threadId.slice(THREAD_PREFIX.length) : threadId;
  if (body === '' && !threadId.includes(RUN_SEPARATOR)) {
    throw new InvalidThreadIdError('empty-after-prefix', 'text after the prefix "thread_"', describeValue(threadId));
  }
  // `thread_x_run` and `run_x` hold no separator themselves, but the ID made of them would hold it too early and route elsewhere.
  const separator = `${THREAD_PREFIX}${body}${RUN_SEPARATOR}`.indexOf(RUN_SEPARATOR);
  if (threadId.includes(RUN_SEPARATOR) || separator !== THREAD_PREFIX.length + body.length) {
    throw new InvalidThreadIdError('reserved-sequence', `a thread ID that leaves "${RUN_SEPARATOR}" to the separator`, describeValue(threadId));
  }
  return body;
}

/**
 * A new run ID for `threadId` (DOMAIN 1 "Generators", FIELD_GUIDE 1.2). The canonical format takes one leading `thread_` off
 * and puts it back; the legacy format keeps the thread ID as it is.
 * @throws {InvalidThreadIdError} when the thread ID is no string, empty, or holds `_run_` (canonical), or does not match
 * `^[a-zA-Z0-9][a-zA-Z0-9_-]*$` (legacy).
 * @throws {UnknownOptionError} when there is no such format.
 */
export function generateRunId(threadId: string, options: GenerateOptions = {}): string {
  checkThreadId(threadId);
  const { format = 'run_id_generator' } = options;
  if (format !== 'run_id_generator' && format !== 'id_manager') {
    throw new UnknownOptionError('format', 'run_id_generator or id_manager', describeValue(format));
  }
  const suffix = (options.random ?? randomHex8)();
  if (format === 'id_manager') {
    if (!LEGACY_THREAD.test(threadId)) {
      throw new InvalidThreadIdError('illegal-characters', 'a letter or digit, then letters, digits, "_" and "-"', describeValue(threadId));
    }
    return LEGACY_TEMPLATE.compose({ thread: threadId, hex8: suffix });
  }
  const body = canonicalBody(threadId);
  return CANONICAL_TEMPLATE.compose({ thread: body, ms: String(Math.floor((options.now ?? systemClock)())), hex8: suffix });
}
