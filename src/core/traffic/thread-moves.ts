/** What a message that names a thread does to its connection's threads. */
export type ThreadMove = 'join' | 'leave' | 'replace';

const JOINS: ReadonlySet<string> = new Set(['subscribe', 'join', 'join_thread', 'subscribed']);
const LEAVES: ReadonlySet<string> = new Set(['unsubscribe', 'leave', 'leave_thread', 'unsubscribed']);
/** Clients ask about threads that they do not look at (FIELD_GUIDE 5.3). */
const ABOUT: ReadonlySet<string> = new Set([
  'delete_thread', 'rename_thread', 'list_threads', 'get_thread_history', 'get_conversation_history', 'thread_update', 'disconnect',
]);
/** With these a server says which thread the connection is on now (FIELD_GUIDE 5.2). */
const PLACED: ReadonlySet<string> = new Set(['connection_established', 'thread_created', 'thread_switched', 'session_restored']);

/** A client that names a thread moves to it (DOMAIN 3, connection manager); some types add, take away, or only ask. */
export function moveByClient(type: string | undefined): ThreadMove | undefined {
  if (type === undefined) return 'replace';
  if (JOINS.has(type)) return 'join';
  if (LEAVES.has(type)) return 'leave';
  return ABOUT.has(type) ? undefined : 'replace';
}

/**
 * A server's message moves the connection when its type says so, or when nothing else said where it is.
 * @param placed whether the connection has a thread
 */
export function moveByServer(type: string | undefined, placed: boolean): ThreadMove | undefined {
  if (type !== undefined) {
    if (JOINS.has(type)) return 'join';
    if (LEAVES.has(type)) return 'leave';
    if (PLACED.has(type)) return 'replace';
  }
  return placed ? undefined : 'join';
}
