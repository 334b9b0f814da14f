/**
 * What is loaded only to work on recordings: it is bundled into a file of its own, `dist/recordings.js`, which is also a
 * worker thread of the workbench. Import values from here only through `loadRecordings`, and test no error of it with `instanceof`.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { isTaskStart, runTask } from './recording-worker';

export { compareFiles } from './compare-files';
export { exportHarFile } from './export-har-file';
export { importHarFile } from './import-har-file';
export { InspectionCaller } from '../replay/inspection-caller';
export { replayFile } from '../replay/replay-file';
export { ReplayServer } from '../replay/replay-server';

if (!isMainThread && parentPort && isTaskStart(workerData)) void runTask(workerData, parentPort);
