import { textDepthExceeds } from '../json/depth';
import { isRecord } from '../is-record';
import { findJsonString, readJsonString } from './json-string';
import { bestTime, readStamp, readTimeValue, type Stamp } from './log-time';
import { plainView, type TextView, withoutColours } from './text-view';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Where in the program a line was written. */
export interface LogSource {
  readonly module: string;
  readonly function: string;
  readonly line: number;
}

/** A line out of its containers (FIELD_GUIDE 4.8). */
export interface UnwrappedLine {
  readonly view: TextView;
  /** Where the message may begin in `view`, outermost first: after each container that was found. */
  readonly starts: readonly number[];
  readonly end: number;
  readonly level?: LogLevel;
  /** Milliseconds since 1970. */
  readonly time?: number;
  readonly source?: LogSource;
  /** The line is a message of the WebSocket protocol: JSON with a `type`, and no log. */
  readonly wire?: Readonly<Record<string, unknown>>;
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  TRACE: 'DEBUG', DEBUG: 'DEBUG', INFO: 'INFO', SUCCESS: 'INFO', NOTICE: 'INFO', DEFAULT: 'INFO', WARN: 'WARNING',
  WARNING: 'WARNING', ERROR: 'ERROR', CRITICAL: 'CRITICAL', FATAL: 'CRITICAL', ALERT: 'CRITICAL', EMERGENCY: 'CRITICAL',
};

/** The level that a log's own name for it means. */
export function readLevel(name: unknown): LogLevel | undefined {
  if (typeof name !== 'string' || name.length > 12) return undefined;
  const key = name.trim().toUpperCase();
  return Object.hasOwn(LEVELS, key) ? LEVELS[key] : undefined;
}

const NAMES = Object.keys(LEVELS).filter((name) => name !== 'DEFAULT').join('|');
const LEVEL_COLUMN = new RegExp(`\\[?(${NAMES})\\]?(?:[ \\t]*\\|[ \\t]*|[ \\t]+-[ \\t]+)`, 'yi');
const LEVEL_AFTER_STAMP = new RegExp(`(?:\\[(${NAMES})\\]|(${NAMES})\\b)[ \\t]*:?[ \\t]*`, 'y');
const LEVEL_LOGGER = new RegExp(`(${NAMES}):[\\w.]{1,128}:`, 'y');
const LOCATION = /([\w.<>]{1,256}):([\w.<>]{1,128}):(\d{1,7})[ \t]*(?:\||-)[ \t]*/y;
const LOGGER = /[\w.]{1,128}[ \t]+-[ \t]+/y;
const TAG = /\[[A-Z][A-Z0-9_ -]{0,20}\][ \t]*/y;
const SERVICE = /[\w.-]{1,64}[ \t]+\|[ \t]+/y;
const STREAM = /std(?:out|err) [FP] /y;
const FILE_AND_LINE = /[^\s:|"{]{1,200}:\d{1,9}:[ \t]?/y;
const BLANKS = /[ \t]*/y;
const SEPARATOR = /[ \t]*(?:\||-(?=[ \t]))?[ \t]*/y;
const LONE_FIELD = /"(?:message|msg|textPayload|log|text)"[ \t]*:[ \t]*(?=")/y;
const MOST_CONTAINERS = 10;
const MOST_NESTED = 3;
const DEEPEST = 64;

type Fields = Readonly<Record<string, unknown>>;

interface Header {
  readonly stamps: Stamp[];
  level: LogLevel | undefined;
  source: LogSource | undefined;
  wire: Fields | undefined;
}

function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Steps over one container at `at`; undefined when none begins there. */
function stepOver(text: string, at: number, header: Header): number | undefined {
  const bracket = text[at] === '[' ? 1 : 0;
  const stamp = readStamp(text, at + bracket);
  if (stamp !== undefined) {
    header.stamps.push(stamp);
    const end = bracket === 1 && text[stamp.end] === ']' ? stamp.end + 1 : stamp.end;
    return after(SEPARATOR, text, end) ?? end;
  }
  if (header.level === undefined) {
    LEVEL_COLUMN.lastIndex = at;
    const column = LEVEL_COLUMN.exec(text);
    if (column !== null) {
      header.level = readLevel(column[1]);
      return LEVEL_COLUMN.lastIndex;
    }
    LEVEL_LOGGER.lastIndex = at;
    const logger = LEVEL_LOGGER.exec(text);
    if (logger !== null) {
      header.level = readLevel(logger[1]);
      return LEVEL_LOGGER.lastIndex;
    }
  }
  LOCATION.lastIndex = at;
  const location = header.source === undefined ? LOCATION.exec(text) : null;
  if (location !== null) {
    header.source = { module: location[1] ?? '', function: location[2] ?? '', line: Number(location[3]) };
    return LOCATION.lastIndex;
  }
  if (header.level === undefined && header.stamps.length > 0) {
    LEVEL_AFTER_STAMP.lastIndex = at;
    const level = LEVEL_AFTER_STAMP.exec(text);
    if (level !== null) {
      header.level = readLevel(level[1] ?? level[2]);
      return LEVEL_AFTER_STAMP.lastIndex;
    }
    const logger = after(LOGGER, text, at);
    if (logger !== undefined) return logger;
  }
  return after(STREAM, text, at) ?? after(TAG, text, at) ?? (header.level === undefined ? after(SERVICE, text, at) : undefined);
}

function asFields(value: unknown): Fields | undefined {
  return isRecord(value) ? { ...value } : undefined;
}

const MESSAGE_KEYS = ['message', 'msg', 'textPayload', 'log', 'event', 'text', 'body'];
const TIME_KEYS = ['timestamp', 'time', '@timestamp', 'ts', 'asctime', 'eventTime'];
const LEVEL_KEYS = ['level', 'severity', 'levelname', 'log_level'];

/** The message of a structured line, in the object itself or one level below (`jsonPayload`, `record`). */
function messageOf(fields: Fields, header: Header): readonly [key: string, message: string] | undefined {
  for (const key of TIME_KEYS) {
    const stamp = readTimeValue(asFields(fields[key])?.['timestamp'] ?? fields[key]);
    if (stamp !== undefined) {
      header.stamps.push(stamp);
      break;
    }
  }
  for (const key of LEVEL_KEYS) header.level = readLevel(fields[key]) ?? readLevel(asFields(fields[key])?.['name']) ?? header.level;
  for (const inner of ['jsonPayload', 'record']) {
    const below = asFields(fields[inner]);
    const found = below === undefined ? undefined : messageOf(below, header);
    if (found !== undefined) return found;
  }
  for (const key of MESSAGE_KEYS) {
    const message = fields[key];
    if (typeof message === 'string' && message !== '') return [key, message];
  }
  return undefined;
}

function parseObject(text: string): Fields | undefined {
  if (textDepthExceeds(text, DEEPEST)) return undefined;
  try {
    return asFields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The text within a JSON line, a lone `"message": "…"` or quotes. */
function inside(view: TextView, at: number, end: number, header: Header): TextView | undefined {
  if (view.text[at] === '{') {
    const fields = parseObject(view.text.slice(at, view.text[end - 1] === ',' ? end - 1 : end));
    if (fields === undefined) return undefined;
    // What a wire message says to people is not a log message.
    if (typeof fields['type'] === 'string' && !LEVEL_KEYS.some((key) => key in fields)) {
      header.wire = fields;
      return undefined;
    }
    const found = messageOf(fields, header);
    return found === undefined ? undefined : findJsonString(view, found[0], found[1]);
  }
  if (view.text[at] !== '"') return undefined;
  const lone = after(LONE_FIELD, view.text, at);
  const read = readJsonString(view, lone ?? at);
  // Quotes count as a container only when nothing but a comma comes after them.
  return read !== undefined && (lone !== undefined || read.end + 2 >= end) ? read.view : undefined;
}

function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 32) end--;
  return end;
}

/** Takes a line out of whatever the logger, the container, the cloud or a report put around it (FIELD_GUIDE 4.8). */
export function unwrapLine(line: string): UnwrappedLine {
  const header: Header = { stamps: [], level: undefined, source: undefined, wire: undefined };
  let view = withoutColours(plainView(line));
  let starts: number[] = [];
  let end = 0;
  for (let nested = 0; nested <= MOST_NESTED; nested++) {
    const { text } = view;
    end = trimmedEnd(text);
    let at = after(BLANKS, text, 0) ?? 0;
    starts = [at];
    for (let n = 0; n < MOST_CONTAINERS && at < end; n++) {
      const next = stepOver(text, at, header) ?? (n === 0 ? after(FILE_AND_LINE, text, at) : undefined);
      if (next === undefined || next <= at) break;
      at = next;
      starts.push(at);
    }
    const inner = nested === MOST_NESTED ? undefined : inside(view, at, end, header);
    if (inner === undefined) break;
    view = withoutColours(inner);
  }
  const time = bestTime(header.stamps);
  return {
    view,
    starts,
    end,
    ...(header.level === undefined ? {} : { level: header.level }),
    ...(time === undefined ? {} : { time }),
    ...(header.source === undefined ? {} : { source: header.source }),
    ...(header.wire === undefined ? {} : { wire: header.wire }),
  };
}
