import { noticeText } from '../notice-text';
import { readRouterSettings } from '../settings';
import { recordingName } from './recording-files';
import type { RecordingParts } from './recording-parts';
import type { RecordingTasks } from './recording-tasks';
import type { ReplayRequest } from './replay-request';
import { TaskError } from './task-worker';

/** A recording that stands in for its server until its notification is cancelled. */
export interface ServedRecording {
  /** Where clients connect. */
  readonly url: string;
}

/**
 * Listens on loopback and sends clients what the recorded ones got, until the user cancels the notification.
 * @throws {TaskError} when it cannot listen, or the recording cannot be read
 */
export async function serveRecording({ api }: RecordingParts, tasks: RecordingTasks, file: string, { port = 0, timing, remint }: ReplayRequest): Promise<ServedRecording> {
  const { l10n, window, env } = api;
  const { allowedOrigins } = readRouterSettings(api);
  let told: ((url: string, clients: number) => void) | undefined;
  let listening: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const worker = tasks.start({ task: 'serve', file, port, timing, allowedOrigins, ...(remint ? { remint } : {}) }, {
    listening: (at, clients) => {
      listening(at);
      told?.(at, clients);
    },
  });
  const failed = worker.result.then(() => {
    throw new TaskError('cancelled', 'cancelled');
  });
  const at = await Promise.race([url, failed]);
  const options = { location: api.ProgressLocation.Notification, title: noticeText(l10n.t('Serving {0}', recordingName(file))), cancellable: true };
  void window.withProgress(options, async (progress, token) => {
    told = (where, clients) => progress.report({ message: clients === 1 ? l10n.t('{0}, 1 client', where) : l10n.t('{0}, {1} clients', where, clients) });
    told(at, 0);
    const listener = token.onCancellationRequested(() => worker.cancel());
    await worker.result.then(undefined, () => {});
    listener.dispose();
  });
  await env.clipboard.writeText(at);
  window.setStatusBarMessage(l10n.t('Copied {0}', at), 4000);
  return { url: at };
}
