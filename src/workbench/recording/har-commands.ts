import { join } from 'node:path';
import { RECORDING_EXTENSION } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { TaskResults } from '../../protocol/recording-task';
import { COMMANDS } from '../commands';
import { noticeText } from '../notice-text';
import { Words } from '../words';
import { fileOf, openDialog, ownFolder, recordingName, saveDialog, suggestedFolder, timedName } from './recording-files';
import type { RecordingParts } from './recording-parts';
import type { RecordingTasks } from './recording-tasks';
import { TaskError } from './task-worker';

const HAR_EXTENSION = '.har';

/**
 * `Thread Lens: Export HAR…`: a recording, or what the shown source remembers, as HAR 1.2. Answers the new file and what
 * it holds; undefined when the user declines or it cannot be written, which was said.
 * @param argument a recording, as a path, a URI or `{file, to}`; without it what is shown
 */
export async function exportHar(parts: RecordingParts, tasks: RecordingTasks, argument: unknown): Promise<(TaskResults['exportHar'] & { file: string }) | undefined> {
  const { api, sources, now } = parts;
  const { l10n, window } = api;
  const words = new Words(api);
  const { shown } = sources;
  const given = fileOf(argument) ?? (shown?.kind === 'recording' ? shown.detail : undefined);
  if (given === undefined && !sources.client) {
    void window.showInformationMessage(noticeText(l10n.t('There is nothing to export: no router runs, and none is attached. Open a recording first.')));
    return undefined;
  }
  const name = given === undefined ? timedName(now()) : recordingName(given);
  const to = targetOf(argument) ?? (await saveDialog(api, l10n.t('Export HAR'), join(suggestedFolder(api, given), `${name}${HAR_EXTENSION}`), HAR_EXTENSION));
  if (to === undefined) return undefined;
  try {
    const from = given ?? (await saveShown(parts));
    try {
      const result = await tasks.run(l10n.t('Exporting {0}', name), { task: 'exportHar', from, to });
      window.setStatusBarMessage(l10n.t('Exported {0} of {1}.', words.messages(result.messages), words.connections(result.connections)), 6000);
      return { ...result, file: to };
    } finally {
      // The HAR, or why there is none, is the answer.
      if (given === undefined) await api.workspace.fs.delete(api.Uri.file(from)).then(undefined, () => {});
    }
  } catch (error) {
    if (!isCancelled(error)) void window.showErrorMessage(noticeText(l10n.t('The HAR could not be written: {0}', messageOf(error))));
    return undefined;
  }
}

/**
 * `Thread Lens: Import HAR…`: the WebSocket traffic of a HAR as a new recording, which is opened. Answers the new file
 * and what it holds; undefined as `exportHar`.
 * @param argument the HAR, as a path, a URI or `{file, to}`; without it asks
 */
export async function importHar({ api }: RecordingParts, tasks: RecordingTasks, argument: unknown): Promise<(TaskResults['importHar'] & { file: string }) | undefined> {
  const { l10n, window, commands } = api;
  const words = new Words(api);
  const from = fileOf(argument) ?? (await openDialog(api, l10n.t('Import HAR'), { HAR: ['har'] }));
  if (from === undefined) return undefined;
  const name = recordingName(from).replace(/\.har$/i, '');
  const to = targetOf(argument) ?? (await saveDialog(api, l10n.t('Import HAR to'), join(suggestedFolder(api, from), `${name}${RECORDING_EXTENSION}`), RECORDING_EXTENSION));
  if (to === undefined) return undefined;
  try {
    const result = await tasks.run(l10n.t('Importing {0}', name), { task: 'importHar', from, to });
    const passedOver = result.skippedEntries + result.skippedMessages;
    window.setStatusBarMessage(
      passedOver === 0
        ? l10n.t('Imported {0} of {1}.', words.messages(result.messages), words.connections(result.connections))
        : l10n.t('Imported {0} of {1}. Skipped: requests without messages ({2}), messages that are neither text nor binary ({3}).', words.messages(result.messages), words.connections(result.connections), result.skippedEntries, result.skippedMessages),
      8000,
    );
    await commands.executeCommand(COMMANDS.recordingOpen, to);
    return { ...result, file: to };
  } catch (error) {
    if (!isCancelled(error)) void window.showErrorMessage(noticeText(l10n.t('The HAR could not be imported: {0}', messageOf(error))));
    return undefined;
  }
}

/** Has the shown source write what it remembers to a file of ours. */
async function saveShown({ api, context, sources, now }: RecordingParts): Promise<string> {
  const folder = await ownFolder(api, context, 'exports');
  if (folder === undefined || !sources.client) throw new TaskError('no_folder', api.l10n.t('this window has no disk to work on'));
  const file = join(folder, `${timedName(now())} ${process.pid}${RECORDING_EXTENSION}`);
  await sources.client.request('saveJournal', { file });
  return file;
}

function targetOf(argument: unknown): string | undefined {
  return typeof argument === 'object' && argument !== null && 'to' in argument && typeof argument.to === 'string' ? argument.to : undefined;
}

function isCancelled(error: unknown): boolean {
  return error instanceof TaskError && error.reason === 'cancelled';
}
