import type { L10nApi } from './vscode-api';

/** Counted nouns and times as the views say them. */
export class Words {
  constructor(private readonly api: L10nApi) {}

  connections(count: number): string {
    const { l10n } = this.api;
    return count === 1 ? l10n.t('1 connection') : l10n.t('{0} connections', count.toLocaleString('en'));
  }

  events(count: number): string {
    const { l10n } = this.api;
    return count === 1 ? l10n.t('1 event') : l10n.t('{0} events', count.toLocaleString('en'));
  }

  messages(count: number): string {
    const { l10n } = this.api;
    return count === 1 ? l10n.t('1 message') : l10n.t('{0} messages', count.toLocaleString('en'));
  }

  bytes(count: number): string {
    const { l10n } = this.api;
    if (count < 1024) return l10n.t('{0} B', count);
    if (count < 1024 * 1024) return l10n.t('{0} KiB', (count / 1024).toFixed(1));
    return l10n.t('{0} MiB', (count / 1024 / 1024).toFixed(1));
  }

  /** How long ago, e.g. "5 s ago", "3 days ago"; "in 2 min" for the future. */
  age(then: number, now: number): string {
    const { l10n } = this.api;
    const span = this.duration(Math.abs(now - then));
    return then <= now ? l10n.t('{0} ago', span) : l10n.t('in {0}', span);
  }

  /** A span as a timeline has it: `7 ms`, `4.2 s`, `3 min`. */
  exactSpan(ms: number): string {
    return ms >= 1000 && ms < 60_000 ? this.api.l10n.t('{0} s', (ms / 1000).toFixed(1)) : this.duration(ms);
  }

  /** A span in its largest whole unit; milliseconds below one second. */
  duration(ms: number): string {
    const { l10n } = this.api;
    const [count, unit] = inLargestUnit(ms);
    switch (unit) {
      case 'year':
        return count === 1 ? l10n.t('1 year') : l10n.t('{0} years', count);
      case 'month':
        return count === 1 ? l10n.t('1 month') : l10n.t('{0} months', count);
      case 'day':
        return count === 1 ? l10n.t('1 day') : l10n.t('{0} days', count);
      case 'h':
        return l10n.t('{0} h', count);
      case 'min':
        return l10n.t('{0} min', count);
      case 's':
        return l10n.t('{0} s', count);
      case 'ms':
        return l10n.t('{0} ms', count);
    }
  }
}

const UNITS = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

type TimeUnit = (typeof UNITS)[number][0] | 'ms';

/** How many there are in a span of the largest unit that it holds once; a rounded number of milliseconds below one second. */
function inLargestUnit(ms: number): readonly [count: number, unit: TimeUnit] {
  for (const [unit, size] of UNITS) {
    const count = Math.floor(ms / size);
    if (count >= 1) return [count, unit];
  }
  return [Math.round(ms), 'ms'];
}
