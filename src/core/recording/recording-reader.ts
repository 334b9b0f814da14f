import { clip } from '../clip';
import { DIALECTS } from '../ids/extract-thread-id';
import { isRecord } from '../is-record';
import { own } from '../own';
import { END_REASONS, RECORDED_OUTCOMES, RECORDING_SOURCES, RECORDING_VERSION, type RecordingEntry, type RecordingHeader } from './recording';
import { RecordingError } from './recording-error';

type Fields = Readonly<Record<string, unknown>>;
/** What is wrong with a field, or undefined. */
type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' ? undefined : 'a string');
const count: Check = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'a whole number from 0 on');
const time: Check = (value) => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? undefined : 'milliseconds from 0 on');
const yes: Check = (value) => (value === true ? undefined : 'true');
const texts: Check = (value) => (Array.isArray(value) && value.every((item) => typeof item === 'string') ? undefined : 'a list of strings');
const base64: Check = (value) => (typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value) ? undefined : 'base64');
const headers: Check = (value) => (isRecord(value) && Object.values(value).every((item) => typeof item === 'string') ? undefined : 'an object of strings');
const misrouting: Check = (value) => (isRecord(value) && typeof value['expected'] === 'string' && typeof value['received'] === 'string' ? undefined : 'the threads "expected" and "received"');
const oneOf = (values: readonly unknown[]): Check => (value) => (values.includes(value) ? undefined : `one of ${values.join(', ')}`);
const optional = (check: Check): Check => (value) => (value === undefined ? undefined : check(value));

const HEADER: Readonly<Record<string, Check>> = {
  created: (value) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : 'a date and time (ISO 8601)'),
  source: oneOf(RECORDING_SOURCES),
  url: optional(text),
  version: text,
  dialect: optional(oneOf(DIALECTS)),
  redacted: yes,
};

const ENTRIES: Readonly<Record<RecordingEntry['kind'], Readonly<Record<string, Check>>>> = {
  connection_opened: {
    t: time, connection: text, user: optional(text), threads: texts, already_open: optional(yes), url: optional(text), subprotocol: optional(text), headers: optional(headers),
  },
  connection_closed: { t: time, connection: text, code: optional(count), reason: optional(text) },
  association: { t: time, connection: text, thread: text, what: oneOf(['associated', 'dissociated']), how: text },
  frame: {
    t: time, seq: count, direction: oneOf(['in', 'out']), peer: oneOf(['client', 'agent']), connection: optional(text), thread: optional(text), run: optional(text),
    type: optional(text), bytes: count, text: optional(text), base64: optional(base64), truncated: optional(yes), outcome: optional(oneOf(RECORDED_OUTCOMES)),
    delivery: optional(count), recipients: optional(count), skipped: optional(texts), edited: optional(yes), discarded: optional(yes), injected: optional(yes), misrouted: optional(misrouting),
  },
  delivery: { t: time, delivery: count, outcome: oneOf(RECORDED_OUTCOMES), connections: count, reason: optional(text) },
  gap: { t: time, frames: count },
  end: { t: time, why: oneOf(END_REASONS), detail: optional(text) },
};

/**
 * Reads a recording line by line, validating each. A last line without its newline may be cut short, as after a crash:
 * it is then left out. Fields that are not known are ignored, entries of kinds that are not known are counted.
 */
export class RecordingReader {
  private read: RecordingHeader | undefined;
  private lines = 0;
  private unknownEntries = 0;
  private cutShort = false;

  /** The first line. @throws {RecordingError} when there was none. */
  get header(): RecordingHeader {
    if (!this.read) throw new RecordingError('not_a_recording', 'expected a Thread Lens recording, received an empty file');
    return this.read;
  }

  /** Entries of kinds that this version does not know. */
  get unknown(): number {
    return this.unknownEntries;
  }

  /** Whether the last line was cut short. */
  get cut(): boolean {
    return this.cutShort;
  }

  /**
   * Takes the next line.
   * @param complete whether a newline stood after it
   * @returns the entry; undefined for the header, a blank line, an unknown kind, or a last line that was cut short
   * @throws {RecordingError} for anything that is no line of a recording
   */
  line(line: string, complete = true): RecordingEntry | undefined {
    const number = ++this.lines;
    if (line.trim() === '') return undefined;
    let value: unknown;
    try {
      // Some programs write a byte order mark.
      value = JSON.parse(number === 1 ? line.replace(/^\uFEFF/, '') : line);
    } catch {
      if (number === 1) throw notARecording(line);
      if (!complete) {
        this.cutShort = true;
        return undefined;
      }
      throw badLine(number, `expected one JSON object, received ${quoted(line)}`);
    }
    if (!this.read) {
      this.read = readHeader(value, line);
      return undefined;
    }
    if (!isRecord(value)) throw badLine(number, `expected one JSON object, received ${quoted(line)}`);
    return this.entry(value, number);
  }

  private entry(value: Fields, number: number): RecordingEntry | undefined {
    const kind = own(value, 'kind');
    if (typeof kind !== 'string') throw badLine(number, `expected a string in "kind", received ${kind === undefined ? 'none' : quoted(JSON.stringify(kind))}`);
    if (!Object.hasOwn(ENTRIES, kind)) {
      this.unknownEntries++;
      return undefined;
    }
    const fields = ENTRIES[kind as RecordingEntry['kind']];
    const problem = problemOf(value, fields);
    if (problem !== undefined) throw badLine(number, problem);
    if (kind === 'frame' && own(value, 'text') !== undefined && own(value, 'base64') !== undefined) {
      throw badLine(number, 'expected a frame with "text" or "base64", received both');
    }
    // Each field was checked by its row; only those are passed on.
    return picked(value, ['kind', ...Object.keys(fields)]) as unknown as RecordingEntry;
  }
}

function readHeader(value: unknown, line: string): RecordingHeader {
  const version = own(value, 'thread_lens_recording');
  if (!isRecord(value) || version === undefined) throw notARecording(line);
  if (version !== RECORDING_VERSION) {
    throw new RecordingError('other_version', `expected a recording of version ${RECORDING_VERSION}, received version ${JSON.stringify(version)?.slice(0, 40)}; a later Thread Lens may read it`);
  }
  const problem = problemOf(value, HEADER);
  if (problem !== undefined) throw badLine(1, problem);
  return picked(value, ['thread_lens_recording', ...Object.keys(HEADER)]) as unknown as RecordingHeader;
}

function problemOf(value: Fields, checks: Readonly<Record<string, Check>>): string | undefined {
  for (const [name, check] of Object.entries(checks)) {
    const given = own(value, name);
    const expected = check(given);
    if (expected !== undefined) return `expected ${expected} in "${name}", received ${given === undefined ? 'none' : quoted(JSON.stringify(given))}`;
  }
  return undefined;
}

function picked(value: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => own(value, name) !== undefined).map((name) => [name, value[name]]));
}

function notARecording(line: string): RecordingError {
  return new RecordingError('not_a_recording', `expected the first line of a Thread Lens recording, {"thread_lens_recording":${RECORDING_VERSION},…}, received ${quoted(line)}`);
}

function badLine(number: number, problem: string): RecordingError {
  return new RecordingError('bad_line', `line ${number}: ${problem}`);
}

function quoted(text: string): string {
  return JSON.stringify(clip(text, 100));
}
