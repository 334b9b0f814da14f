import type * as vscode from 'vscode';
import type { RecordingTask, TaskResults } from '../../protocol/recording-task';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { type TaskEvents, TaskWorker } from './task-worker';

/** Runs tasks on recordings outside the editor's own thread, with their progress shown. All end with the window. */
export class RecordingTasks implements vscode.Disposable {
  private readonly running = new Set<TaskWorker<RecordingTask>>();

  /** @param file the bundle for recordings */
  constructor(
    private readonly api: VscodeApi,
    private readonly file: string,
    private readonly version: string,
  ) {}

  /** Starts a task that nobody waits for. */
  start<T extends RecordingTask>(task: T, events: TaskEvents = {}): TaskWorker<T> {
    const worker = new TaskWorker(this.file, this.version, task, events);
    // Only to end it: what it answers does not matter here.
    const running = worker as unknown as TaskWorker<RecordingTask>;
    this.running.add(running);
    const ended = (): void => void this.running.delete(running);
    worker.result.then(ended, ended);
    return worker;
  }

  /**
   * Runs a task behind a notification that can cancel it.
   * @throws {TaskError}
   */
  run<T extends RecordingTask>(title: string, task: T): Promise<TaskResults[T['task']]> {
    return this.show(title, task, {}, (worker) => worker.result);
  }

  /** Starts a task behind a notification that can cancel it, and stays until what is waited for is there. */
  async show<T extends RecordingTask, R>(title: string, task: T, events: TaskEvents, until: (worker: TaskWorker<T>, token: vscode.CancellationToken) => Promise<R>): Promise<R> {
    const options = { location: this.api.ProgressLocation.Notification, title: noticeText(title), cancellable: true };
    return this.api.window.withProgress(options, async (progress, token) => {
      let shown = 0;
      const worker = this.start(task, {
        ...events,
        progress: (done, total) => {
          const percent = total === 0 ? 0 : Math.floor((100 * done) / total);
          if (percent > shown) progress.report({ increment: percent - shown, message: `${percent} %` });
          shown = Math.max(shown, percent);
        },
      });
      const listener = token.onCancellationRequested(() => worker.cancel());
      try {
        return await until(worker, token);
      } finally {
        listener.dispose();
      }
    });
  }

  dispose(): void {
    for (const worker of this.running) worker.terminate();
    this.running.clear();
  }
}
