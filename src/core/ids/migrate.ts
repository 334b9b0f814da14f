import { describeValue, InvalidRunIdError } from '../errors';
import { withThreadPrefix } from './bridge-patterns';
import { extractThreadId } from './extract-thread-id';
import { CANONICAL_TEMPLATE, LEGACY_TEMPLATE } from './formats/run-formats';
import type { SegmentValues } from './formats/template';
import { type GenerateOptions, generateRunId, type RunIdFormat } from './generate';
import { pythonStrip } from './python-text';
import { THREAD_PREFIX } from './thread-id';

/** A thread as a generator should get it: without the prefix, unless readers would then put only one of two back. */
function bareThread(threadId: string): string {
  const body = threadId.slice(THREAD_PREFIX.length);
  return withThreadPrefix(body) === threadId ? body : threadId;
}

function source(runId: string): { format: RunIdFormat; values: SegmentValues } | undefined {
  const canonical = CANONICAL_TEMPLATE.parse(runId);
  if (canonical) return { format: 'run_id_generator', values: canonical };
  const legacy = LEGACY_TEMPLATE.parse(runId);
  return legacy && { format: 'id_manager', values: legacy };
}

/**
 * The same run in the other format: same thread, same suffix, so that it is still recognised. An ID that has the format already
 * comes back as it is. A legacy ID carries no time; its canonical form gets that of `now`.
 * @throws {InvalidRunIdError} when `runId` has neither format, or the bridge finds no thread in it.
 * @throws {InvalidThreadIdError} when the target format refuses the thread.
 */
export function migrateRunId(runId: string, format: RunIdFormat, options: Pick<GenerateOptions, 'now'> = {}): string {
  const id = pythonStrip(runId);
  const from = source(id);
  const threadId = from && extractThreadId(id)?.threadId;
  if (!from || threadId === undefined) {
    throw new InvalidRunIdError('not-migratable', `${CANONICAL_TEMPLATE.text} or ${LEGACY_TEMPLATE.text} with a valid thread`, describeValue(runId));
  }
  if (from.format === format) return id;
  const random = (): string => from.values.hex8 ?? '';
  return generateRunId(bareThread(threadId), { format, random, now: options.now });
}
