// A WebSocket that comes back: the router may start later, stop, and start again.
import { setTimeout as sleep } from 'node:timers/promises';

if (typeof WebSocket === 'undefined') throw new Error(`expected Node 22 or newer, received ${process.version}`);

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;

/** `ws://127.0.0.1:8787` unless THREAD_LENS_URL says otherwise. */
export const ROUTER = process.env.THREAD_LENS_URL ?? 'ws://127.0.0.1:8787';

/**
 * Connects and calls `use(socket, closed)` each time; again, with growing pauses, after the socket closed.
 * @param {string} path
 * @param {{ protocols?: string[], signal?: AbortSignal, use: (socket: WebSocket, closed: AbortSignal) => unknown }} options
 */
export async function stayConnected(path, { protocols = [], signal, use }) {
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    if (signal?.aborted) return;
    const socket = new WebSocket(ROUTER + path, protocols);
    const closed = new AbortController();
    const stop = () => socket.close();
    signal?.addEventListener('abort', stop);
    socket.onopen = () => {
      pause = FIRST_PAUSE_MS;
      use(socket, closed.signal);
    };
    await new Promise((resolve) => {
      socket.onclose = resolve;
      socket.onerror = () => {}; // `close` follows.
    });
    closed.abort();
    signal?.removeEventListener('abort', stop);
    await sleep(pause, undefined, { signal }).catch(() => {});
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}
