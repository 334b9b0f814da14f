import { unwrapLine, type UnwrappedLine } from './log-container';
import type { LogField, LogMessage } from './log-message';
import { kindOf } from './log-shapes';
import { candidatesAt, matchShape, type ShapeMatch } from './match-shape';
import { plainView, type TextView, withPlainArrows, withSingleBlanks } from './text-view';

/** A message is looked at this far; longer lines are matched by their beginning. */
const LONGEST_MESSAGE = 65_536;
/** Pieces of decoration taken off one after the other. */
const MOST_DECORATIONS = 8;
/** Places within a line where a message is tried; bounds the work on hostile lines. */
const MOST_PLACES = 24;
/** Lines are searched this far for a message in running text. */
const SEARCHED = 16_384;
/** Literal characters a message in running text must have: enough to be no coincidence. */
const LEAST_IN_TEXT = 20;

/** Emoji and other signs; `[U+1F4DD]`, `[?]`, `[OK]`; `ALERT: `. What may stand before a message (FIELD_GUIDE 4.8). */
const DECORATION = /[^A-Za-z0-9"'[({<]+|\[[^\]\s][^\]]{0,24}\][ \t]*|[A-Z]{3,12}:(?:\uFE0F|[ \t])+|[A-Za-z]{3,8}[ \t]*\|[ \t]*|["'`]/y;
const NUMERIC = /^(?:n|code|attempt|max_retries|updated|count|.*_count|.*_ms|connections_sent|cleaned)$/;
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '(': ')', '“': '”', '«': '»' };

interface Found {
  readonly view: TextView;
  readonly start: number;
  readonly match: ShapeMatch;
  /** Found in running text: what follows the message is not part of it. */
  readonly inText: boolean;
}

function tryAt(view: TextView, start: number, end: number): Found | undefined {
  if (candidatesAt(view.text, start).length === 0) return undefined;
  const text = view.text.slice(start, Math.min(end, start + LONGEST_MESSAGE));
  const match = matchShape(text);
  return match === undefined ? undefined : { view, start, match, inText: false };
}

/**
 * Tries the message after each container and each piece of decoration. A complete fit beats a partial one, then the
 * heavier shape, then the place further in, since `[BACKEND]` may look like the beginning of a message.
 */
function atFront(view: TextView, starts: readonly number[], end: number): Found | undefined {
  let best: Found | undefined;
  const consider = (start: number): void => {
    const closing = CLOSING[view.text[start - 1] ?? ''];
    const found = tryAt(view, start, closing !== undefined && view.text[end - 1] === closing ? end - 1 : end);
    if (found === undefined) return;
    const complete = Number(found.match.complete) - Number(best?.match.complete ?? false);
    if (best === undefined || complete > 0 || (complete === 0 && found.match.shape.weight >= best.match.shape.weight)) best = found;
  };
  starts.forEach(consider);
  let at = starts.at(-1) ?? 0;
  for (let n = 0; n < MOST_DECORATIONS && at < end; n++) {
    DECORATION.lastIndex = at;
    if (!DECORATION.test(view.text)) break;
    at = DECORATION.lastIndex;
    consider(at);
  }
  return best;
}

function isWordChar(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

/** Looks for a message in running text: at the beginnings of words, the first that is no coincidence. */
function within(view: TextView, from: number, end: number): Found | undefined {
  const { text } = view;
  const last = Math.min(end, from + SEARCHED);
  let places = 0;
  for (let at = from + 1; at < last && places < MOST_PLACES; at++) {
    if (isWordChar(text.charCodeAt(at - 1)) || !isWordChar(text.charCodeAt(at))) continue;
    const shapes = candidatesAt(text, at);
    if (shapes.length === 0 || !shapes.some((shape) => text.startsWith(shape.literals[0] ?? '', at))) continue;
    places++;
    const closing = CLOSING[text[at - 1] ?? ''];
    const closed = closing === undefined ? -1 : text.indexOf(closing, at);
    const found = tryAt(view, at, closed > 0 && closed < end ? closed : end);
    if (found !== undefined && found.match.shape.weight >= LEAST_IN_TEXT) return { ...found, inText: true };
  }
  return undefined;
}

function search(unwrapped: UnwrappedLine): Found | undefined {
  const { starts, end } = unwrapped;
  const view = withPlainArrows(unwrapped.view, false);
  // The arrows come after the containers, so that the beginnings still stand where they stood.
  const shift = view.text.length - unwrapped.view.text.length;
  const found = atFront(view, starts, end + shift);
  if (found?.match.complete === true) return found;
  return found ?? within(view, starts.at(-1) ?? 0, end + shift);
}

/** A second look at a message that was mangled on its way: arrows turned to `?`, blanks doubled. */
function searchMangled(unwrapped: UnwrappedLine): Found | undefined {
  const start = unwrapped.starts.at(-1) ?? 0;
  const { view, end } = unwrapped;
  const message: TextView = { text: view.text.slice(start, Math.min(end, start + LONGEST_MESSAGE)), origin: (at) => view.origin(start + at) };
  const repaired = withSingleBlanks(withPlainArrows(message, true));
  if (repaired === message) return undefined;
  const found = atFront(repaired, [0], repaired.text.length);
  return found?.match.complete === true ? found : undefined;
}

const ROLES: readonly (readonly [role: 'runId' | 'threadId' | 'connectionId' | 'userId', name: RegExp, before: RegExp])[] = [
  ['runId', /^run_id$/, /\brun(?:_id)?[= ]?'?$/],
  ['threadId', /thread_id(?:_with_prefix)?$|^extracted_thread$|^new_thread/, /\bthread(?:_id)?[=: ]?'?$/],
  ['connectionId', /^(?:validated_)?conn(?:ection)?_id$/, /\bconnection[=: ]$/],
  ['userId', /^(?:validated_)?user_id$/, /\buser[=: ]$/],
];
/** Thread IDs that are not the thread the message is about. */
const OTHER_THREADS = /^(?:old_thread_id|run_thread_id)$/;

function roleOf(name: string, before: string): 'runId' | 'threadId' | 'connectionId' | 'userId' | undefined {
  if (OTHER_THREADS.test(name)) return undefined;
  const byName = ROLES.find(([, pattern]) => pattern.test(name));
  if (byName !== undefined) return byName[0];
  return name === 'id' ? ROLES.find(([, , pattern]) => pattern.test(before))?.[0] : undefined;
}

/** Where the last value really ends, when text that does not belong to the message may follow it. */
function trimmedSpan(text: string, from: number, to: number, name: string, role: string | undefined, loose: boolean): number {
  if (NUMERIC.test(name)) {
    const digits = /^-?\d+(?:\.\d+)?(?![\w.%-])/.exec(text.slice(from, Math.min(to, from + 32)));
    if (digits !== null) return from + digits[0].length;
  }
  if (!loose) return to;
  if (role === undefined) return to > from && ')"\'`'.includes(text[to - 1] ?? '') && !text.slice(from, to).includes('(') ? to - 1 : to;
  const stop = text.slice(from, to).search(/[\s"'`,;|)\]<>]|[.:](?:\s|$)/);
  return stop < 0 ? to : from + stop;
}

/** Length in the line; what stands after the last character there, such as a colour reset, does not count. */
function lengthBetween(view: TextView, from: number, to: number): number {
  return to <= from ? 0 : view.origin(to - 1) + 1 - view.origin(from);
}

function describe(found: Found, unwrapped: UnwrappedLine): LogMessage {
  const { view, start, match, inText } = found;
  const { shape } = match;
  const kind = kindOf(shape);
  const fields: LogField[] = [];
  const roles: Partial<Record<'runId' | 'threadId' | 'connectionId' | 'userId', LogField>> = {};
  let end = start + match.end;
  match.spans.forEach(([from, to], index) => {
    const name = shape.names[index] ?? '';
    const role = roleOf(name, shape.literals[index] ?? '');
    const isLast = index === match.spans.length - 1;
    const trimmed = isLast ? trimmedSpan(view.text, start + from, start + to, name, role, inText || !match.complete) : start + to;
    if (isLast && trimmed < start + to) end = trimmed;
    const offset = view.origin(start + from);
    const field = { name, value: view.text.slice(start + from, trimmed), offset, length: lengthBetween(view, start + from, trimmed) };
    fields.push(field);
    if (role !== undefined) roles[role] ??= field;
  });
  const offset = view.origin(start);
  const selfTest = fields.some((field) => field.value.startsWith('startup_test_'));
  return {
    id: kind?.id ?? slug(shape.text),
    shape: shape.text,
    category: shape.category,
    level: unwrapped.level ?? shape.levels[0] ?? 'INFO',
    ...(unwrapped.time === undefined ? {} : { time: unwrapped.time }),
    ...(unwrapped.source === undefined ? {} : { source: unwrapped.source }),
    text: view.text.slice(start, end),
    offset,
    length: lengthBetween(view, start, end),
    fields,
    ...roles,
    complete: match.complete,
    noise: kind?.noise === true || selfTest,
    ...(kind === undefined ? {} : { meaning: kind.meaning }),
  };
}

function slug(shape: string): string {
  return shape.replace(/<\w+>/g, ' ').toLowerCase().match(/[a-z0-9]+/g)?.join('-') ?? 'message';
}

/** A placeholder in source code or documentation where a log has an ID. */
const PLACEHOLDER = /^(?:\$?\{[\w.()[\]!:]{1,80}\}|%[sdr](?!\w)|<\w+>)/;

/** Whether the line is the code that writes such messages, or a text about them. */
function isTemplate(message: LogMessage): boolean {
  return message.fields.some((field) => PLACEHOLDER.test(field.value) && /(?:_id|^id|^n)$/.test(field.name));
}

/** Recognises the message of a line that is already out of its containers. */
export function recogniseUnwrapped(line: string, unwrapped: UnwrappedLine): LogMessage | undefined {
  if (unwrapped.wire !== undefined) return undefined;
  let found = search(unwrapped);
  if (found?.match.complete !== true) found = searchMangled(unwrapped) ?? found;
  // A line that only looks like a container, such as JSON of another kind: look at it as it stands.
  if (found === undefined && unwrapped.view.text.length < line.length) found = within(plainView(line), 0, line.length);
  if (found === undefined) return undefined;
  const message = describe(found, unwrapped);
  const hasHeader = (unwrapped.time ?? unwrapped.level ?? unwrapped.source) !== undefined;
  return (found.inText || (message.offset > 0 && !hasHeader)) && isTemplate(message) ? undefined : message;
}

/**
 * Recognises a message of the backend wherever it stands in a line: within loguru headers, container stamps, colours,
 * prefixes, emoji, structured logs or running text (FIELD_GUIDE 4.8). Undefined for every other line. Never throws;
 * the work is linear in the length of the line.
 */
export function recogniseLogMessage(line: string): LogMessage | undefined {
  return typeof line === 'string' ? recogniseUnwrapped(line, unwrapLine(line)) : undefined;
}
