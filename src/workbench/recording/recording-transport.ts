import type * as vscode from 'vscode';
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
  private worker: TaskWorker<BrowseTask> | undefined;

  private constructor() {}

  /**
   * Reads a recording behind a notification of that title, and answers when it can be looked at.
   * @throws {TaskError} when it cannot be read, or that was cancelled
   */
  static async open(tasks: RecordingTasks, title: string, file: string): Promise<RecordingTransport> {
    const transport = new RecordingTransport();
    await tasks.show<BrowseTask, void>(title, { task: 'browse', file }, { inspection: (text) => transport.take(text) }, (worker, token) => transport.ready(worker, token));
    return transport;
  }

  send(text: string): void {
    this.worker?.inspection(text);
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
    this.worker?.cancel();
  }

  private async ready(worker: TaskWorker<BrowseTask>, token: vscode.CancellationToken): Promise<void> {
    this.worker = worker;
    const cancelled = new TaskError('cancelled', 'cancelled');
    const ended = worker.result.then(() => {
      throw cancelled;
    });
    worker.result.then(() => this.closed?.('closed'), (error: unknown) => this.closed?.(messageOf(error)));
    await Promise.race([
      ended,
      new Promise<void>((resolve) => {
        this.greeted = resolve;
      }),
    ]);
    if (token.isCancellationRequested) throw cancelled;
  }

  private take(text: string): void {
    if (this.text) this.text(text);
    else this.early.push(text);
    this.greeted?.();
  }
}
