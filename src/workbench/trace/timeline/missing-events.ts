import type { L10nApi } from '../../vscode-api';
import type { TraceEntry } from '../trace-entry';

/** A run that says it started and does not say how it ended, and the like (FIELD_GUIDE 6.1, F23). */
export interface MissingEvent {
  readonly index: number;
  /** One sentence. */
  readonly text: string;
}

const ENDS: ReadonlySet<string> = new Set(['agent_completed', 'agent_error', 'agent_death', 'agent_failed']);

interface Run {
  started: number | undefined;
  ended: boolean;
  /** Index of tool calls that have not come to an end. */
  readonly tools: number[];
}

/** Events that must come in pairs and do not. An event that was tried and failed counts as seen: that is another fault. */
export function missingEvents({ l10n }: L10nApi, entries: readonly TraceEntry[]): MissingEvent[] {
  const runs = new Map<string, Run>();
  const missing: MissingEvent[] = [];
  entries.forEach((entry, index) => {
    const { event } = entry;
    if (event === undefined || (entry.delivered === undefined && entry.kind !== 'wire' && entry.kind !== 'frame')) return;
    const key = entry.runId ?? entry.threadId ?? '';
    let run = runs.get(key);
    if (run === undefined) runs.set(key, (run = { started: undefined, ended: false, tools: [] }));
    if (event === 'agent_started') {
      if (run.started === undefined || run.ended) run.started = index;
      run.ended = false;
    } else if (event === 'tool_executing') run.tools.push(index);
    else if (event === 'tool_completed') run.tools.pop();
    else if (ENDS.has(event)) {
      if (run.started === undefined && !run.ended) missing.push({ index, text: l10n.t('{0} without an agent_started before it.', event) });
      run.ended = true;
    }
  });
  for (const run of runs.values()) {
    if (run.started !== undefined && !run.ended) missing.push({ index: run.started, text: l10n.t('agent_started, and no agent_completed or agent_error after it.') });
    if (run.ended) for (const index of run.tools) missing.push({ index, text: l10n.t('tool_executing, and no tool_completed after it.') });
  }
  return missing.sort((a, b) => a.index - b.index);
}
