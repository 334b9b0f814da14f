import { join } from 'node:path';
import { RECORDING_EXTENSION } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { ReplayedSide, ReplayOutcome } from '../../protocol/recording-task';
import { COMMANDS } from '../commands';
import { needTrust } from '../need-trust';
import { noticeText } from '../notice-text';
import { readRouterSettings } from '../settings';
import { askReplay } from './ask-replay';
import { showComparison } from './compare-recordings-command';
import { chooseRecording, fileOf, keepNewest, ownFolder, recordingName, timedName } from './recording-files';
import type { RecordingParts } from './recording-parts';
import type { RecordingTasks } from './recording-tasks';
import { type ReplayRequest, replayRequestOf } from './replay-request';
import { serveRecording, type ServedRecording } from './serve-recording';
import { TaskError } from './task-worker';
import { Words } from '../words';

/** Recordings of replays that are kept. */
const MOST_REPLAYS = 20;

/** What came of a replay. */
export interface Replayed extends ReplayOutcome {
  /** What came back, recorded. */
  readonly file?: string;
  /** Whether it is equal to the recording but for IDs and times; absent when they were not compared. */
  readonly equal?: boolean;
}

/**
 * `Thread Lens: Replay…`: plays a recording to a server, or stands in for one. Answers what came of it; undefined when
 * the user declines or it cannot be done, which was said.
 * @param argument a recording, as a path or a URI; `{file, side?, target?, timing?, remint?}` asks nothing
 */
export async function replayCommand(parts: RecordingParts, tasks: RecordingTasks, argument: unknown): Promise<Replayed | ServedRecording | undefined> {
  const { api, router } = parts;
  const { l10n, window, workspace } = api;
  if (!workspace.isTrusted) {
    await needTrust(api, l10n.t('Replaying needs a trusted workspace: it connects to servers and sends messages.'));
    return undefined;
  }
  const file = fileOf(argument) ?? (await chooseRecording(api, l10n.t('Replay')));
  if (file === undefined) return undefined;
  const { state } = router;
  const scene = { routerUrl: state.kind === 'running' ? state.url : undefined, routerPort: readRouterSettings(api).port };
  const request = replayRequestOf(argument) ?? (await askReplay(api, recordingName(file), scene));
  if (!request) return undefined;
  try {
    return request.side === 'serve' ? await serveRecording(parts, tasks, file, request) : await play(parts, tasks, file, request);
  } catch (error) {
    if (!(error instanceof TaskError && error.reason === 'cancelled')) void window.showErrorMessage(noticeText(l10n.t('The replay failed: {0}', messageOf(error))));
    return undefined;
  }
}

async function play(parts: RecordingParts, tasks: RecordingTasks, file: string, request: ReplayRequest): Promise<Replayed | undefined> {
  const { api, router, now, context } = parts;
  const { l10n } = api;
  const name = recordingName(file);
  const { side, timing, remint, allowRemote } = request;
  if (side === 'serve') return undefined;
  const own = request.target === undefined ? await router.start() : undefined;
  const target = request.target ?? own?.url;
  const token = request.token ?? own?.token;
  if (target === undefined) return undefined;
  const folder = await ownFolder(api, context, 'replays');
  if (folder !== undefined) await keepNewest(api, folder, MOST_REPLAYS - 1);
  const record = folder === undefined ? undefined : join(folder, `${timedName(now())} ${name.slice(0, 60)}${RECORDING_EXTENSION}`);
  const run = (by: 'target' | 'clients'): Promise<ReplayOutcome> =>
    tasks.run(l10n.t('Replaying {0}', name), {
      task: 'replay', file, target, side, timing, ...(token === undefined ? {} : { token }), ...(remint ? { remint } : {}), ...(allowRemote ? { allowRemote } : {}),
      ...(record === undefined ? {} : { record: { file: record, by } }),
    });
  // Our own router sees outcomes and associations too, unless it records already; that it says before anything is sent.
  const outcome = await run(own ? 'target' : 'clients').catch((error: unknown) => {
    if (error instanceof TaskError && error.reason === 'recording') return run('clients');
    throw error;
  });
  // A part of the traffic is not to be held next to the whole.
  const comparison = record !== undefined && side === 'both' && !outcome.cancelled ? await showComparison(parts, tasks, file, record) : undefined;
  void tell(parts, outcome, side, record, comparison?.equal);
  return { ...outcome, ...(record === undefined ? {} : { file: record }), ...(comparison ? { equal: comparison.equal } : {}) };
}

async function tell({ api }: RecordingParts, outcome: ReplayOutcome, side: ReplayedSide, file: string | undefined, equal: boolean | undefined): Promise<void> {
  const { l10n, window, commands } = api;
  const words = new Words(api);
  const { received, expected, problems, incomplete, agentEvents, clientMessages } = outcome;
  const sentences = [
    outcome.cancelled ? l10n.t('The replay was cancelled.') : l10n.t('Replayed {0} of agents and {1} of clients; {2} came back, as against {3} recorded.', words.events(agentEvents), words.messages(clientMessages), words.messages(received), expected),
    ...(agentEvents > 0 || side === 'clients' ? [] : [l10n.t('The recording holds no events of agents; a tap or a browser sees none. Replay its server instead.')]),
    ...(equal === undefined ? [] : [equal ? l10n.t('Everything is equal except IDs and times.') : l10n.t('There are differences.')]),
    ...(incomplete === 0 ? [] : [l10n.t('{0} messages are incomplete in the recording and were not sent.', incomplete)]),
    ...(problems[0] === undefined ? [] : [l10n.t('{0} did not go as recorded, the first: {1}', problems.length, problems[0])]),
  ];
  const open = l10n.t('Open in Traffic');
  const text = sentences.join(' ');
  const buttons = file === undefined ? [] : [open];
  const answer = problems.length > 0 || equal === false ? await window.showWarningMessage(noticeText(text), ...buttons) : await window.showInformationMessage(noticeText(text), ...buttons);
  if (answer === open) await commands.executeCommand(COMMANDS.recordingOpen, file);
}
