import { redactBody } from '../events/redact-body';
import { redactHeaders } from '../events/redact';
import { redactText } from '../events/redact-text';
import { RecordedMembership } from '../recording/recorded-membership';
import type { ConnectionClosed, ConnectionOpened, RecordedFrame, RecordingEntry, RecordingHeader } from '../recording/recording';
import { type HarEntry, HarError, type HarMessage, type HarPair, type HarThreadLens } from './har';

/** Messages in one HAR, those sent to many counted for each: other programs hold all of them at once. */
const MOST_MESSAGES = 1_000_000;
const DEFAULT_URL = 'ws://127.0.0.1/ws';

interface Session {
  readonly peer: 'client' | 'agent';
  readonly opened: ConnectionOpened | undefined;
  closed?: ConnectionClosed;
  readonly frames: RecordedFrame[];
}

/** Puts the frames of a recording together by connection, then makes the entries of a HAR of them, one at a time. */
export class HarExport {
  /** By connection, the latest of that ID. */
  private readonly sessions = new Map<string, Session>();
  /** All in the order in which they came. */
  private readonly inOrder: (readonly [id: string, session: Session])[] = [];
  private readonly membership = new RecordedMembership();
  private readonly agents: Session = { peer: 'agent', opened: undefined, frames: [] };
  private readonly start: number;
  private lastAt = 0;
  private counted = 0;

  constructor(private readonly header: RecordingHeader) {
    this.start = Date.parse(header.created);
  }

  /** Messages so far. */
  get messages(): number {
    return this.counted;
  }

  /** Takes the entries of the recording in their order. @throws {HarError} when they become too many. */
  take(entry: RecordingEntry): void {
    this.lastAt = Math.max(this.lastAt, entry.t);
    if (entry.kind === 'connection_opened') this.begin(entry.connection, entry);
    else if (entry.kind === 'connection_closed') {
      const session = this.sessions.get(entry.connection);
      if (session) session.closed = entry;
    } else if (entry.kind === 'frame') {
      if (entry.peer === 'agent') this.put(this.agents, entry);
      else if (entry.direction === 'in') this.put(this.session(entry.connection ?? ''), entry);
      else for (const connection of this.membership.recipients(entry)) this.put(this.session(connection), entry);
    }
    this.membership.take(entry);
  }

  /** The entries: clients in the order in which they came, then one for everything that agents sent. */
  *entries(): Generator<HarEntry, void, undefined> {
    for (const [id, session] of this.inOrder) yield this.entry(id, session);
    if (this.agents.frames.length > 0) yield this.entry('', this.agents);
  }

  private session(id: string): Session {
    return this.sessions.get(id) ?? this.begin(id, undefined);
  }

  private begin(id: string, opened: ConnectionOpened | undefined): Session {
    const session: Session = { peer: 'client', opened, frames: [] };
    this.sessions.set(id, session);
    this.inOrder.push([id, session]);
    return session;
  }

  private put(session: Session, frame: RecordedFrame): void {
    if (++this.counted > MOST_MESSAGES) throw new HarError('too_large', `expected at most ${MOST_MESSAGES} messages counted once for each recipient, received more; export a shorter recording`);
    session.frames.push(frame);
  }

  private entry(id: string, session: Session): HarEntry {
    const { peer, opened, closed, frames } = session;
    const from = opened?.t ?? frames[0]?.t ?? 0;
    const time = Math.max(0, (closed?.t ?? Math.max(frames.at(-1)?.t ?? from, from)) - from);
    const url = this.urlOf(session);
    const { subprotocol } = opened ?? {};
    const lens: HarThreadLens = {
      peer,
      ...(id === '' ? {} : { connection: id }),
      ...(opened?.user === undefined ? {} : { user: opened.user }),
      ...(opened ? { threads: opened.threads } : {}),
      ...(closed?.code === undefined ? {} : { close_code: closed.code }),
      ...(closed?.reason === undefined ? {} : { close_reason: redactText(closed.reason) }),
    };
    return {
      startedDateTime: new Date(this.start + from).toISOString(),
      time,
      request: {
        method: 'GET', url, httpVersion: 'HTTP/1.1', headers: pairs(redactHeaders(opened?.headers ?? {})), queryString: queryOf(url), cookies: [], headersSize: -1, bodySize: 0,
      },
      response: {
        status: 101, statusText: 'Switching Protocols', httpVersion: 'HTTP/1.1',
        headers: [{ name: 'Upgrade', value: 'websocket' }, { name: 'Connection', value: 'Upgrade' }, ...(subprotocol === undefined ? [] : [{ name: 'Sec-WebSocket-Protocol', value: subprotocol }])],
        cookies: [], content: { size: 0, mimeType: 'x-unknown' }, redirectURL: '', headersSize: -1, bodySize: -1, _transferSize: 0, _error: null,
      },
      cache: {},
      timings: { blocked: -1, dns: -1, ssl: -1, connect: -1, send: 0, wait: 0, receive: time },
      _initiator: { type: 'other' },
      _priority: null,
      _resourceType: 'websocket',
      _webSocketMessages: frames.map((frame) => this.message(frame)),
      _threadLens: lens,
    };
  }

  private message(frame: RecordedFrame): HarMessage {
    return {
      // A HAR tells of the side that is not the server.
      type: frame.direction === 'in' ? 'send' : 'receive',
      time: (this.start + frame.t) / 1000,
      opcode: frame.base64 === undefined ? 1 : 2,
      data: frame.base64 ?? redactBody(frame.text ?? ''),
    };
  }

  private urlOf({ peer, opened }: Session): string {
    if (opened?.url !== undefined) return redactText(opened.url);
    const base = this.header.url ?? DEFAULT_URL;
    if (peer === 'agent') return base.replace(/\/ws(?=$|\?)/, '/agent');
    const query = [
      ...(opened?.threads[0] === undefined ? [] : [`thread_id=${encodeURIComponent(opened.threads[0])}`]),
      ...(opened?.user === undefined ? [] : [`user_id=${encodeURIComponent(opened.user)}`]),
    ].join('&');
    return redactText(query === '' ? base : `${base}${base.includes('?') ? '&' : '?'}${query}`);
  }
}

/** The text of a HAR around its entries, which stand between the two parts, separated by commas. */
export function harFrame(version: string): { readonly before: string; readonly after: string } {
  return { before: `{"log":{"version":"1.2","creator":{"name":"Thread Lens","version":${JSON.stringify(version)}},"pages":[],"entries":[\n`, after: '\n]}}\n' };
}

function pairs(headers: Readonly<Record<string, string>>): HarPair[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function queryOf(url: string): HarPair[] {
  const mark = url.indexOf('?');
  if (mark < 0) return [];
  return url.slice(mark + 1).split('&').map((part) => {
    const [name = '', ...value] = part.split('=');
    return { name: decoded(name), value: decoded(value.join('=')) };
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
