import { describeValue } from '../errors';
import { redactHeaders } from '../events/redact';
import { redactBody } from '../events/redact-body';
import { redactText } from '../events/redact-text';
import { isRecord } from '../is-record';
import { own } from '../own';
import { type ConnectionClosed, type ConnectionOpened, type RecordedFrame, RECORDING_VERSION, type RecordingEntry, type RecordingHeader } from '../recording/recording';
import { utf8Length } from '../utf8-length';
import { HarError } from './har';

const MOST_ENTRIES = 100_000;
const MOST_MESSAGES = 1_000_000;
const LONGEST_LABEL = 1_024;
/** Times above are milliseconds (Playwright writes them), below seconds (Chrome). */
const FIRST_MILLISECONDS = 1e11;
const TEXT = 1;
const BINARY = 2;

/** What a HAR held. */
export interface ImportedHar {
  readonly header: RecordingHeader;
  readonly entries: readonly RecordingEntry[];
  readonly connections: number;
  readonly messages: number;
  /** Requests that are no WebSocket, or whose messages were not saved. */
  readonly skippedEntries: number;
  /** Messages that are neither text nor binary, or cannot be read. */
  readonly skippedMessages: number;
}

type Fields = Readonly<Record<string, unknown>>;

interface Session {
  readonly opened: Omit<ConnectionOpened, 't'> & { readonly at: number };
  readonly peer: 'client' | 'agent';
  readonly frames: (Omit<RecordedFrame, 't' | 'seq'> & { readonly at: number })[];
  readonly closed: (Omit<ConnectionClosed, 't'> & { readonly at: number }) | undefined;
}

/**
 * Reads the WebSocket connections of a HAR: of Chrome's developer tools, Playwright, proxies, or our own. What is no
 * WebSocket is passed over and counted. Secrets are redacted.
 * @param har the parsed file
 * @throws {HarError} when it is no HAR, or larger than can be held
 */
export function importHar(har: unknown, version: string): ImportedHar {
  const list = own(own(har, 'log'), 'entries');
  if (!Array.isArray(list)) {
    throw new HarError('not_har', `expected a HAR, {"log":{"entries":[…]}}, received ${isRecord(har) ? `an object with ${Object.keys(har).slice(0, 5).join(', ') || 'nothing'}` : describeValue(har)}`);
  }
  if (list.length > MOST_ENTRIES) throw new HarError('too_large', `expected at most ${MOST_ENTRIES} entries, received ${list.length}`);
  const sessions: Session[] = [];
  const names = new Set<string>();
  let skippedEntries = 0;
  let skippedMessages = 0;
  let messages = 0;
  for (const value of list as unknown[]) {
    const given = own(value, '_webSocketMessages');
    if (!isRecord(value) || !Array.isArray(given)) {
      skippedEntries++;
      continue;
    }
    messages += given.length;
    if (messages > MOST_MESSAGES) throw new HarError('too_large', `expected at most ${MOST_MESSAGES} messages, received more`);
    const read = readSession(value, given, names);
    skippedMessages += read.skipped;
    sessions.push(read.session);
  }
  return { ...merge(sessions, version), connections: sessions.length, messages: messages - skippedMessages, skippedEntries, skippedMessages };
}

function readSession(entry: Fields, given: readonly unknown[], names: Set<string>): { readonly session: Session; readonly skipped: number } {
  const request = recordIn(entry, 'request');
  const lens = recordIn(entry, '_threadLens');
  const url = textIn(request, 'url') ?? '';
  const query = queryOf(url);
  const started = Date.parse(textIn(entry, 'startedDateTime') ?? '');
  const times = given.map((message) => timeOf(own(message, 'time')));
  const at = Number.isNaN(started) ? (times.find((time) => time !== undefined) ?? 0) : started;
  const peer = textIn(lens, 'peer') === 'agent' ? 'agent' : 'client';
  const connection = nameOf(textIn(lens, 'connection') ?? greeted(given), names);
  const frames: Session['frames'] = [];
  let last = at;
  given.forEach((message, index) => {
    const frame = isRecord(message) ? readMessage(message) : undefined;
    if (!frame) return;
    last = Math.max(times[index] ?? last, last);
    frames.push({ ...frame, at: last, peer, ...(peer === 'client' ? { connection } : {}) });
  });
  const user = textIn(lens, 'user') ?? query.get('user_id');
  const headers = headersOf(request);
  const threads = own(lens, 'threads');
  const code = own(lens, 'close_code');
  const duration = own(entry, 'time');
  const opened: Session['opened'] = {
    kind: 'connection_opened', connection, at,
    threads: Array.isArray(threads) && threads.every((thread) => typeof thread === 'string') ? threads : query.has('thread_id') ? [query.get('thread_id') ?? ''] : [],
    ...(user === undefined || user === '' ? {} : { user }),
    ...(url === '' ? {} : { url: redactText(url) }),
    ...(Object.keys(headers).length === 0 ? {} : { headers: redactHeaders(headers) }),
  };
  const reason = textIn(lens, 'close_reason');
  const closed: Session['closed'] = typeof code === 'number' && Number.isSafeInteger(code) && code >= 0
    ? { kind: 'connection_closed', connection, code, ...(reason === undefined ? {} : { reason: redactText(reason) }), at: Math.max(last, at + (typeof duration === 'number' && duration > 0 ? duration : 0)) }
    : undefined;
  return { session: { opened, peer, frames, closed }, skipped: given.length - frames.length };
}

function readMessage(message: Fields): Omit<RecordedFrame, 't' | 'seq' | 'peer'> | undefined {
  const type = own(message, 'type');
  const opcode = own(message, 'opcode') ?? TEXT;
  const data = own(message, 'data');
  if ((type !== 'send' && type !== 'receive') || typeof data !== 'string') return undefined;
  const direction = type === 'send' ? 'in' : 'out';
  if (opcode === BINARY) {
    if (!/^[\w+/-]*={0,2}$/.test(data)) return undefined;
    return { kind: 'frame', direction, bytes: Math.floor((data.replace(/=+$/, '').length * 3) / 4), base64: data };
  }
  if (opcode !== TEXT) return undefined;
  return { kind: 'frame', direction, bytes: utf8Length(data), text: redactBody(data), ...labelsOf(data) };
}

/** Type, thread and run that a message names. */
function labelsOf(text: string): { type?: string; thread?: string; run?: string } {
  const message = parsed(text);
  if (!message) return {};
  const payload = recordIn(message, 'payload');
  const type = label(own(message, 'type'));
  const thread = label(own(message, 'thread_id')) ?? label(own(payload, 'thread_id'));
  const run = label(own(message, 'run_id'));
  return { ...(type === undefined ? {} : { type }), ...(thread === undefined ? {} : { thread }), ...(run === undefined ? {} : { run }) };
}

/** The connection's name, as the server said it first. */
function greeted(given: readonly unknown[]): string | undefined {
  for (const message of given.slice(0, 3)) {
    const data = isRecord(message) && own(message, 'type') === 'receive' ? own(message, 'data') : undefined;
    const greeting = typeof data === 'string' ? parsed(data) : undefined;
    const id = greeting && label(own(greeting, 'connection_id'));
    if (id !== undefined) return id;
  }
  return undefined;
}

function nameOf(wanted: string | undefined, names: Set<string>): string {
  let name = wanted ?? `har_${names.size + 1}`;
  for (let number = 2; names.has(name); number++) name = `${wanted ?? 'har'}_${number}`;
  names.add(name);
  return name;
}

/** All entries in the order of time. */
function merge(sessions: readonly Session[], version: string): { readonly header: RecordingHeader; readonly entries: RecordingEntry[] } {
  const all: { readonly at: number; readonly entry: RecordingEntry }[] = [];
  const start = sessions.reduce((first, { opened }) => Math.min(first, opened.at), Infinity);
  const base = Number.isFinite(start) ? Math.floor(start) : 0;
  const put = ({ at, ...entry }: { readonly at: number; readonly kind: RecordingEntry['kind'] }): void => {
    all.push({ at, entry: { t: Math.max(0, at - base), ...entry } as RecordingEntry });
  };
  for (const { opened, peer, frames, closed } of sessions) {
    if (peer === 'client') put(opened);
    for (const frame of frames) put(frame);
    if (closed) put(closed);
  }
  // Stable: what has the same time stays as it came.
  all.sort((a, b) => a.at - b.at);
  let seq = 0;
  const entries = all.map(({ entry }) => (entry.kind === 'frame' ? { ...entry, seq: ++seq } : entry));
  const url = sessions.find(({ opened, peer }) => peer === 'client' && opened.url !== undefined)?.opened.url?.split('?')[0];
  return {
    header: { thread_lens_recording: RECORDING_VERSION, created: new Date(base).toISOString(), source: 'har', ...(url === undefined ? {} : { url }), version, redacted: true },
    entries,
  };
}

function timeOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0 || number > 8.64e15) return undefined;
  // Microseconds are all that either means; the rest comes of floating point.
  return Math.round(number > FIRST_MILLISECONDS ? number * 1000 : number * 1e6) / 1000;
}

function headersOf(request: Fields): Record<string, string> {
  const list = own(request, 'headers');
  if (!Array.isArray(list)) return {};
  return Object.fromEntries(
    (list as unknown[]).flatMap((header) => {
      const name = own(header, 'name');
      const value = own(header, 'value');
      return typeof name === 'string' && typeof value === 'string' ? [[name.toLowerCase(), value]] : [];
    }),
  );
}

function queryOf(url: string): Map<string, string> {
  const mark = url.indexOf('?');
  const pairs = mark < 0 ? [] : (url.slice(mark + 1).split('#')[0] ?? '').split('&');
  return new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, decoded(value.join('=')).slice(0, LONGEST_LABEL)];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function recordIn(fields: Fields, name: string): Fields {
  const value = own(fields, name);
  return isRecord(value) ? value : {};
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = own(fields, name);
  return typeof value === 'string' ? value : undefined;
}

function label(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_LABEL) : undefined;
}
