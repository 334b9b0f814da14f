import { messageOf } from '../../core/message-of';
import type { InspectionTransport } from '../../protocol/inspection';
import { TaskError, type TaskWorker } from './task-worker';
import type { RecordingTasks } from './recording-tasks';

type BrowseTask = { readonly task: 'browse'; readonly file: string };

/** Carries the inspection protocol to a worker that shows a recording. */
export class RecordingTransport implements InspectionTransport {
  /** What came before anybody listened. */
  private early: string[] = [];
  private text: ((text: string) => void) | undefined;
  private closed: ((reason: string) => void) | undefined;
  private greeted: (() => void) | undefined;
  private readonly worker: TaskWorker<BrowseTask>;

  private constructor(tasks: RecordingTasks, file: string) {
    this.worker = tasks.start<BrowseTask>({ task: 'browse', file }, { inspection: (text) => this.take(text) });
    this.worker.result.then(() => this.closed?.('closed'), (error: unknown) => this.closed?.(messageOf(error)));
  }

  /**
   * Reads a recording, and answers when it can be looked at.
   * @throws {TaskError} when it cannot be read
   */
  static async open(tasks: RecordingTasks, file: string): Promise<RecordingTransport> {
    const transport = new RecordingTransport(tasks, file);
    const ended = transport.worker.result.then(() => {
      throw new TaskError('closed', 'closed');
    });
    await Promise.race([
      ended,
      new Promise<void>((resolve) => {
        transport.greeted = resolve;
      }),
    ]);
    return transport;
  }

  send(text: string): void {
    this.worker.inspection(text);
  }

  onText(listener: (text: string) => void): void {
    this.text = listener;
    const { early } = this;
    this.early = [];
    for (const text of early) listener(text);
  }

  onClosed(listener: (reason: string) => void): void {
    this.closed = listener;
  }

  close(): void {
    this.closed = undefined;
    this.worker.cancel();
  }

  private take(text: string): void {
    if (this.text) this.text(text);
    else this.early.push(text);
    this.greeted?.();
  }
}
