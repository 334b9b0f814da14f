import { RecordedMembership, type RecordedFrame, type RecordingEntry } from '../../../core/index';
import type { ConnectionDetails, ConnectionInfo, ConnectionMoment } from '../../../protocol/inspection';

const MOST_MOMENTS = 200;
/** Frames times their recipients that are counted for each connection. */
const MOST_COUNTED = 20_000_000;

interface Life {
  readonly info: { -readonly [K in keyof ConnectionInfo]: ConnectionInfo[K] };
  readonly threads: Set<string>;
  readonly timeline: ConnectionMoment[];
  readonly handshake: Readonly<Record<string, string>>;
  open: boolean;
  closeCode: number | undefined;
  closeReason: string | undefined;
}

/** The connections of a recording, each with all the threads it was ever on. */
export class RecordedConnections {
  private readonly lives = new Map<string, Life>();
  private readonly membership = new RecordedMembership();
  private counted = 0;

  constructor(private readonly startedAt: number) {}

  take(entry: RecordingEntry): void {
    const at = this.startedAt + entry.t;
    if (entry.kind === 'frame') this.takeFrame(entry, at);
    else if (entry.kind === 'connection_opened') {
      const { connection, user, threads, headers = {}, subprotocol } = entry;
      const life: Life = {
        info: {
          id: connection, ...(user === undefined ? {} : { userId: user }), threads: [], connectedAt: at, lastActivityAt: at, remoteAddress: headers['host'] ?? '',
          ...(headers['origin'] === undefined ? {} : { origin: headers['origin'] }),
          ...(headers['user-agent'] === undefined ? {} : { userAgent: headers['user-agent'] }),
          ...(subprotocol === undefined ? {} : { subprotocol }),
          messagesSent: 0, messagesReceived: 0, bytesSent: 0, bytesReceived: 0, bufferedBytes: 0, dropped: 0,
        },
        threads: new Set(threads), timeline: [], handshake: headers, open: true, closeCode: undefined, closeReason: undefined,
      };
      this.lives.set(connection, life);
      note(life, { at, what: 'connected', detail: entry.already_open ? 'connected before the recording' : user === undefined ? 'connected without a user' : `connected as user ${user}` });
    } else if (entry.kind === 'association') {
      const life = this.lives.get(entry.connection);
      if (life) {
        life.threads.add(entry.thread);
        note(life, { at, what: entry.what, detail: `${entry.what === 'associated' ? 'joined' : 'left'} by ${entry.how}`, threadId: entry.thread });
      }
    } else if (entry.kind === 'connection_closed') {
      const life = this.lives.get(entry.connection);
      if (life) {
        life.open = false;
        life.closeCode = entry.code;
        life.closeReason = entry.reason;
        note(life, { at, what: 'closed', detail: `${entry.code === undefined ? 'without a code' : `with code ${entry.code}`}${entry.reason === undefined ? '' : `: ${entry.reason}`}` });
      }
    }
    this.membership.take(entry);
  }

  all(): ConnectionInfo[] {
    return Array.from(this.lives.values(), infoOf);
  }

  details(id: string): ConnectionDetails | undefined {
    const life = this.lives.get(id);
    if (!life) return undefined;
    const { open, closeCode, closeReason, handshake, timeline } = life;
    return { ...infoOf(life), open, ...(closeCode === undefined ? {} : { closeCode }), ...(closeReason === undefined ? {} : { closeReason }), handshake, timeline };
  }

  private takeFrame(frame: RecordedFrame, at: number): void {
    if (frame.peer === 'agent') return;
    if (frame.direction === 'in') {
      const life = this.lives.get(frame.connection ?? '');
      if (!life) return;
      life.info.messagesReceived++;
      life.info.bytesReceived += frame.bytes;
      life.info.lastActivityAt = at;
      // What a HAR says of threads, its messages say.
      if (frame.thread !== undefined) life.threads.add(frame.thread);
      return;
    }
    if (this.counted > MOST_COUNTED) return;
    for (const connection of this.membership.recipients(frame)) {
      this.counted++;
      const life = this.lives.get(connection);
      if (!life) continue;
      life.info.messagesSent++;
      life.info.bytesSent += frame.bytes;
    }
    for (const connection of frame.skipped ?? []) {
      const life = this.lives.get(connection);
      if (life) life.info.dropped++;
    }
  }
}

function infoOf({ info, threads }: Life): ConnectionInfo {
  return { ...info, threads: [...threads] };
}

function note(life: Life, moment: ConnectionMoment): void {
  if (life.timeline.length < MOST_MOMENTS) life.timeline.push(moment);
}
