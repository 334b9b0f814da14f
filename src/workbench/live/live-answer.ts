import { resolveThread, ThreadResolutionError, type Resolution } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { LiveAnswer } from '../../protocol/inspection';
import type { Live } from './live';

/** A hover must not wait for a busy router longer than this, in ms. */
const ANSWER_TIMEOUT_MS = 400;

/** What is known of a run ID's route: the router's answer, or what the ID alone says. */
export type RouteAnswer =
  | { readonly kind: 'live'; readonly answer: LiveAnswer }
  | { readonly kind: 'from-id'; readonly answer: Resolution; readonly why: 'not-running' | 'no-answer' };

/** Asks the shown router where an ID routes; without one (or without an answer in time) resolves from the ID alone. */
export async function answerFor(runId: string, live: Live): Promise<RouteAnswer> {
  const { client } = live;
  if (!client) return { kind: 'from-id', answer: await resolveFromId(runId), why: 'not-running' };
  const answer = await within(
    ANSWER_TIMEOUT_MS,
    client.request('resolve', { runId }).catch(() => undefined),
  );
  if (answer) return { kind: 'live', answer };
  return { kind: 'from-id', answer: await resolveFromId(runId), why: 'no-answer' };
}

/** The chain with no source to ask: only the ID speaks. Never rejects. */
async function resolveFromId(runId: string): Promise<Resolution> {
  try {
    return await resolveThread(runId, {});
  } catch (error) {
    if (error instanceof ThreadResolutionError) return error.resolution;
    return {
      runId,
      dialect: 'fix',
      error: messageOf(error),
      steps: [],
      durationMs: 0,
    };
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
