import type { AgentEndpoint } from './agent/agent-endpoint';
import type { RouterModel } from './model/router-model';

/** Pings everybody, and ends who missed two pings in a row (SECURITY 11): half-open connections disappear. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly model: RouterModel,
    private readonly agents: AgentEndpoint,
    private readonly clock: () => number,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.beat(), this.model.limits.heartbeatInterval);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private beat(): void {
    const now = this.clock();
    for (const connection of this.model.connections.values()) {
      if (connection.missedBeats >= 2) {
        connection.closeReason ??= 'it answered no ping';
        connection.ws.terminate();
        continue;
      }
      connection.missedBeats++;
      connection.pingSentAt = now;
      if (connection.ws.readyState === connection.ws.OPEN) connection.ws.ping();
    }
    this.agents.beat();
  }
}
