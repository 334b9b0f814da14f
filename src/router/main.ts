/** The router's one file: a worker thread when a workbench started it, else a command. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { runCli } from './cli';
import { isScenarioStart, runScenarioWorker } from './scenario/scenario-worker';
import { isWorkerStart, runWorker } from './worker';

async function main(): Promise<void> {
  if (!isMainThread && parentPort) {
    if (isWorkerStart(workerData)) return runWorker(workerData, parentPort);
    if (isScenarioStart(workerData)) return runScenarioWorker(workerData, parentPort);
  }
  return runCli(process.argv.slice(2));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
