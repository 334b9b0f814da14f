import { DELIVERY_OUTCOMES } from '../../protocol/delivery';
import type { FrameDirection } from '../../protocol/inspection';
import { type Fate, TAP_FATES } from '../frames/fate';
import { checkPattern, PatternProblem } from './check-pattern';
import { l10n } from '../l10n';

/** The fields that a filter can name. */
const FILTER_FIELDS = ['thread', 'run', 'conn', 'type', 'outcome', 'dir', 'peer'] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** One condition. All of a filter must hold. */
export type FilterTerm =
  /** `text` as typed, `lower` for columns, which are compared without case. */
  | { readonly kind: 'text'; readonly text: string; readonly lower: string; readonly not: boolean }
  | { readonly kind: 'pattern'; readonly pattern: RegExp; readonly source: string; readonly not: boolean }
  | { readonly kind: 'field'; readonly field: FilterField; readonly value: string; readonly not: boolean };

export interface FrameFilter {
  readonly terms: readonly FilterTerm[];
  /** What of the text could not be used, in words; the rest holds. */
  readonly problems: readonly string[];
}

const FIELD_NAMES: Readonly<Record<string, FilterField>> = {
  thread: 'thread',
  thread_id: 'thread',
  run: 'run',
  run_id: 'run',
  conn: 'conn',
  connection: 'conn',
  connection_id: 'conn',
  type: 'type',
  outcome: 'outcome',
  dir: 'dir',
  direction: 'dir',
  peer: 'peer',
};

const DIRECTIONS: Readonly<Record<string, FrameDirection>> = { in: 'in', received: 'in', out: 'out', sent: 'out' };

const FATES: readonly Fate[] = [...DELIVERY_OUTCOMES, ...TAP_FATES];

const OUTCOMES: Readonly<Record<string, Fate>> = {
  ...Object.fromEntries(FATES.map((fate) => [fate, fate])),
  waiting: 'queued',
  waits: 'queued',
  dropped: 'undeliverable',
};

/**
 * Reads the filter box: words and "quoted text" (in any column or the body), `/regular expression/`, `field:value`;
 * a `-` before any of them turns it round. Never throws: what cannot be read is a problem, the rest holds.
 */
export function parseFilter(text: string): FrameFilter {
  const terms: FilterTerm[] = [];
  const problems: string[] = [];
  for (const { body, not, kind } of split(text)) {
    if (kind === 'pattern') {
      try {
        terms.push({ kind: 'pattern', pattern: checkPattern(body), source: body, not });
      } catch (error) {
        if (!(error instanceof PatternProblem)) throw error;
        problems.push(`/${body}/: ${error.message}`);
      }
      continue;
    }
    const colon = kind === 'quoted' ? -1 : body.indexOf(':');
    const field = colon > 0 ? FIELD_NAMES[body.slice(0, colon).toLowerCase()] : undefined;
    if (field === undefined) {
      terms.push({ kind: 'text', text: body, lower: body.toLowerCase(), not });
      continue;
    }
    const value = unquote(body.slice(colon + 1));
    // A field whose value is still being typed is no mistake yet.
    if (value === '') continue;
    const problem = fieldProblem(field, value);
    if (problem === undefined) terms.push({ kind: 'field', field, value: canonical(field, value), not });
    else problems.push(problem);
  }
  return { terms, problems };
}

interface Piece {
  readonly body: string;
  readonly not: boolean;
  readonly kind: 'word' | 'quoted' | 'pattern';
}

function* split(text: string): Generator<Piece> {
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    const not = text[at] === '-' && at + 1 < text.length && !/\s/.test(text[at + 1] ?? '');
    if (not) at++;
    const quote = text[at];
    if (quote === '"' || quote === '/') {
      const end = closing(text, at + 1, quote);
      // Without its second slash it is a path or not yet finished: plain text, until then.
      if (quote === '"' || end < text.length) {
        const body = text.slice(at + 1, end);
        at = end + 1;
        if (body !== '') yield { body, not, kind: quote === '"' ? 'quoted' : 'pattern' };
        continue;
      }
    }
    let end = at;
    while (end < text.length && !/\s/.test(text[end] ?? '')) end = text[end] === '"' ? closing(text, end + 1, '"') + 1 : end + 1;
    yield { body: text.slice(at, end), not, kind: 'word' };
    at = end;
  }
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value.replaceAll('"', '');
}

function fieldProblem(field: FilterField, value: string): string | undefined {
  const known = value.toLowerCase();
  if (field === 'dir' && !Object.hasOwn(DIRECTIONS, known)) return l10n.t('dir: expected in or out, received {0}', value);
  if (field === 'outcome' && !Object.hasOwn(OUTCOMES, known)) return l10n.t('outcome: expected {0}, received {1}', FATES.join(', '), value);
  if (field === 'peer' && known !== 'client' && known !== 'agent') return l10n.t('peer: expected client or agent, received {0}', value);
  return undefined;
}

function canonical(field: FilterField, value: string): string {
  const known = value.toLowerCase();
  if (field === 'dir') return DIRECTIONS[known] ?? known;
  if (field === 'outcome') return OUTCOMES[known] ?? known;
  return known;
}
