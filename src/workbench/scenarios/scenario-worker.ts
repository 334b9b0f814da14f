import type * as vscode from 'vscode';
import type { ScenarioReport, ShapeProblem, VariantName } from '../../core/index';
import type { HostToScenario, ScenarioStart, ScenarioToHost } from '../../protocol/scenario-control';
import type { VscodeApi } from '../vscode-api';
import { startWorker, whenEnded } from '../worker-thread';

/** Old-generation heap of a run, in MB. */
const MAX_HEAP_MB = 768;
/** A run that was cancelled promises to end within a second; after this many ms it is ended. */
const CANCEL_MS = 3000;
/** Problems of a scenario that are told at once. */
const MOST_TOLD = 5;

/** The text is no scenario. */
export class ScenarioInvalidError extends Error {
  override readonly name = 'ScenarioInvalidError';
  readonly reason = 'invalid';

  constructor(
    readonly problems: readonly ShapeProblem[],
    /** Only those are told in the message. */
    told: readonly string[],
  ) {
    super(told.join('; '));
  }
}

/** What is wrong in a scenario, in words. */
export function problemWords({ l10n }: VscodeApi, { path, expected, received }: ShapeProblem): string {
  return path === '' ? l10n.t('Expected {0}, received {1}.', expected, received) : l10n.t('{0}: expected {1}, received {2}', path, expected, received);
}

export interface RunRequest {
  readonly text: string;
  readonly variant?: VariantName | undefined;
  readonly speed?: number | undefined;
}

export interface FinishedRun {
  readonly report: ScenarioReport;
  /** The report for people. */
  readonly markdown: string;
}

export type OnProgress = (progress: ScenarioToHost & { readonly kind: 'progress' }) => void;

/**
 * Runs a scenario in a worker thread of the router's file, never in the extension host. A cancelled run is reported as far as it came.
 * @throws {ScenarioInvalidError} for a text that is no scenario.
 * @throws when the router cannot be set up so, or the thread ends by itself.
 */
export function runInWorker(api: VscodeApi, file: string, { text, variant, speed }: RunRequest, token: vscode.CancellationToken, onProgress: OnProgress): Promise<FinishedRun> {
  const start: ScenarioStart = { kind: 'thread-lens-scenario', text, ...(variant === undefined ? {} : { variant }), ...(speed === undefined ? {} : { speed }) };
  const worker = startWorker(file, { name: 'thread-lens-scenario', workerData: start, maxHeapMb: MAX_HEAP_MB });
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const cancel = (): void => {
      const message: HostToScenario = { kind: 'cancel' };
      worker.postMessage(message);
      timer ??= setTimeout(() => void worker.terminate(), CANCEL_MS);
    };
    if (token.isCancellationRequested) cancel();
    const cancelling = token.onCancellationRequested(cancel);
    worker.on('message', (message: ScenarioToHost) => {
      switch (message.kind) {
        case 'progress':
          onProgress(message);
          break;
        case 'report':
          resolve({ report: message.report, markdown: message.markdown });
          break;
        case 'invalid':
          reject(new ScenarioInvalidError(message.problems, message.problems.slice(0, MOST_TOLD).map((problem) => problemWords(api, problem))));
          break;
        case 'failed':
          reject(new Error(message.message));
      }
    });
    // What was answered before stays: a promise is settled once.
    whenEnded(worker, (why) => {
      clearTimeout(timer);
      cancelling.dispose();
      reject(why);
    });
  });
}

/** Which step of how many, in words. */
export function progressWords({ l10n }: VscodeApi, { variant, done, total, step }: ScenarioToHost & { readonly kind: 'progress' }): string {
  const where = l10n.t('step {0} of {1}: {2}', done + 1, total, step);
  return variant === undefined ? where : `${variantWords(l10n, variant)}, ${where}`;
}

export function variantWords(l10n: typeof vscode.l10n, variant: VariantName): string {
  return variant === 'fault' ? l10n.t('with the fault') : l10n.t('with the fix');
}
