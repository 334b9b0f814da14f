import { plural } from '../plural';
import { BoundedMap } from '../bounded-map';

const MOST_RUNS = 10_000;

interface Sources {
  guesses: number;
  facts: number;
}

/** Counts for each run how its thread was found: guessed from the text of its ID, or known to the registry (F26). */
export class RunSources {
  private readonly runs = new BoundedMap<string, Sources>(MOST_RUNS);

  guess(runId: string): void {
    this.of(runId).guesses++;
  }

  fact(runId: string): void {
    this.of(runId).facts++;
  }

  private of(runId: string): Sources {
    const known = this.runs.get(runId);
    if (known !== undefined) return known;
    const fresh = { guesses: 0, facts: 0 };
    this.runs.set(runId, fresh);
    return fresh;
  }

  /** One sentence about the runs that were only ever guessed; undefined when there are none. */
  verdict(): string | undefined {
    const all = [...this.runs.values()];
    const guessed = all.filter((run) => run.guesses > 0 && run.facts === 0).length;
    if (guessed === 0) return undefined;
    const others = all.length > guessed ? `; ${plural(all.length - guessed, 'other run')} had a registration` : '';
    return `${plural(guessed, 'run')} ${guessed === 1 ? 'was' : 'were'} never registered: the thread was guessed from the run ID${others}.`;
  }
}
