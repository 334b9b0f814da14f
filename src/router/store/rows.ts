import { describeValue } from '../../core/index';
import { isRecord } from '../../core/is-record';
import type { AssociationRow, RegistrationRow, StoredEvent, StoredEventState } from './store';
import { fromStored, toStored } from './stored-text';

export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Readonly<Record<string, unknown>>;

// Of equal length in a record, so that a change of state never needs more room: it must succeed on a full disk.
const STATE_CODES: Readonly<Record<StoredEventState, number>> = { waiting: 2, handing_over: 3, dead: 4 };
const STATES: ReadonlyMap<unknown, StoredEventState> = new Map([
  [2, 'waiting'],
  [3, 'handing_over'],
  [4, 'dead'],
]);

/** How a state stands in the file. */
export function stateCode(state: StoredEventState): number {
  return STATE_CODES[state];
}

/** @throws TypeError when the metadata is no JSON data. */
export function registrationValues(row: RegistrationRow): SqlValue[] {
  const metadata = row.metadata === undefined ? null : JSON.stringify(row.metadata);
  return [toStored(row.runId), toStored(row.threadId), row.createdAt, row.lastAccessedAt, row.accessCount, metadata];
}

/** The columns of an event, in the order of its table. */
export function eventValues(event: StoredEvent): SqlValue[] {
  return [
    event.seq,
    stateCode(event.state),
    event.at,
    toStored(event.type),
    optional(event.runId),
    optional(event.threadId),
    optional(event.agentName),
    toStored(event.reason),
    optional(event.expected),
    optional(event.received),
  ];
}

/** The columns of an entry of the association log, in the order of its table. */
export function associationValues(id: number, row: AssociationRow): SqlValue[] {
  return [id, row.at, toStored(row.connectionId), optional(row.userId), toStored(row.threadId), row.what, toStored(row.how)];
}

/** @throws when the row cannot have been written by us. */
export function readRegistration(row: SqlRow): RegistrationRow {
  const metadata = row['metadata'] === null ? undefined : JSON.parse(text(row, 'metadata'));
  return {
    runId: fromStored(text(row, 'run_id')),
    threadId: fromStored(text(row, 'thread_id')),
    createdAt: number(row, 'created_at'),
    lastAccessedAt: number(row, 'last_accessed_at'),
    accessCount: number(row, 'access_count'),
    ...(isRecord(metadata) ? { metadata } : {}),
  };
}

/** @throws when the row cannot have been written by us. */
export function readEvent(row: SqlRow): StoredEvent {
  const state = STATES.get(row['state']);
  const bytes = row['bytes'];
  if (state === undefined) throw new TypeError(`expected the code of a state, received ${describeValue(row['state'])}`);
  if (!(bytes instanceof Uint8Array)) throw new TypeError('expected a payload, received none');
  return {
    seq: number(row, 'seq'),
    state,
    at: number(row, 'at'),
    type: fromStored(text(row, 'type')),
    ...maybe('runId', row['run_id']),
    ...maybe('threadId', row['thread_id']),
    ...maybe('agentName', row['agent_name']),
    reason: fromStored(text(row, 'reason')),
    ...maybe('expected', row['expected']),
    ...maybe('received', row['received']),
    payload: bytes,
  };
}

/** @throws when the row cannot have been written by us. */
export function readAssociation(row: SqlRow): AssociationRow {
  const what = row['what'];
  if (what !== 'associated' && what !== 'dissociated') throw new TypeError(`expected associated or dissociated, received ${String(what)}`);
  return {
    at: number(row, 'at'),
    connectionId: fromStored(text(row, 'connection_id')),
    ...maybe('userId', row['user_id']),
    threadId: fromStored(text(row, 'thread_id')),
    what,
    how: fromStored(text(row, 'how')),
  };
}

function optional(value: string | undefined): SqlValue {
  return value === undefined ? null : toStored(value);
}

function maybe<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  return typeof value === 'string' ? ({ [key]: fromStored(value) } as { [P in K]?: string }) : {};
}

function text(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`expected text in ${column}, received ${typeof value}`);
  return value;
}

function number(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`expected a number in ${column}, received ${typeof value}`);
  return value;
}
