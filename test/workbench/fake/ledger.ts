import { Disposable } from './disposable';

interface Entry {
  readonly what: string;
  /** Its stack tells who registered; V8 formats it only when it is read. */
  readonly origin: Error;
}

/** What is registered right now, and what went wrong where no test could see it (a listener that threw). */
export class Ledger {
  private readonly entries = new Set<Entry>();
  /** Each makes `FakeVscode.dispose` fail. A test that expects one takes it out with `takeProblem`. */
  readonly problems: string[] = [];

  /** Notes a registration; disposing of the answer strikes it out. */
  enter(what: string): Disposable {
    const entry = { what, origin: new Error(what) };
    this.entries.add(entry);
    return new Disposable(() => this.entries.delete(entry));
  }

  /** What nobody disposed of, each with the place that registered it. */
  left(): string[] {
    return [...this.entries].map(({ what, origin }) => `${what} (registered ${caller(origin)})`);
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  /** Removes and answers the first problem that matches; undefined when there is none. */
  takeProblem(pattern: RegExp): string | undefined {
    const index = this.problems.findIndex((problem) => pattern.test(problem));
    return index < 0 ? undefined : this.problems.splice(index, 1)[0];
  }

  /** Notes what a promise that nobody waits for is rejected with. */
  watch(what: string, work: PromiseLike<unknown>): void {
    work.then(undefined, (error: unknown) => this.problem(`${what}: ${describeError(error)}`));
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The first frame outside the fake. */
function caller(origin: Error): string {
  const frames = (origin.stack ?? '').split('\n').slice(1);
  const frame = frames.find((line) => !/[\\/]workbench[\\/]fake[\\/](?!.*\.test\.)/.test(line)) ?? frames[0];
  return frame?.trim() ?? 'somewhere';
}
