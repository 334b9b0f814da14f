import { messageOf } from '../../core/message-of';
import type { TaskResults } from '../../protocol/recording-task';
import { noticeText } from '../notice-text';
import { chooseRecording, fileOf, recordingName } from './recording-files';
import type { RecordingParts } from './recording-parts';
import type { RecordingTasks } from './recording-tasks';
import { TaskError } from './task-worker';

/**
 * `Thread Lens: Compare Recordings…`: two recordings apart from IDs and times, as a document. Answers whether they are
 * equal and what was counted; undefined when the user declines or they cannot be compared, which was said.
 * @param first a file
 * @param others the other file; or, from the explorer, all selected files
 */
export async function compareRecordingsCommand(parts: RecordingParts, tasks: RecordingTasks, first: unknown, others: unknown): Promise<TaskResults['compare'] | undefined> {
  const { api } = parts;
  const { l10n } = api;
  const selected = Array.isArray(others) ? others.map(fileOf).filter((file) => file !== undefined) : [];
  const [one, two] = selected.length > 1 ? selected : [fileOf(first), fileOf(others)];
  const a = one ?? (await chooseRecording(api, l10n.t('Compare: the First Recording')));
  if (a === undefined) return undefined;
  const b = (two === a ? undefined : two) ?? (await chooseRecording(api, l10n.t('Compare {0} with', recordingName(a)), a));
  return b === undefined ? undefined : showComparison(parts, tasks, a, b);
}

/** Compares two files and shows what came of it. */
export async function showComparison({ api, documents }: RecordingParts, tasks: RecordingTasks, a: string, b: string): Promise<TaskResults['compare'] | undefined> {
  const { l10n, window } = api;
  const [nameA, nameB] = [recordingName(a), recordingName(b)];
  try {
    const result = await tasks.run(l10n.t('Comparing {0} and {1}', nameA, nameB), { task: 'compare', a, b });
    await documents.show(`${l10n.t('Comparison of {0} and {1}', nameA.slice(0, 60), nameB.slice(0, 60))}.md`, result.markdown);
    return result;
  } catch (error) {
    if (!(error instanceof TaskError && error.reason === 'cancelled')) {
      void window.showErrorMessage(noticeText(l10n.t('The recordings cannot be compared: {0}', messageOf(error))));
    }
    return undefined;
  }
}
