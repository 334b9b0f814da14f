import { createRequire } from 'node:module';
import type * as insight from './insight/insight';

export type Insight = typeof insight;

/** The part of the extension that is loaded at its first use. */
export class LazyInsight {
  private loaded: Insight | undefined;

  /** @param file its bundle, `dist/insight.js` of the extension */
  constructor(private readonly file: string) {}

  /** Loads it, or answers what is loaded. */
  load(): Insight {
    this.loaded ??= createRequire(this.file)(this.file) as Insight;
    return this.loaded;
  }
}
