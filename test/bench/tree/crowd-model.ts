import type { ChangesMessage, ConnectionInfo, ThreadInfo } from '../../../src/protocol/inspection';

export const CONNECTIONS = 10_000;
export const PER_THREAD = 2;
const CHANGED_AT_ONCE = 200;

function thread(index: number, delivered = 0): ThreadInfo {
  return { id: threadId(index), state: 'live', connections: PER_THREAD, waiting: 0, delivered, failed: 0, lastEventAt: delivered };
}

function threadId(index: number): string {
  return `thread_${index.toString(16).padStart(16, '0')}`;
}

function connection(index: number): ConnectionInfo {
  return {
    id: `conn_u${index}_0a1b2c3d`,
    userId: `u${index}`,
    threads: [threadId(Math.floor(index / PER_THREAD))],
    connectedAt: 1,
    lastActivityAt: 1,
    remoteAddress: '127.0.0.1',
    messagesSent: 1,
    messagesReceived: 0,
    bytesSent: 100,
    bytesReceived: 0,
    bufferedBytes: 0,
    dropped: 0,
  };
}

/** 10,000 connections, two on a thread. */
export function crowdSnapshot(): ChangesMessage {
  return {
    type: 'changes',
    seq: 1,
    reset: true,
    threads: Array.from({ length: CONNECTIONS / PER_THREAD }, (_, index) => thread(index)),
    connections: Array.from({ length: CONNECTIONS }, (_, index) => connection(index)),
  };
}

/** Events reached 200 of their threads, others in each round. */
export function crowdChange(round: number): ChangesMessage {
  const threads = CONNECTIONS / PER_THREAD;
  const from = (round * CHANGED_AT_ONCE) % threads;
  return {
    type: 'changes',
    seq: round + 2,
    threads: Array.from({ length: CHANGED_AT_ONCE }, (_, index) => thread((from + index) % threads, round + 1)),
  };
}
