import type { RunInfo, RunState } from '../../protocol/inspection';

const ENDS: Readonly<Record<string, RunState>> = {
  agent_completed: 'completed',
  agent_error: 'failed',
  agent_death: 'failed',
};

/** A run that the router has seen an event of. */
export class Run {
  threadId: string | undefined;
  agentName: string | undefined;
  state: RunState = 'running';
  events = 0;
  lastType = '';
  lastAt: number;
  /** Set while the change is not yet told to who watches. */
  dirty = false;

  constructor(
    readonly id: string,
    /** Grows with each run; the cursor of pages. */
    readonly ordinal: number,
    readonly firstAt: number,
  ) {
    this.lastAt = firstAt;
  }

  /** Takes an event of it into account. */
  saw(type: string, agentName: string | undefined, at: number): void {
    this.events++;
    this.lastAt = at;
    if (agentName !== undefined) this.agentName = agentName;
    if (type !== this.lastType) {
      this.lastType = type;
      this.state = (Object.hasOwn(ENDS, type) ? ENDS[type] : undefined) ?? 'running';
    }
  }

  info(): RunInfo {
    return {
      id: this.id,
      ...(this.threadId === undefined ? {} : { threadId: this.threadId }),
      ...(this.agentName === undefined ? {} : { agentName: this.agentName }),
      state: this.state,
      events: this.events,
      lastType: this.lastType,
      firstAt: this.firstAt,
      lastAt: this.lastAt,
    };
  }
}
