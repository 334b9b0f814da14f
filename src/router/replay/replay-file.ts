import type { RemintOption, ReplayedSide, ReplayOutcome, ReplayTiming } from '../../protocol/recording-task';
import type { TaskControl } from '../recording/read-recording';
import { InspectionCaller, RouterAnswerError } from './inspection-caller';
import { replay } from './replay';
import { readTarget, ReplayTargetError } from './replay-target';

export interface ReplayFileOptions extends TaskControl {
  /** A router's address, or where the clients of a backend connect. */
  readonly target: string;
  readonly token?: string | undefined;
  readonly allowRemote: boolean;
  readonly side: ReplayedSide;
  readonly timing: ReplayTiming;
  readonly remint?: RemintOption | undefined;
  /** New file for what came back, and who records it: the target, which then has to be one of our routers, or the clients. */
  readonly record?: { readonly file: string; readonly by: 'target' | 'clients' } | undefined;
  readonly version: string;
}

/**
 * Replays a file, and records what came back where that was asked for.
 * @throws as `replay`; {RouterAnswerError} when the target cannot record
 */
export async function replayFile(path: string, options: ReplayFileOptions): Promise<ReplayOutcome> {
  const { record, token, ...rest } = options;
  const target = readTarget(options.target, token, options.allowRemote);
  if (record?.by !== 'target') return replay(path, { ...rest, target, record: record?.file });
  if (target.agentUrl === undefined || token === undefined) {
    throw new ReplayTargetError('bad_target', `expected the address of a router and its token, because the target is to record, received ${options.target}; have the clients record`);
  }
  const caller = await InspectionCaller.attach(options.target, token);
  let recording = false;
  let problem: string | undefined;
  const stop = async (): Promise<void> => {
    if (!recording) return;
    let why: string | undefined;
    try {
      why = (await caller.request('stopRecording', {})).problem;
    } catch (error) {
      if (!(error instanceof RouterAnswerError) || error.reason !== 'not_recording') throw error;
      why = (await caller.recordingNow())?.problem ?? 'the recording was ended by somebody else';
    }
    if (why !== undefined) problem = `${why}; what was recorded until then is in the file`;
    recording = false;
  };
  try {
    await caller.request('startRecording', { file: record.file });
    recording = true;
    // Before the clients hang up: the recorded ones did not, where the recording ended first.
    const outcome = await replay(path, { ...rest, target, beforeHangUp: stop });
    return problem === undefined ? outcome : { ...outcome, problems: [...outcome.problems, problem] };
  } finally {
    await stop().catch(() => {});
    await caller.close();
  }
}
