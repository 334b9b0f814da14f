import { type Dialect, extractThreadId, isBlank, type Resolution, type ResolutionSources, resolveThreadSync, ThreadRunRegistry } from '../core/index';
import type { Durability } from './durability';
import type { Limits } from './limits';
import type { RouterModel } from './model/router-model';
import type { RegistrationRow } from './store/store';

/** Runs and their threads as the router resolves them: the registry of core, kept in the store, asked by the chain. */
export class RouterRegistry {
  readonly runs: ThreadRunRegistry;
  private answered: { runId: string; threadId: string | undefined } | undefined;

  private readonly sources: ResolutionSources;
  private readonly connections: ResolutionSources['connectionManager'];

  constructor(
    model: RouterModel,
    private readonly durability: Durability,
    rows: readonly RegistrationRow[],
    limits: Limits,
    private readonly clock: () => number,
    public dialect: Dialect,
  ) {
    const { store } = durability;
    this.runs = new ThreadRunRegistry({
      clock,
      ttlMs: limits.registrationAge,
      maxEntries: limits.registrations,
      port: {
        load: () => rows.map(({ runId, threadId, createdAt, metadata }) => ({ runId, threadId, createdAt, metadata: metadata ?? {} })),
        save: (record) => store.putRegistration({ ...record, lastAccessedAt: record.createdAt, accessCount: 0 }),
        remove: (runIds) => {
          for (const runId of runIds) store.removeRegistration(runId);
        },
      },
    });
    this.sweep();
    this.forgetGuesses((runId, threadId) => extractThreadId(runId, dialect)?.threadId !== threadId);
    this.connections = {
      connections: { get: (threadId: string): true | undefined => ((model.threads.get(threadId)?.connections.size ?? 0) > 0 ? true : undefined) },
    };
    this.sources = {
      registry: {
        getThread: (runId) => (this.answered?.runId === runId ? this.answered.threadId : this.runs.getThread(runId)),
        register: (runId, threadId, metadata) => {
          this.durability.soon();
          return this.runs.register(runId, threadId, metadata);
        },
      },
      connectionManager: this.connections,
    };
  }

  /** The registry's own answer, the first step of the chain, when the ID needs no stripping; undefined to ask the chain. */
  lookUp(runId: string): string | undefined {
    const first = runId.charCodeAt(0);
    const last = runId.charCodeAt(runId.length - 1);
    // Beyond ASCII the chain decides what is white space.
    if (first <= 0x20 || last <= 0x20 || first >= 0x7f || last >= 0x7f) {
      this.answered = undefined;
      return undefined;
    }
    const threadId = this.runs.getThread(runId);
    this.answered = { runId, threadId };
    return threadId === undefined || isBlank(threadId) ? undefined : threadId;
  }

  /**
   * Asks the whole chain after `lookUp` had no answer, and writes back what it found.
   * @throws {ThreadResolutionError}
   */
  resolve(runId: string): Resolution {
    try {
      return resolveThreadSync(runId, this.sources, { dialect: this.dialect, clock: this.clock });
    } finally {
      this.answered = undefined;
    }
  }

  /**
   * Asks the whole chain and changes nothing. With another dialect it answers as after a switch to it.
   * @throws {InvalidRunIdError}
   * @throws {ThreadResolutionError}
   */
  explain(runId: string, dialect: Dialect = this.dialect): Resolution {
    const registry = { getThread: (asked: string) => this.live(asked, dialect), register: () => false };
    const { backfill: _unwritten, ...resolution } = resolveThreadSync(runId, { registry, connectionManager: this.connections }, { dialect, clock: this.clock });
    return resolution;
  }

  /** Resolves by another system from now on. What the old one extracted and wrote back goes; registrations stay. */
  switchDialect(dialect: Dialect): void {
    this.dialect = dialect;
    this.forgetGuesses(() => true);
    this.durability.tryNow();
  }

  /** Removes what has expired. */
  sweep(): void {
    if (this.runs.sweep() > 0) this.durability.soon();
  }

  /** Removes mappings that were extracted from their run IDs. Those of another dialect, kept by an earlier life, would win over this one's. */
  private forgetGuesses(isForgotten: (runId: string, threadId: string) => boolean): void {
    const guessed = [...this.runs.mappings()].filter(({ runId, threadId, metadata }) => isGuess(metadata) && isForgotten(runId, threadId));
    for (const { runId } of guessed) this.runs.unregister(runId);
    if (guessed.length > 0) this.durability.tryNow();
  }

  private live(runId: string, dialect: Dialect): string | undefined {
    const mapping = this.runs.peek(runId);
    if (!mapping || mapping.expired || (dialect !== this.dialect && isGuess(mapping.metadata))) return undefined;
    return mapping.threadId;
  }
}

/** Whether nobody registered the mapping: a dialect extracted it from its run ID. */
function isGuess(metadata: Readonly<Record<string, unknown>>): boolean {
  return metadata['source'] === 'pattern_extraction';
}
