import { type Clock, systemClock } from '../clock';
import { RecentList } from '../recent-list';
import type { Resolution, ResolutionSource } from './resolution';

const MOST_FAILURES_KEPT = 50;

/** A resolution that found nothing, or a step that threw on the way. */
export interface ResolutionFailure {
  readonly runId: string;
  /** The step that threw, or `none` when the whole chain found nothing. */
  readonly step: string;
  readonly error: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface SourceMetrics {
  readonly count: number;
  /** Share of all resolutions, 0 to 1. */
  readonly share: number;
  readonly averageMs: number;
}

/** Counters since the start. A resolution counts once, also when a step threw before another found the thread. */
export interface ResolutionMetricsSnapshot {
  readonly total: number;
  readonly successful: number;
  readonly failed: number;
  /** 1 when nothing was resolved yet. */
  readonly successRate: number;
  readonly averageMs: number;
  readonly bySource: Readonly<Partial<Record<ResolutionSource, SourceMetrics>>>;
  /** How often each step threw, by its name. */
  readonly failedSteps: Readonly<Record<string, number>>;
  /** Write-backs that the registry refused or that threw. */
  readonly failedBackfills: number;
  /** Newest last, bounded. */
  readonly recentFailures: readonly ResolutionFailure[];
}

interface Tally {
  count: number;
  totalMs: number;
}

/** Counts resolutions (FIELD_GUIDE 2.5). Give it to `resolveThread`, or record what it returned. */
export class ResolutionMetrics {
  readonly #clock: Clock;
  readonly #bySource = new Map<ResolutionSource, Tally>();
  readonly #failedSteps = new Map<string, number>();
  readonly #recentFailures = new RecentList<ResolutionFailure>(MOST_FAILURES_KEPT);
  #total = 0;
  #successful = 0;
  #totalMs = 0;
  #failedBackfills = 0;

  constructor(options: { readonly clock?: Clock | undefined } = {}) {
    this.#clock = options.clock ?? systemClock;
  }

  record(resolution: Resolution): void {
    const { runId, source, durationMs } = resolution;
    this.#total++;
    this.#totalMs += durationMs;
    for (const step of resolution.steps) {
      if (step.outcome !== 'failed') continue;
      this.#failedSteps.set(step.name, (this.#failedSteps.get(step.name) ?? 0) + 1);
      this.#recentFailures.add({ runId, step: step.name, error: step.reason, at: this.#clock() });
    }
    if (resolution.backfill?.registered === false) this.#failedBackfills++;
    if (source === undefined) {
      this.#recentFailures.add({ runId, step: 'none', error: resolution.error ?? '', at: this.#clock() });
      return;
    }
    this.#successful++;
    const tally = this.#bySource.get(source) ?? { count: 0, totalMs: 0 };
    tally.count++;
    tally.totalMs += durationMs;
    this.#bySource.set(source, tally);
  }

  snapshot(): ResolutionMetricsSnapshot {
    const bySource: Partial<Record<ResolutionSource, SourceMetrics>> = {};
    for (const [source, { count, totalMs }] of this.#bySource) {
      bySource[source] = { count, share: count / this.#total, averageMs: totalMs / count };
    }
    return {
      total: this.#total,
      successful: this.#successful,
      failed: this.#total - this.#successful,
      successRate: this.#total === 0 ? 1 : this.#successful / this.#total,
      averageMs: this.#total === 0 ? 0 : this.#totalMs / this.#total,
      bySource,
      failedSteps: Object.fromEntries(this.#failedSteps),
      failedBackfills: this.#failedBackfills,
      recentFailures: this.#recentFailures.items(),
    };
  }
}
