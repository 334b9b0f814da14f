import type { MessagePort } from 'node:worker_threads';
import { isDialect } from './inspection/inspection-request';
import type { HostToWorker, RouterStart, WorkerToHost } from '../protocol/worker-control';
import { behavioursOf } from '../core/index';
import { Router } from './router';
import { openStore } from './store/open-store';

export function isRouterStart(data: unknown): data is RouterStart {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'thread-lens-router';
}

/** The router in a worker thread: starts, reports, carries inspection texts over the port, and ends with the thread. */
export async function runWorker(start: RouterStart, port: MessagePort): Promise<void> {
  const post = (message: WorkerToHost): void => port.postMessage(message);
  const log = (level: 'debug' | 'info' | 'warn' | 'error', message: string): void => post({ kind: 'log', level, message });
  let router: Router;
  let address: { readonly url: string; readonly port: number };
  try {
    if (!isDialect(start.dialect)) throw new RangeError(`expected a known dialect, received ${JSON.stringify(start.dialect)}`);
    const { host, token, allowedOrigins, dialect, version, limits, profile, behaviours } = start;
    router = new Router({
      host, port: start.port, token, allowedOrigins, dialect, version, log,
      ...(limits === undefined ? {} : { limits }),
      behaviours: behavioursOf(profile, behaviours),
      store: openStore(start.store, log),
    });
    address = await router.start();
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'START';
    post({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
    port.close();
    return;
  }
  post({ kind: 'started', ...address });
  // The port has no backpressure; the feed bounds what it sends in one go.
  const session = router.inspect({ send: (text) => post({ kind: 'inspection', text }), ready: () => true });
  const stop = async (): Promise<void> => {
    await router.stop();
    post({ kind: 'stopped' });
    port.close();
  };
  port.on('message', (message: HostToWorker) => {
    if (message.kind === 'inspection') {
      session.receive(message.text);
      return;
    }
    session.close();
    void stop();
  });
}
