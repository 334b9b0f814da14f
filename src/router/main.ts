/** The router's one file: a worker thread when a workbench started it, else a command. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { runCli } from './cli';
import { isWorkerStart, runWorker } from './worker';

const run = !isMainThread && parentPort && isWorkerStart(workerData) ? runWorker(workerData, parentPort) : runCli(process.argv.slice(2));
run.catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
