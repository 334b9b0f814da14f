import type { Worker } from 'node:worker_threads';
import type { HostToTask, RecordingTask, TaskResults, TaskStart, TaskToHost } from '../../protocol/recording-task';
import { startWorker, whenEnded } from '../worker-thread';

/** Old-generation heap of a task, in MB: two recordings of the largest size next to each other. */
const MAX_HEAP_MB = 1536;

/** A task on recordings that failed, or was cancelled; `reason` says which. */
export class TaskError extends Error {
  override readonly name = 'TaskError';

  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

export interface TaskEvents {
  progress?(done: number, total: number): void;
  listening?(url: string, clients: number): void;
  inspection?(text: string): void;
}

/** One task in a worker thread, from start to end. */
export class TaskWorker<T extends RecordingTask> {
  private readonly worker: Worker;
  /** @throws {TaskError} */
  readonly result: Promise<TaskResults[T['task']]>;

  /** @param file the bundle for recordings */
  constructor(file: string, version: string, task: T, events: TaskEvents) {
    const start: TaskStart = { kind: 'thread-lens-recording-task', version, task };
    const worker = startWorker(file, { name: `thread-lens-${task.task}`, workerData: start, maxHeapMb: MAX_HEAP_MB });
    this.worker = worker;
    this.result = new Promise((resolve, reject) => {
      // What was answered before stays: a promise is settled once.
      whenEnded(worker, ({ message }) => reject(new TaskError('crashed', message)));
      worker.on('message', (message: TaskToHost) => {
        switch (message.kind) {
          case 'progress':
            events.progress?.(message.done, message.total);
            break;
          case 'listening':
            events.listening?.(message.url, message.clients);
            break;
          case 'inspection':
            events.inspection?.(message.text);
            break;
          case 'done':
            // What a task answers is told by its name.
            resolve(message.result as TaskResults[T['task']]);
            break;
          case 'failed':
            reject(new TaskError(message.reason, message.message));
        }
      });
    });
    // Who only wants to end it need not wait for its result.
    this.result.catch(() => {});
  }

  inspection(text: string): void {
    this.post({ kind: 'inspection', text });
  }

  /** Asks it to end; what is half done is removed. */
  cancel(): void {
    this.post({ kind: 'cancel' });
  }

  terminate(): void {
    void this.worker.terminate();
  }

  private post(message: HostToTask): void {
    this.worker.postMessage(message);
  }
}
