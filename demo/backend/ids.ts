// The same IDs in TypeScript. Hover any of them.
import { randomUUID } from 'node:crypto';

const withoutPrefix = (threadId: string): string => threadId.replace(/^thread_/, '');
const suffix = (): string => randomUUID().slice(0, 8);

/** thread_13679e4dcc38403a -> thread_13679e4dcc38403a_run_1756919162904_9adf1f09 */
export function compositeRunId(threadId: string, now = Date.now()): string {
  return `thread_${withoutPrefix(threadId)}_run_${now}_${suffix()}`;
}

/** thread_374579bdba3c41b8 -> run_374579bdba3c41b8_5e0c9a17 */
export function legacyRunId(threadId: string): string {
  return `run_${withoutPrefix(threadId)}_${suffix()}`;
}

/** The thread a composite run belongs to: the step that backend/ids.py forgot before send_to_thread. */
export function threadOf(runId: string): string | undefined {
  return /^(thread_.+?)_run_/.exec(runId)?.[1];
}
