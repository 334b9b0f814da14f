import { Worker } from 'node:worker_threads';

/** What a worker thread of ours is started with. */
export interface WorkerOptions {
  readonly name: string;
  readonly workerData: unknown;
  /** Old-generation heap, in MB: beyond it the thread ends, and nothing else. */
  readonly maxHeapMb: number;
  /** Gets what it prints, which is otherwise lost. */
  readonly printed?: (text: string) => void;
}

/** Starts a worker thread whose memory and output are its own. */
export function startWorker(file: string, { name, workerData, maxHeapMb, printed }: WorkerOptions): Worker {
  const worker = new Worker(file, { workerData, name, resourceLimits: { maxOldGenerationSizeMb: maxHeapMb }, stdout: true, stderr: true });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', (text: string) => printed?.(text.trimEnd()));
  return worker;
}

/** Calls when the thread is gone, with why: the error that ended it, or one that says its exit code. */
export function whenEnded(worker: Worker, ended: (why: Error) => void): void {
  let last: Error | undefined;
  worker.on('error', (error: Error) => {
    last = error;
  });
  worker.once('exit', (code) => ended(last ?? new Error(`the thread ended with code ${code}`)));
}
