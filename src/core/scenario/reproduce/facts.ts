import type { Diagnosis } from '../../diagnosis/diagnosis';
import { extractThreadId } from '../../ids/extract-thread-id';
import type { ScenarioIds, ScenarioStep } from '../scenario';

/** The events of a `run` step, as a client receives them. */
export const WHOLE_RUN = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'] as const;

/** Longest pause that is waited for; a longer one is jumped over by the router's clock. Milliseconds. */
const MOST_WAIT_MS = 60_000;
/** Where the log tells no times. */
const USUAL_GAP_MS = 500;

/** What a diagnosis tells of the run, the thread and the times of the log. */
export class Facts {
  /** `T` and `R` first; recipes may add others. */
  readonly ids: ScenarioIds;
  /** The user of the connections. */
  readonly user: string;
  /** Whether the router finds `T` from the text of `R`. */
  readonly runCarriesThread: boolean;

  /** @param threadId the thread that clients listen on; minted anew when it is not known. */
  constructor(
    readonly diagnosis: Diagnosis,
    readonly threadId: string | undefined,
  ) {
    const { runId, userId } = diagnosis;
    const sample = runId ?? `${threadId ?? 'thread_0'}_run_1756919162904_9adf1f09`;
    this.runCarriesThread = threadId === undefined ? runId === undefined : extractThreadId(sample)?.threadId === threadId;
    this.ids = {
      T: threadId ?? 'thread_{hex16}',
      R: runId ?? (this.runCarriesThread ? '{T}_run_{ms}_{hex8}' : 'run_{uuid}'),
    };
    this.user = userId === undefined || userId.startsWith('conn_') ? 'u1' : userId;
  }

  /** The time of the first line that shows it, ISO 8601. */
  get startsAt(): string | undefined {
    const [first] = this.times();
    return first === undefined ? undefined : new Date(first).toISOString();
  }

  /** Milliseconds from the first line that shows it to the last. */
  get measuredMs(): number {
    const times = this.times();
    const [first] = times;
    const last = times.at(-1);
    return first === undefined || last === undefined || last <= first ? USUAL_GAP_MS : Math.round(last - first);
  }

  /** Registers the run where its text does not lead to its thread. */
  get registration(): readonly ScenarioStep[] {
    return this.runCarriesThread ? [] : [{ do: 'register', run: '{R}', thread: '{T}' }];
  }

  /** Lets so much time go by before what follows. */
  static pause(ms: number): ScenarioStep {
    return ms > MOST_WAIT_MS ? { do: 'advance', by: ms } : { do: 'wait', for: ms };
  }

  private times(): number[] {
    return this.diagnosis.evidence.map(({ time }) => time).filter((time) => time !== undefined).sort((a, b) => a - b);
  }
}

/** A client names a thread as the original's page does: with the message that starts an agent. */
export function associates(client: string, thread = '{T}'): ScenarioStep {
  return { do: 'send', client, message: { type: 'start_agent', payload: { user_request: 'hello', thread_id: thread } } };
}

export const RUN: ScenarioStep = { do: 'run', run: '{R}' };
