import type { MessagePort } from 'node:worker_threads';
import { behavioursOf, readFieldPaths } from '../core/index';
import { messageOf } from '../core/message-of';
import type { HostToWorker, RouterStart, TapStart, WorkerStart, WorkerToHost } from '../protocol/worker-control';
import { isDialect } from './inspection/inspection-request';
import { Router, type RouterLog } from './router';
import { openStore } from './store/open-store';
import { systemCode } from './system-code';
import { Tap } from './tap/tap';
import { readTapTarget } from './tap/tap-target';

const KINDS: readonly unknown[] = ['thread-lens-router', 'thread-lens-tap'] satisfies readonly WorkerStart['kind'][];

/** Whether a worker thread was started to be a router or a tap. */
export function isWorkerStart(data: unknown): data is WorkerStart {
  return typeof data === 'object' && data !== null && 'kind' in data && KINDS.includes(data.kind);
}

/** A router or a tap in a worker thread: starts, reports, carries inspection texts over the port, and ends with the thread. */
export async function runWorker(start: WorkerStart, port: MessagePort): Promise<void> {
  const post = (message: WorkerToHost): void => port.postMessage(message);
  const log: RouterLog = (level, message) => post({ kind: 'log', level, message });
  let served: Router | Tap;
  let address: { readonly url: string; readonly port: number };
  try {
    served = start.kind === 'thread-lens-tap' ? makeTap(start, log) : makeRouter(start, log);
    address = await served.start();
  } catch (error) {
    post({ kind: 'failed', code: systemCode(error) ?? 'START', message: messageOf(error) });
    port.close();
    return;
  }
  post({ kind: 'started', url: address.url, port: address.port });
  // The port has no backpressure; the feed bounds what it sends in one go.
  const session = served.inspect({ send: (text) => post({ kind: 'inspection', text }), ready: () => true });
  const stop = async (): Promise<void> => {
    await served.stop();
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

function makeRouter(start: RouterStart, log: RouterLog): Router {
  if (!isDialect(start.dialect)) throw new RangeError(`expected a known dialect, received ${JSON.stringify(start.dialect)}`);
  const { host, port, token, allowedOrigins, dialect, version, limits, profile, behaviours } = start;
  return new Router({
    host, port, token, allowedOrigins, dialect, version, log,
    ...(limits === undefined ? {} : { limits }),
    behaviours: behavioursOf(profile, behaviours),
    store: openStore(start.store, log),
  });
}

function makeTap({ port, token, version, target, allowedTargets, allowedOrigins, forwardCredentials, fields, holdTimeout }: TapStart, log: RouterLog): Tap {
  return new Tap({
    port, token, version, allowedOrigins, forwardCredentials, log,
    target: readTapTarget(target, allowedTargets),
    paths: readFieldPaths(fields),
    ...(holdTimeout === undefined ? {} : { holdTimeout }),
  });
}
