import { isAbsolute } from 'node:path';
import { redactText, type RecordingEndReason, RECORDING_EXTENSION, type RecordingEntry, recordingLine } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { RecordingInfo, RouterInfo } from '../../protocol/inspection';
import type { FrameParts } from '../journal/journal';
import type { Connection } from '../model/connection';
import type { RouterModel } from '../model/router-model';
import type { TrafficSink } from '../model/traffic-sink';
import { NewFile, type Write } from './new-file';
import { recordedBody } from './recorded-body';
import { recordedFrame, recordedHeader, recordedOpening } from './recorded-entries';
import { RecordingFileError } from './recording-problem';
import { saveJournal } from './save-journal';

/** How long an entry waits to be written at most, in milliseconds; by then the code of a close is known. */
const FLUSH_MS = 100;
/** How long the end of a recording waits for the code of a close, in milliseconds. */
const CLOSING_MS = 1_000;
const POLL_MS = 5;
/** Characters of bodies that wait at most. */
const FLUSH_CHARACTERS = 256 * 1024;
/** Room that is kept for the last line. */
const END_BYTES = 1_024;

type Draft<T> = { -readonly [K in keyof T]: T[K] };
/** An entry that waits: until it is written, its connection may get a name. */
type WaitingEntry = RecordingEntry extends infer E ? (E extends RecordingEntry ? Draft<E> : never) : never;

/** What a recording was when it ended. */
export interface EndedRecording extends RecordingInfo {
  readonly durationMs: number;
}

export interface TrafficRecorderOptions {
  readonly write?: Write;
  /** Why it could not go on; also in `info`. */
  readonly failed?: (message: string) => void;
}

/**
 * Writes what happens to a file, from one moment to another, without a gap: at most one recording at a time. What is
 * already connected stands at its beginning. It hangs on a model alone, so whatever keeps one can be recorded.
 */
export class TrafficRecorder {
  private session: RecorderSession | undefined;
  private last: RecordingInfo | undefined;

  constructor(
    private readonly model: RouterModel,
    private readonly router: () => RouterInfo,
    private readonly clock: () => number,
    private readonly options: TrafficRecorderOptions = {},
  ) {}

  /** The recording under way, or the last one when it ended by itself. */
  get info(): RecordingInfo | undefined {
    return this.session?.info ?? this.last;
  }

  /**
   * Begins to record.
   * @param file absolute, with the extension of recordings, and not existing
   * @throws {RecordingFileError}
   */
  start(file: string): RecordingInfo {
    if (this.session) throw new RecordingFileError('recording', `expected no recording under way, received one to ${JSON.stringify(this.session.info.file)}`);
    checkName(file);
    this.last = undefined;
    this.session = new RecorderSession(this.model, this.router(), this.clock, new NewFile(file, this.options.write), (problem) => {
      this.last = this.session?.info;
      this.session = undefined;
      this.options.failed?.(problem);
    });
    return this.session.info;
  }

  /** Ends the recording: nothing that happens from here on is in it. @throws {RecordingFileError} when there is none. */
  async stop(why: RecordingEndReason = 'stopped'): Promise<EndedRecording> {
    const { session } = this;
    if (!session) throw new RecordingFileError('not_recording', 'expected a recording under way, received none');
    this.session = undefined;
    this.last = undefined;
    await session.end(why);
    this.model.changes.routerChanged();
    const { info } = session;
    return { ...info, durationMs: Math.max(0, this.clock() - info.startedAt) };
  }

  /** Writes what the journal holds to a new file. @throws {RecordingFileError} */
  async saveJournal(file: string): Promise<RecordingInfo> {
    checkName(file);
    return saveJournal(this.model, this.router(), file, this.clock());
  }

  /** The server stops: what was recorded is completed. */
  async close(): Promise<void> {
    if (this.session) await this.stop('server_stopped');
  }
}

/** Whoever holds the token may make us write: new recordings only, whatever else the process could write. */
function checkName(file: string): void {
  if (isAbsolute(file) && file.endsWith(RECORDING_EXTENSION) && !file.includes('\0')) return;
  throw new RecordingFileError('bad_file_name', `expected an absolute path that ends in ${RECORDING_EXTENSION}, received ${JSON.stringify(file.slice(0, 300))}`);
}

class RecorderSession implements TrafficSink {
  private queue: WaitingEntry[] = [];
  private waiting = 0;
  private frames = 0;
  private lastT = 0;
  private problem: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly startedAt: number;
  private readonly names = new Map<Connection, string>();
  private readonly byName = new Map<string, Connection>();
  /** The lines of connections that closed, whose code may still come. */
  private readonly closing = new Map<string, Connection>();

  constructor(
    private readonly model: RouterModel,
    router: RouterInfo,
    private readonly clock: () => number,
    private readonly file: NewFile,
    private readonly ended: (problem: string) => void,
  ) {
    this.startedAt = clock();
    try {
      file.append(recordingLine(recordedHeader(router, this.startedAt)));
    } catch (error) {
      file.discard();
      throw error;
    }
    for (const connection of model.connections.values()) this.open(connection, true);
    model.record(this);
    this.flush();
    model.changes.routerChanged();
  }

  get info(): RecordingInfo {
    const { startedAt, frames, problem } = this;
    return { file: this.file.path, startedAt, frames, bytes: this.file.bytes, ...(problem === undefined ? {} : { problem }) };
  }

  appeared(connection: Connection): void {
    const known = this.names.get(connection);
    if (known === connection.id) return;
    if (known === undefined) {
      this.open(connection, false);
      return;
    }
    this.names.set(connection, connection.id);
    this.byName.delete(known);
    this.byName.set(connection.id, connection);
    this.closing.delete(known);
    // A new name that comes with the greeting: nothing of the old one is on disk yet, or it ends there.
    if (this.queue.some((entry) => entry.kind === 'connection_opened' && entry.connection === known)) {
      for (const entry of this.queue) if ('connection' in entry && entry.connection === known) entry.connection = connection.id;
      this.queue = this.queue.filter((entry) => entry.kind !== 'connection_closed' || entry.connection !== connection.id);
    } else this.open(connection, true);
  }

  disappeared(connectionId: string): void {
    const connection = this.byName.get(connectionId);
    if (connection) this.closing.set(connectionId, connection);
    this.put({ kind: 'connection_closed', t: this.now(), connection: connectionId });
  }

  associated(connection: Connection, threadId: string, what: 'associated' | 'dissociated', how: string): void {
    // A connection leaves all its threads when it closes; that it closes says it all.
    if (how !== 'closing') this.put({ kind: 'association', t: this.now(), connection: connection.id, thread: threadId, what, how });
  }

  frame(direction: 'in' | 'out', peer: 'client' | 'agent', at: number, body: Buffer, parts: FrameParts): void {
    this.putFrame(direction, peer, at, body.length, recordedBody(body, parts.binary ?? false), parts);
  }

  event(at: number, received: Buffer, sent: Buffer, parts: FrameParts, recipients: number): void {
    const content = recordedBody(received, false);
    this.putFrame('in', 'agent', at, received.length, content, parts);
    if (recipients > 0) this.putFrame('out', 'client', at, sent.length, sent === received ? content : recordedBody(sent, false), { ...parts, recipients });
  }

  private putFrame(direction: 'in' | 'out', peer: 'client' | 'agent', at: number, bytes: number, content: ReturnType<typeof recordedBody>, parts: FrameParts): void {
    const { threadId, recipients } = parts;
    const skipped = recipients === undefined || threadId === undefined ? [] : this.slowOn(threadId);
    this.put(recordedFrame({ t: this.since(at), seq: ++this.frames, direction, peer, bytes, skipped }, parts, content, parts.marks));
    this.waiting += 'text' in content ? content.text.length : content.base64.length;
    if (this.waiting > FLUSH_CHARACTERS) this.flush();
  }

  delivery(seq: number): void {
    const info = this.model.deliveries.info(seq);
    if (!info) return;
    const { outcome, connections, reason } = info;
    this.put({ kind: 'delivery', t: this.now(), delivery: seq, outcome, connections, ...(reason === undefined ? {} : { reason: redactText(reason) }) });
  }

  async end(why: RecordingEndReason): Promise<void> {
    this.model.record(undefined);
    const t = this.now();
    clearTimeout(this.timer);
    this.timer = undefined;
    // Connections that are just closing: how, is known in a moment.
    for (let waited = 0; waited < CLOSING_MS && this.closesSoon; waited += POLL_MS) {
      await new Promise((resolve) => {
        setTimeout(resolve, POLL_MS);
      });
    }
    if (this.problem !== undefined) return;
    this.queue.push({ kind: 'end', t, why });
    this.flush();
    if (this.problem === undefined) this.file.close();
  }

  private get closesSoon(): boolean {
    return this.queue.some((entry) => entry.kind === 'connection_closed' && this.closing.get(entry.connection)?.closeCode === undefined);
  }

  private open(connection: Connection, alreadyOpen: boolean): void {
    this.names.set(connection, connection.id);
    this.byName.set(connection.id, connection);
    this.put(recordedOpening(connection, this.now(), alreadyOpen ? connection.threads.map(({ id }) => id) : [], alreadyOpen));
  }

  private slowOn(threadId: string): string[] {
    const thread = this.model.threads.get(threadId);
    return thread && thread.slow > 0 ? Array.from(thread.connections).filter(({ slow }) => slow).map(({ id }) => id) : [];
  }

  private now(): number {
    return this.since(this.clock());
  }

  /** Times never go back, whatever the clock of the machine does. */
  private since(at: number): number {
    this.lastT = Math.max(this.lastT, at - this.startedAt);
    return this.lastT;
  }

  private put(entry: RecordingEntry): void {
    this.queue.push(entry);
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.complete();
    const { queue } = this;
    this.queue = [];
    this.waiting = 0;
    try {
      const text = queue.map(recordingLine).join('');
      const most = this.model.limits.recordingBytes;
      if (this.file.bytes + text.length + END_BYTES > most) {
        this.appendWithin(queue, most - END_BYTES);
        this.fail('size_limit', `the recording reached its bound of ${most} bytes and ended`);
        return;
      }
      this.file.append(text);
    } catch (error) {
      this.saveWhatFits(queue);
      this.fail('disk', messageOf(error));
      return;
    }
    this.model.changes.routerChanged();
  }

  /** Fills in what was not known yet when a connection closed. */
  private complete(): void {
    for (const entry of this.queue) {
      if (entry.kind !== 'connection_closed') continue;
      const connection = this.closing.get(entry.connection);
      if (!connection) continue;
      if (connection.closeCode !== undefined) entry.code = connection.closeCode;
      if (connection.closeReason !== undefined) entry.reason = redactText(connection.closeReason);
      this.closing.delete(entry.connection);
      this.names.delete(connection);
      this.byName.delete(entry.connection);
    }
  }

  private appendWithin(entries: readonly RecordingEntry[], most: number): void {
    for (const entry of entries) {
      const line = recordingLine(entry);
      if (this.file.bytes + Buffer.byteLength(line) > most) return;
      this.file.append(line);
    }
  }

  /** Line by line: the disk may have had room for some. */
  private saveWhatFits(entries: readonly RecordingEntry[]): void {
    try {
      this.appendWithin(entries, Infinity);
    } catch {
      // That is all.
    }
  }

  /** It cannot go on: the file stays as it is, with a last line where there is room for one. */
  private fail(why: 'size_limit' | 'disk', message: string): void {
    this.problem = message;
    this.model.record(undefined);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.queue = [];
    try {
      this.file.append(recordingLine({ kind: 'end', t: this.now(), why, detail: message }));
    } catch {
      // What was written before stays readable without it.
    }
    this.file.close();
    this.ended(message);
    this.model.changes.routerChanged();
  }
}
