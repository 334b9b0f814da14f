/** Bounds of everything that a peer could make grow (SECURITY 9-11). Times are milliseconds, sizes bytes. */
export interface Limits {
  /** Open client connections. */
  readonly connections: number;
  /** Open agent connections. */
  readonly agents: number;
  /** Attached inspectors. */
  readonly inspectors: number;
  /** Sockets that have not finished their first request or handshake. */
  readonly pendingHandshakes: number;
  /** Largest message in either direction. */
  readonly messageBytes: number;
  /** Largest body of an HTTP request. */
  readonly bodyBytes: number;
  /** Messages a client may send in a second, on average; bursts of twice as many pass. */
  readonly clientMessagesPerSecond: number;
  /** Known threads. */
  readonly threads: number;
  /** Threads of one connection. */
  readonly threadsPerConnection: number;
  /** Known runs. */
  readonly runs: number;
  /** Registrations; the oldest go first. */
  readonly registrations: number;
  /** Age at which a registration expires (DOMAIN 3). */
  readonly registrationAge: number;
  /** Longest thread, run or user ID, type of a message, or name of an agent, in UTF-16 units. */
  readonly labelLength: number;
  /** Unread bytes from which on events are dropped for a connection. */
  readonly softBufferBytes: number;
  /** Unread bytes at which a connection is closed with 1013. */
  readonly hardBufferBytes: number;
  /** Time between pings; a peer that misses two is ended. */
  readonly heartbeatInterval: number;
  /** Waiting events of one thread. */
  readonly waitingPerThread: number;
  readonly waitingBytesPerThread: number;
  /** Memory for the waiting events of all threads. */
  readonly waitingBytes: number;
  /** Age at which a waiting event becomes a dead letter. */
  readonly waitingAge: number;
  readonly deadLetters: number;
  readonly deadLetterBytes: number;
  /** Deliveries remembered. */
  readonly deliveries: number;
  /** Frames remembered. */
  readonly journalFrames: number;
  /** Memory for the bodies of frames. */
  readonly journalBytes: number;
  /** Kept of one body. */
  readonly journalBodyBytes: number;
  /** Largest file of one recording. */
  readonly recordingBytes: number;
  /** Moments in the timeline of one connection. */
  readonly timelineMoments: number;
  /** Closed connections whose details stay available. */
  readonly closedConnections: number;
  /** Largest message that a tap passes on. */
  readonly tappedMessageBytes: number;
  /** What a client may send before the backend behind a tap has accepted it. */
  readonly earlyBytes: number;
  /** Time a backend may take for a handshake. */
  readonly backendHandshake: number;
  /** Kept of the body with which a backend refuses a handshake. */
  readonly refusalBytes: number;
  /** HTTP requests that a tap passes on at a time. */
  readonly passedRequests: number;
  readonly breakpoints: number;
  /** Frames held at a time; beyond it frames pass. */
  readonly heldFrames: number;
  /** Memory for frames that are held or wait behind one. */
  readonly heldBytes: number;
  /** Frames that wait behind a held one before their sender is no longer read. */
  readonly queuedFrames: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const DEFAULT_LIMITS: Limits = {
  connections: 12_000,
  agents: 64,
  inspectors: 16,
  pendingHandshakes: 512,
  messageBytes: MiB,
  bodyBytes: MiB,
  clientMessagesPerSecond: 1_000,
  threads: 20_000,
  threadsPerConnection: 1_000,
  runs: 20_000,
  registrations: 10_000,
  registrationAge: 24 * 3_600_000,
  labelLength: 1_024,
  softBufferBytes: MiB,
  hardBufferBytes: 8 * MiB,
  heartbeatInterval: 30_000,
  waitingPerThread: 1_000,
  waitingBytesPerThread: 4 * MiB,
  waitingBytes: 64 * MiB,
  waitingAge: 10 * 60_000,
  deadLetters: 1_000,
  deadLetterBytes: 16 * MiB,
  deliveries: 10_000,
  journalFrames: 50_000,
  journalBytes: 32 * MiB,
  journalBodyBytes: 64 * KiB,
  recordingBytes: 256 * MiB,
  timelineMoments: 100,
  closedConnections: 500,
  tappedMessageBytes: 64 * MiB,
  earlyBytes: MiB,
  backendHandshake: 10_000,
  refusalBytes: MiB,
  passedRequests: 512,
  breakpoints: 100,
  heldFrames: 200,
  heldBytes: 64 * MiB,
  queuedFrames: 200,
};

/** A limit that is unknown or no number that can bound anything. */
export class LimitError extends Error {
  override readonly name = 'LimitError';

  constructor(
    readonly reason: 'unknown-limit' | 'bad-limit',
    message: string,
  ) {
    super(message);
  }
}

/**
 * The defaults with some replaced.
 * @throws {LimitError} for an unknown name or a value that is not a positive safe integer.
 */
export function limitsWith(changes: Readonly<Record<string, number>> = {}): Limits {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw new LimitError('unknown-limit', `expected one of ${Object.keys(DEFAULT_LIMITS).join(', ')}, received ${JSON.stringify(name)}`);
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new LimitError('bad-limit', `expected a positive integer for the limit ${name}, received ${String(value)}`);
    }
  }
  return { ...DEFAULT_LIMITS, ...changes };
}
