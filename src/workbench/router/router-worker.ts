import type { Worker } from 'node:worker_threads';
import type { InspectionTransport } from '../../protocol/inspection';
import type { HostToWorker, WorkerStart, WorkerToHost } from '../../protocol/worker-control';
import { startWorker, whenEnded } from '../worker-thread';

/** Old-generation heap of the router, in MB: enough for 10,000 connections and a full journal, never the machine. */
const MAX_HEAP_MB = 1024;
/** The router promises to be gone within a second; after this many ms it is ended. */
const STOP_TIMEOUT_MS = 2000;

/** The router could not start; `code` is the system's, e.g. `EADDRINUSE`. */
export class RouterStartError extends Error {
  override readonly name = 'RouterStartError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface RouterWorkerEvents {
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
  /** The thread ended although nobody stopped it. */
  crashed(message: string): void;
}

/** The router's worker thread, from start to end. */
export class RouterWorker {
  private readonly textListeners: ((text: string) => void)[] = [];
  private readonly closedListeners: ((reason: string) => void)[] = [];
  private readonly ended: Promise<void>;
  private stopping = false;

  private constructor(
    private readonly worker: Worker,
    private readonly events: RouterWorkerEvents,
  ) {
    this.ended = new Promise((resolve) => whenEnded(worker, () => resolve()));
  }

  /**
   * Starts the thread and waits until it listens.
   * @throws {RouterStartError} when it cannot listen, or ends first.
   */
  static async start(file: string, start: WorkerStart, events: RouterWorkerEvents): Promise<RouterWorker & { url: string; port: number }> {
    const worker = startWorker(file, { name: 'thread-lens-router', workerData: start, maxHeapMb: MAX_HEAP_MB, printed: (text) => events.log('info', text) });
    const router = new RouterWorker(worker, events);
    const { url, port } = await router.listening();
    return Object.assign(router, { url, port });
  }

  readonly transport: InspectionTransport = {
    send: (text) => this.post({ kind: 'inspection', text }),
    onText: (listener) => this.textListeners.push(listener),
    onClosed: (listener) => this.closedListeners.push(listener),
    close: () => {},
  };

  /** Asks the router to stop and waits until its thread is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.post({ kind: 'stop' });
    const timer = setTimeout(() => void this.worker.terminate(), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends the thread at once, for when the window goes away. */
  terminate(): void {
    this.stopping = true;
    this.post({ kind: 'stop' });
    setTimeout(() => void this.worker.terminate(), STOP_TIMEOUT_MS).unref();
  }

  private post(message: HostToWorker): void {
    this.worker.postMessage(message);
  }

  private listening(): Promise<{ url: string; port: number }> {
    return new Promise((resolve, reject) => {
      let started = false;
      whenEnded(this.worker, ({ message: why }) => {
        if (!started) reject(new RouterStartError('EXIT', why));
        for (const listener of this.closedListeners) listener(why);
        if (started && !this.stopping) this.events.crashed(why);
      });
      this.worker.on('message', (message: WorkerToHost) => {
        switch (message.kind) {
          case 'started':
            started = true;
            resolve({ url: message.url, port: message.port });
            break;
          case 'failed':
            reject(new RouterStartError(message.code, message.message));
            void this.worker.terminate();
            break;
          case 'inspection':
            for (const listener of this.textListeners) listener(message.text);
            break;
          case 'log':
            this.events.log(message.level, message.message);
            break;
          case 'stopped':
            break;
        }
      });
    });
  }
}
