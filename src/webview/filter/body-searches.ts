import type { PageToHost } from '../../protocol/traffic-panel';
import { l10n } from '../l10n';
import type { BodyTerm } from './match-frame';

interface Search {
  readonly id: number;
  readonly seqs: Set<number>;
  error: string | undefined;
}

/** More terms than these are looked for in the columns only. */
const MOST = 5;

const keyOf = (term: BodyTerm): string => (term.kind === 'text' ? `text ${term.lower}` : `pattern ${term.source}`);

/** What the router found in the bodies, term by term; the page has no bodies but the ones that were looked at. */
export class BodySearches {
  private readonly searches = new Map<string, Search>();
  private nextId = 1;

  constructor(private readonly post: (message: PageToHost) => void) {}

  /** Looks for these terms from now on, and for no others. */
  set(terms: readonly BodyTerm[]): void {
    const wanted = new Map(terms.slice(0, MOST).map((term) => [keyOf(term), term]));
    for (const [key, { id }] of this.searches) {
      if (wanted.has(key)) continue;
      this.searches.delete(key);
      this.post({ type: 'search', search: id });
    }
    for (const [key, term] of wanted) if (!this.searches.has(key)) this.begin(key, term);
  }

  /** Another journal: all is looked for anew. */
  restart(terms: readonly BodyTerm[]): void {
    this.searches.clear();
    this.set(terms);
  }

  /** Takes in what the router found. Answers whether it belongs to a search that is still wanted. */
  found(id: number, seqs: readonly number[], error?: string): boolean {
    const search = [...this.searches.values()].find((known) => known.id === id);
    if (!search) return false;
    for (const seq of seqs) search.seqs.add(seq);
    search.error = error;
    return true;
  }

  matches(term: BodyTerm, seq: number): boolean {
    return this.searches.get(keyOf(term))?.seqs.has(seq) ?? false;
  }

  get problems(): string[] {
    return [...this.searches.values()].flatMap(({ error }) => (error === undefined ? [] : [l10n.t('bodies are not searched: {0}', error)]));
  }

  private begin(key: string, term: BodyTerm): void {
    const id = this.nextId++;
    this.searches.set(key, { id, seqs: new Set(), error: undefined });
    this.post({ type: 'search', search: id, ...(term.kind === 'text' ? { text: term.text } : { pattern: term.source }) });
  }
}
