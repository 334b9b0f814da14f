import type { MessagePort } from 'node:worker_threads';
import { messageOf } from '../../core/message-of';
import type { HostToTask, RecordingTask, ReplayTask, ServeTask, TaskResults, TaskStart, TaskToHost } from '../../protocol/recording-task';
import { aborted } from '../abortable';
import { systemCode } from '../system-code';
import { RecordingIndex } from './browse/recording-index';
import { RecordingSession } from './browse/recording-session';
import { compareFiles } from './compare-files';
import { exportHarFile } from './export-har-file';
import { importHarFile } from './import-har-file';
import type { TaskControl } from './read-recording';
import { replayFile } from '../replay/replay-file';
import { ReplayServer } from '../replay/replay-server';

/** Time between two reports of progress, in milliseconds. */
const PROGRESS_MS = 100;

/** Whether a worker thread was started for a task on recordings. */
export function isTaskStart(data: unknown): data is TaskStart {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'thread-lens-recording-task';
}

/** Works on a recording in a worker thread, and tells the workbench over its port. */
export async function runTask({ task, version }: TaskStart, port: MessagePort): Promise<void> {
  const post = (message: TaskToHost): void => port.postMessage(message);
  const cancel = new AbortController();
  let receive: ((text: string) => void) | undefined;
  port.on('message', (message: HostToTask) => {
    if (message.kind === 'cancel') cancel.abort(new Error('cancelled'));
    else receive?.(message.text);
  });
  let told = -PROGRESS_MS;
  const control: TaskControl = {
    signal: cancel.signal,
    progress: (done, total) => {
      const now = performance.now();
      if (now - told < PROGRESS_MS && done < total) return;
      told = now;
      post({ kind: 'progress', done, total });
    },
  };
  try {
    const result = await carryOut(task, version, control, cancel.signal, post, (listener) => {
      receive = listener;
    });
    post({ kind: 'done', result });
  } catch (error) {
    const reason = cancel.signal.aborted ? 'cancelled' : error instanceof Error && 'reason' in error ? String(error.reason) : (systemCode(error) ?? 'internal');
    post({ kind: 'failed', reason, message: messageOf(error) });
  }
  port.close();
}

async function carryOut(task: RecordingTask, version: string, control: TaskControl, cancelled: AbortSignal, post: (message: TaskToHost) => void, listen: (receive: (text: string) => void) => void): Promise<TaskResults[keyof TaskResults]> {
  switch (task.task) {
    case 'compare': {
      const { comparison, markdown } = await compareFiles(task.a, task.b, control);
      return { equal: comparison.equal, markdown, counts: comparison.counts };
    }
    case 'exportHar':
      return exportHarFile(task.from, task.to, version, control);
    case 'importHar':
      return importHarFile(task.from, task.to, version, control);
    case 'browse': {
      const session = new RecordingSession(await RecordingIndex.read(task.file, control), (text) => post({ kind: 'inspection', text }), version);
      listen((text) => session.receive(text));
      await aborted(cancelled);
      session.close();
      return {};
    }
    case 'replay':
      return replayTask(task, version, control);
    case 'serve':
      return serveTask(task, control, cancelled, post);
  }
}

function replayTask(task: ReplayTask, version: string, control: TaskControl): Promise<TaskResults['replay']> {
  const { file, target, token, allowRemote = false, side, timing, remint, record } = task;
  return replayFile(file, { ...control, target, token, allowRemote, side, timing, remint, record, version });
}

async function serveTask(task: ServeTask, control: TaskControl, cancelled: AbortSignal, post: (message: TaskToHost) => void): Promise<TaskResults['serve']> {
  const { file, port, timing, remint, allowedOrigins } = task;
  let url = '';
  const server = await ReplayServer.start(file, { ...control, port, timing, remint, allowedOrigins, clientsChanged: (clients) => post({ kind: 'listening', url, clients }) });
  ({ url } = server);
  post({ kind: 'listening', url, clients: 0 });
  await aborted(cancelled);
  await server.stop();
  return {};
}
