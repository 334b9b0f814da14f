import type { FormatTable } from '../ids/formats/format-table';
import { readDefined } from '../ids/read-run-id';
import type { Finding } from './findings';
import { THREAD_PREFIX } from '../ids/thread-id';
import { blacklistedPart, isBareRun, isComposite, isNone, isSelfTest, isSubAgentRun, ownThread, whyInvalid } from './id-facts';
import { extractThreadId } from '../ids/extract-thread-id';

export interface UnresolvedCircumstances {
  /** The registry had a mapping that is past its time to live. */
  readonly expired?: boolean;
  /** The thread the run was mapped to before it was unregistered. */
  readonly unregistered?: string;
  /** The word in the ID that the bridge took for a placeholder. */
  readonly word?: string;
  /** The formats that IDs are read by, with those of the user's own. */
  readonly table?: FormatTable | undefined;
}

/** Why no source knows the thread of a run. */
export function explainUnresolved(runId: string, circumstances: UnresolvedCircumstances = {}): Finding {
  const about = { key: runId, runId, received: runId };
  if (isSelfTest(runId)) {
    return { id: 'startup-self-test', ...about, key: '', confidence: 0.98, verdict: `Noise: ${runId} belongs to the start-up self test.` };
  }
  if (isNone(runId) || runId === 'registry') {
    return { id: 'bad-context', ...about, confidence: 0.95, verdict: `${runId === '' ? 'A blank' : `"${runId}"`} was passed as run ID, which names no run.`, expected: 'the ID of a run' };
  }
  const { unregistered } = circumstances;
  if (unregistered !== undefined) {
    const thread = unregistered === '' ? 'its thread' : unregistered;
    return {
      id: 'late-event',
      ...about,
      ...(unregistered === '' ? {} : { threadId: unregistered }),
      confidence: 0.95,
      verdict: `${runId} had been unregistered from ${thread} when this event of it came; nothing knows its thread any more.`,
      expected: 'the registration to last until the last event',
      received: 'an event after it ended',
    };
  }
  if (circumstances.expired === true) {
    return { id: 'registry-expired', ...about, confidence: 0.97, verdict: `The registry knew the thread of ${runId}, but the mapping is older than its time to live.`, expected: 'a mapping younger than 24 hours', received: 'an older one' };
  }
  const extracted = extractThreadId(runId)?.threadId;
  const defined = readDefined(runId, circumstances.table);
  if (extracted === undefined && defined?.threadId !== undefined) {
    return {
      id: 'unresolvable-run',
      ...about,
      threadId: defined.threadId,
      confidence: 0.9,
      verdict: `${runId} is in the format "${defined.format}" and names ${defined.threadId}, but no pattern of the backend reads that format, and the registry does not know the run, so its events go nowhere.`,
      expected: `a registration of ${runId} to ${defined.threadId}`,
      received: 'none',
    };
  }
  const own = ownThread(runId) ?? (runId.startsWith(THREAD_PREFIX) && !isComposite(runId) ? runId : undefined);
  const invalid = extracted === undefined && own !== undefined ? whyInvalid(own) : undefined;
  if (own !== undefined && invalid !== undefined) {
    return {
      id: 'validator-mismatch',
      ...about,
      threadId: own,
      confidence: 0.96,
      verdict: `${own === runId ? runId : `${runId} names ${own}, but`} ${own === runId ? 'is' : 'that thread ID is'} refused by the bridge's validator because ${invalid}, so no pattern matches and nothing is delivered.`,
      expected: 'letters, digits and single underscores after "thread_"',
      received: own,
    };
  }
  const word = circumstances.word ?? (extracted === undefined && !isBareRun(runId) ? blacklistedPart(runId) : undefined);
  if (word !== undefined) {
    return { id: 'word-blacklist', ...about, confidence: 0.9, verdict: `The bridge refuses the thread in ${runId} because it takes "${word}" for a placeholder.`, expected: 'a thread ID without words such as "test", "default" or "temp"' };
  }
  if (extracted === undefined && isSubAgentRun(runId)) {
    return { id: 'sub-agent-lost', ...about, confidence: 0.75, verdict: `${runId} looks like the run of a sub-agent that was not registered to the thread of its parent, so its events are lost.`, expected: "a registration of the sub-agent's run", received: 'none' };
  }
  return {
    id: 'unresolvable-run',
    ...about,
    confidence: extracted === undefined ? 0.95 : 0.6,
    verdict:
      extracted === undefined
        ? `${runId} does not carry its thread, and the registry does not know it, so its events go nowhere.`
        : `No source gave a thread for ${runId}, although its text names ${extracted}: the log is of a version that reads it differently.`,
    expected: `a registration of ${runId}`,
    received: 'none',
  };
}
