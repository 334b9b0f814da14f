import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';

export interface ShownProgress {
  readonly title: string | undefined;
  readonly location: vscode.ProgressLocation | { readonly viewId: string };
  readonly cancellable: boolean;
  readonly reports: { readonly message?: string; readonly increment?: number }[];
  done: boolean;
  /** Presses Cancel. */
  readonly cancel: () => void;
}

/** Every progress that was shown, running or done. */
export class Progresses {
  readonly shown: ShownProgress[] = [];

  withProgress = async <R>(
    options: vscode.ProgressOptions,
    task: (progress: vscode.Progress<{ message?: string; increment?: number }>, token: vscode.CancellationToken) => Thenable<R>,
  ): Promise<R> => {
    const source = new CancellationTokenSource();
    const { title, location, cancellable = false } = options;
    const shown: ShownProgress = {
      title,
      location,
      cancellable,
      reports: [],
      done: false,
      cancel: () => {
        if (!cancellable) throw new Error(`fake vscode: the progress "${title}" cannot be cancelled`);
        source.cancel();
      },
    };
    this.shown.push(shown);
    try {
      return await task({ report: (report) => void shown.reports.push(report) }, source.token);
    } finally {
      shown.done = true;
      source.dispose();
    }
  };
}
