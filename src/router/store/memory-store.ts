import { STORE_LIMITS, type StoreLimits } from './store-limits';
import type { AssociationQuery, AssociationRow, Store, StoreContents } from './store';

/**
 * A store without a file. The router's own model holds registrations and events; what only the store is asked for
 * again, the association log, is kept here.
 */
export class MemoryStore implements Store {
  readonly kind = 'memory';
  readonly notice?: string;
  private readonly log: AssociationRow[] = [];

  /** @param notice why there is no file although one was asked for. */
  constructor(
    notice?: string,
    private readonly limits: Pick<StoreLimits, 'maxAssociations'> = STORE_LIMITS,
  ) {
    if (notice !== undefined) this.notice = notice;
  }

  load(): StoreContents {
    return { registrations: [], events: [], lastSeq: 0 };
  }

  putRegistration(): void {}
  removeRegistration(): void {}
  putEvent(): void {}
  markEvents(): void {}
  removeEvents(): void {}

  appendAssociation(row: AssociationRow): void {
    appendBounded(this.log, row, this.limits.maxAssociations);
  }

  associations(query: AssociationQuery): readonly AssociationRow[] {
    return newestAssociations(this.log, query, this.limits.maxAssociations);
  }

  commit(): void {}
  close(): void {}
  onChange(): void {}
}

/** Appends to a log that keeps its newest rows: between `max` and 2 `max` of them, so that letting go is rare. */
export function appendBounded(log: AssociationRow[], row: AssociationRow, max: number): void {
  log.push(row);
  if (log.length >= 2 * max) log.splice(0, log.length - max);
}

/** The rows that the query asks for among the newest `max`, newest first. */
export function newestAssociations(log: readonly AssociationRow[], query: AssociationQuery, max: number): AssociationRow[] {
  const oldest = Math.max(0, log.length - max);
  const found: AssociationRow[] = [];
  for (let i = log.length - 1; i >= oldest && found.length < query.limit; i -= 1) {
    const row = log[i];
    if (row === undefined) continue;
    if (query.connectionId !== undefined && row.connectionId !== query.connectionId) continue;
    if (query.threadId !== undefined && row.threadId !== query.threadId) continue;
    found.push(row);
  }
  return found;
}
