import { BoundedMap } from '../../core/index';
import type { FinishedRun } from './scenario-worker';

/** Results that are kept; the oldest is forgotten first. */
const MOST_RESULTS = 200;

/** The last result of each scenario, of this window. */
export class ScenarioResults {
  private readonly byId = new BoundedMap<string, FinishedRun>(MOST_RESULTS);
  private readonly running = new Set<string>();

  constructor(private readonly changed: () => void) {}

  get(id: string): FinishedRun | undefined {
    return this.byId.get(id);
  }

  isRunning(id: string): boolean {
    return this.running.has(id);
  }

  begin(id: string): void {
    this.running.add(id);
    this.changed();
  }

  /** @param finished nothing when it could not be run. */
  end(id: string, finished: FinishedRun | undefined): void {
    this.running.delete(id);
    if (finished) this.byId.renew(id, finished);
    this.changed();
  }
}
