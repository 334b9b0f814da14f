import { type ConnectionOpened, RECORDING_VERSION, type RecordingEntry, recordingLine } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { own } from '../../core/own';
import { NewFile } from '../recording/new-file';
import { recordedBody } from '../recording/recorded-body';

const PIECE_CHARACTERS = 256 * 1024;
/** As of every recording. */
const MOST_BYTES = 256 * 1024 * 1024;
const LONGEST_LABEL = 1_024;

/** Records a replay at its clients: what they sent and got. */
export class ReplayRecord {
  private piece = '';
  private frames = 0;
  /** Why it ended before the replay did; what was recorded until then is in the file. */
  problem: string | undefined;
  private readonly file: NewFile;
  private readonly startedAt = Date.now();
  private readonly began = performance.now();

  /** @throws {RecordingFileError} */
  constructor(path: string, url: string, version: string) {
    this.file = new NewFile(path);
    this.piece = recordingLine({ thread_lens_recording: RECORDING_VERSION, created: new Date(this.startedAt).toISOString(), source: 'replay', url, version, redacted: true });
  }

  opened(connection: string, user: string | undefined, threads: readonly string[], alreadyOpen: boolean): void {
    const entry: ConnectionOpened = { kind: 'connection_opened', t: this.now(), connection, threads, ...(user === undefined ? {} : { user }), ...(alreadyOpen ? { already_open: true } : {}) };
    this.put(entry);
  }

  closed(connection: string, code: number, reason: string): void {
    this.put({ kind: 'connection_closed', t: this.now(), connection, code, ...(reason === '' ? {} : { reason }) });
  }

  /** @param connection absent for what agents sent */
  frame(direction: 'in' | 'out', connection: string | undefined, body: Buffer, binary: boolean): void {
    this.put({
      kind: 'frame', t: this.now(), seq: ++this.frames, direction, peer: connection === undefined ? 'agent' : 'client', ...(connection === undefined ? {} : { connection }),
      ...(binary ? {} : labelsOf(body.toString())), bytes: body.length, ...recordedBody(body, binary),
    });
  }

  /** Completes the file. */
  end(): void {
    this.put({ kind: 'end', t: this.now(), why: 'stopped' });
    this.write();
    this.file.close();
  }

  private now(): number {
    return Math.round(performance.now() - this.began);
  }

  private put(entry: RecordingEntry): void {
    if (this.problem !== undefined) return;
    this.piece += recordingLine(entry);
    if (this.piece.length >= PIECE_CHARACTERS) this.write();
  }

  private write(): void {
    const { piece, file } = this;
    this.piece = '';
    try {
      if (file.bytes + piece.length > MOST_BYTES) this.fail('size_limit', `the recording reached its bound of ${MOST_BYTES} bytes and ended`);
      else file.append(piece);
    } catch (error) {
      this.fail('disk', messageOf(error), piece);
    }
  }

  /** It cannot go on; whole lines that there is room for are kept. */
  private fail(why: 'disk' | 'size_limit', problem: string, piece = ''): void {
    this.problem = problem;
    try {
      for (const line of piece.split(/(?<=\n)/)) this.file.append(line);
      this.file.append(recordingLine({ kind: 'end', t: this.now(), why, detail: problem }));
    } catch {
      // That is all there was room for.
    }
  }
}

function labelsOf(text: string): { type?: string; thread?: string; run?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  const label = (name: string): string | undefined => {
    const found = own(value, name);
    return typeof found === 'string' && found !== '' ? found.slice(0, LONGEST_LABEL) : undefined;
  };
  const [type, thread, run] = [label('type'), label('thread_id'), label('run_id')];
  return { ...(type === undefined ? {} : { type }), ...(thread === undefined ? {} : { thread }), ...(run === undefined ? {} : { run }) };
}
