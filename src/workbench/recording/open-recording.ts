import { basename, resolve } from 'node:path';
import { messageOf } from '../../core/message-of';
import { noticeText } from '../notice-text';
import { chooseRecording, fileOf, recordingName } from './recording-files';
import type { RecordingParts } from './recording-parts';
import type { RecordingTasks } from './recording-tasks';
import { RecordingTransport } from './recording-transport';
import { TaskError } from './task-worker';

/**
 * `Thread Lens: Open Recording…`: shows a recording in the views and the Traffic panel, to be looked at only. Answers the
 * ID of the source, or undefined when the user declines or it cannot be read, which was said.
 */
export async function openRecording(parts: RecordingParts, tasks: RecordingTasks, argument: unknown): Promise<string | undefined> {
  const { api, sources, openTraffic } = parts;
  const { l10n, window } = api;
  const chosen = fileOf(argument) ?? (await chooseRecording(api, l10n.t('Open Recording')));
  if (chosen === undefined) return undefined;
  const file = resolve(chosen);
  const label = recordingName(file);
  try {
    const transport = await RecordingTransport.open(tasks, l10n.t('Reading {0}', label), file);
    const id = sourceId(file);
    sources.add({ id, kind: 'recording', label, detail: file, readOnly: true }, transport);
    await openTraffic();
    return id;
  } catch (error) {
    if (error instanceof TaskError && error.reason === 'cancelled') return undefined;
    const asText = l10n.t('Open as Text');
    void window.showErrorMessage(noticeText(l10n.t('{0} cannot be opened: {1}', basename(file), messageOf(error))), asText).then((answer) => (answer === asText ? window.showTextDocument(api.Uri.file(file)) : undefined));
    return undefined;
  }
}

/** `Thread Lens: Close Recording`: the one that is shown, or of that file. Answers whether there was one. */
export function closeRecording({ sources }: RecordingParts, argument: unknown): boolean {
  const file = fileOf(argument);
  const { shown } = sources;
  const id = file === undefined ? (shown?.kind === 'recording' ? shown.id : undefined) : sourceId(resolve(file));
  return id !== undefined && sources.remove(id);
}

function sourceId(file: string): string {
  return `recording:${file}`;
}
