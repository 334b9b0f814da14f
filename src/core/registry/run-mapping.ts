import { isBlank, pythonStrip } from '../ids/python-text';
import { withThreadPrefix } from '../ids/bridge-patterns';
import { extractByRunIdGenerator } from '../ids/early-parsers';
import { extractThreadId } from '../ids/extract-thread-id';

/** A mapping of the registry as others see it. Times are milliseconds since 1970. */
export interface RunMapping {
  readonly runId: string;
  readonly threadId: string;
  readonly createdAt: number;
  readonly lastAccessedAt: number;
  readonly accessCount: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly expired: boolean;
}

/** Something about a mapping that the original system keeps silent about (FIELD_GUIDE 2.8 B2, B10, B12). */
export interface MappingNote {
  readonly code: 'poisoned-registry' | 'fallback-to-run-id' | 'blank-thread' | 'untrimmed' | 'guessed';
  readonly message: string;
}

/** What a developer should know about a mapping. The registry keeps such mappings, as the original does, and says so here. */
export function mappingNotes(mapping: Pick<RunMapping, 'runId' | 'threadId' | 'metadata'>): MappingNote[] {
  const { runId, threadId, metadata } = mapping;
  if (isBlank(threadId)) {
    return [{ code: 'blank-thread', message: 'The thread ID is blank: a bridge ignores this mapping and asks its next source.' }];
  }
  const notes: MappingNote[] = [];
  const part = extractByRunIdGenerator(threadId);
  const routed = extractThreadId(threadId)?.threadId ?? (part === undefined ? undefined : withThreadPrefix(part));
  if (threadId.includes('_run_') && routed !== undefined && routed !== threadId) {
    notes.push({
      code: 'poisoned-registry',
      message: `The thread ID is a composite run ID: expected ${routed}, received ${threadId}. The registry answers first, so this stays wrong until the mapping expires or is removed.`,
    });
  } else if (threadId === runId && !runId.startsWith('thread_')) {
    notes.push({ code: 'fallback-to-run-id', message: 'The thread ID is the run ID itself: nobody connects with that.' });
  }
  if (pythonStrip(runId) !== runId || pythonStrip(threadId) !== threadId) {
    notes.push({ code: 'untrimmed', message: 'White space at the edge of an ID: bridges strip a run ID before they ask, and connections compare exactly.' });
  }
  if (metadata.source === 'pattern_extraction') {
    notes.push({ code: 'guessed', message: 'Nobody registered this mapping: it was written back after pattern extraction.' });
  }
  return notes;
}
