import { OriginalConnectionManager, type SocketPort } from './original-manager';
import type { SendResult } from '../../../../src/core/behaviour/original/send-attempts';
import type { WireMessage } from '../../../../src/core/behaviour/original/wire-message';

export type Mode = 'ok' | 'raise' | 'timeout' | 'drop_on_send' | 'disconnected';
export type Op = readonly [name: string, ...rest: unknown[]];

/** What a step of `vectors/connection_manager.jsonl` records. */
export interface StepAnswer {
  readonly result: unknown;
  readonly delivered: Readonly<Record<string, readonly WireMessage[]>>;
  readonly closed: Readonly<Record<string, readonly [code: number, reason: string]>>;
  readonly connections: Readonly<Record<string, unknown>>;
  readonly user_connections: Readonly<Record<string, readonly string[]>>;
}

/** A socket that does what its mode says. */
export class FakeSocket implements SocketPort {
  delivered: WireMessage[] = [];
  closed: [number, string] | undefined;

  constructor(public mode: Mode) {}

  isConnected(): boolean {
    return this.mode !== 'disconnected';
  }

  send(message: WireMessage, _timeoutMs: number, done: (result: SendResult) => void): void {
    if (this.mode === 'timeout') return done('timeout');
    if (this.mode === 'drop_on_send') this.mode = 'disconnected';
    if (this.mode !== 'ok') return done('error');
    this.delivered.push({ ...message, ...('timestamp' in message && message['timestamp'] !== undefined ? { timestamp: stamp(message['timestamp']) } : {}) });
    done('sent');
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
    this.mode = 'disconnected';
  }
}

/** The manager as the steps drive it. Each socket has the number in which it came. */
export class ManagerSteps {
  /** Seconds that `advance` let pass: connections expire by them, while the wall clock goes on by itself, as it did when the answers were recorded. */
  private monotonic = 0;
  private wall = Date.UTC(2025, 8, 3, 12);
  private suffixes = 0;
  private readonly sockets: FakeSocket[] = [];
  private readonly ids: string[] = [];
  readonly pauses: number[] = [];
  readonly manager = new OriginalConnectionManager({
    clock: () => this.monotonic * 1_000,
    wallClock: () => this.wall,
    newSuffix: () => (++this.suffixes).toString(16).padStart(8, '0'),
    pause: (ms, then) => {
      this.pauses.push(ms);
      then();
    },
    random: () => 0.5,
  });

  run(op: Op): StepAnswer {
    // In the original some time passes between any two calls.
    this.wall++;
    for (const socket of this.sockets) socket.delivered = [];
    const result = this.carryOut(op) ?? null;
    return {
      result,
      delivered: this.ofSockets((socket) => (socket.delivered.length > 0 ? socket.delivered : undefined)),
      closed: this.ofSockets((socket) => socket.closed),
      connections: Object.fromEntries(this.manager.connections().map(({ id, userId, threadId, healthy, messageCount }) => [
        id, { user_id: userId, thread_id: threadId, is_healthy: healthy, message_count: messageCount },
      ])),
      user_connections: Object.fromEntries(this.manager.users().map(([userId, ids]) => [userId, [...ids].sort()])),
    };
  }

  /** The counts that are not zero. */
  stats(): Record<string, number> {
    const counts = Object.entries(this.manager.counts as unknown as Record<string, number>);
    return Object.fromEntries(counts.filter(([, count]) => count !== 0).map(([name, count]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), count]));
  }

  private carryOut([name, ...rest]: Op): unknown {
    const { manager } = this;
    switch (name) {
      case 'connect': {
        const [user, mode = 'ok', thread = null] = rest as [string, Mode?, (string | null)?];
        const socket = new FakeSocket(mode);
        this.sockets.push(socket);
        this.ids.push(manager.connect(user, socket, thread));
        return this.ids.at(-1);
      }
      case 'associate_user':
        return manager.associateUser(rest[0] as string, rest[1] as string);
      case 'associate_connection':
        return manager.associateConnection(this.id(rest[0]), rest[1] as string);
      case 'set_thread':
        manager.alter(this.id(rest[0]), { threadId: rest[1] as string | null });
        return null;
      case 'unhealthy':
        manager.alter(this.id(rest[0] ?? 0), { healthy: false });
        return null;
      case 'idle':
        manager.alter(this.id(rest[0]), { lastActivityAt: this.wall - Number(rest[1]) * 1_000 });
        return null;
      case 'find':
        return manager.find(this.socket(rest[0]))?.id;
      case 'mode':
        this.socket(rest[0]).mode = rest[1] as Mode;
        return null;
      case 'send_to_thread':
        return answered((done) => manager.sendToThread(rest[0] as string | null, structuredClone(rest[1]), done));
      case 'send_to_user':
        return answered((done) => manager.sendToUser(rest[0] as string, structuredClone(rest[1]), done));
      case 'advance':
        this.monotonic += Number(rest[0]);
        return null;
      case 'cleanup_stale':
        return manager.cleanUpStale();
      case 'disconnect':
        manager.disconnectUser(rest[0] as string);
        return null;
      case 'testing':
        manager.testing = rest[0] === '1';
        return null;
      default:
        throw new Error(`unknown operation ${name}`);
    }
  }

  private id(index: unknown): string {
    return this.ids[Number(index)] ?? 'nobody';
  }

  private socket(index: unknown): FakeSocket {
    const socket = this.sockets[Number(index)];
    if (!socket) throw new Error(`no socket ${String(index)}`);
    return socket;
  }

  private ofSockets<T>(look: (socket: FakeSocket) => T | undefined): Record<string, T> {
    return Object.fromEntries(this.sockets.flatMap((socket, i) => {
      const seen = look(socket);
      return seen === undefined ? [] : [[String(i), seen] as const];
    }));
  }
}

/** Recorded answers have a mark where the original writes the time; the format is held by a test of its own. */
function stamp(value: unknown): unknown {
  return typeof value === 'string' && /^2025-09-03T12:00:\d\d(\.\d{6})?\+00:00$/.test(value) ? '<TS>' : value;
}

function answered(ask: (done: (answer: boolean) => void) => void): boolean {
  let said: boolean | undefined;
  ask((answer) => {
    if (said !== undefined) throw new Error('answered twice');
    said = answer;
  });
  if (said === undefined) throw new Error('expected an answer at once');
  return said;
}
