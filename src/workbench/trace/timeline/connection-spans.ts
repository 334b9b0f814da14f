import type { L10nApi } from '../../vscode-api';
import type { ConnectionSpan, TraceEntry } from '../trace-entry';

type Draft = { -readonly [K in keyof ConnectionSpan]: ConnectionSpan[K] };

interface Known {
  userId: string | undefined;
  connectedAt: number | undefined;
  span: Draft | undefined;
}

const CONNECTION_JOINS: ReadonlySet<string> = new Set(['connection-associated', 'association-claimed', 'association-confirmed']);

/** Which connections had one of the threads, and when, as the lines tell it (FIELD_GUIDE 4.3, 6.3). */
export function connectionSpans({ l10n }: L10nApi, entries: readonly TraceEntry[], threads: ReadonlySet<string>): ConnectionSpan[] {
  const spans: Draft[] = [];
  const known = new Map<string, Known>();
  const of = (id: string): Known => {
    let connection = known.get(id);
    if (connection === undefined) known.set(id, (connection = { userId: undefined, connectedAt: undefined, span: undefined }));
    return connection;
  };
  const join = (id: string, time: number | undefined, userId?: string): void => {
    const connection = of(id);
    connection.userId ??= userId;
    if (connection.span !== undefined) {
      if (connection.span.from === undefined && time !== undefined) connection.span.from = time;
      return;
    }
    const span: Draft = { connectionId: id };
    if (connection.userId !== undefined) span.userId = connection.userId;
    if (time !== undefined) span.from = time;
    if (connection.connectedAt !== undefined) span.connectedAt = connection.connectedAt;
    connection.span = span;
    spans.push(span);
  };
  const leave = (id: string, time: number | undefined, why: string): void => {
    const { span } = of(id);
    if (span === undefined) return;
    if (time !== undefined) span.to = time;
    span.end = why;
    of(id).span = undefined;
  };
  const idsOf = (userId: string): string[] => [...known].filter(([, connection]) => connection.userId === userId).map(([id]) => id);

  for (const { kind, time, connectionId, userId, threadId } of entries) {
    const isOurs = threadId !== undefined && threads.has(threadId);
    if (kind === 'connected' && connectionId !== undefined) {
      const connection = of(connectionId);
      if (connection.connectedAt !== undefined) leave(connectionId, time, l10n.t('connected again'));
      connection.userId = userId ?? connection.userId;
      connection.connectedAt = time;
    } else if (kind === 'closed' && connectionId !== undefined) {
      leave(connectionId, time, l10n.t('closed'));
      known.delete(connectionId);
    } else if (kind === 'disconnected-before-send' && connectionId !== undefined) leave(connectionId, time, l10n.t('found dead when sending'));
    else if (kind === 'user-disconnected' && userId !== undefined) {
      for (const id of idsOf(userId)) {
        leave(id, time, l10n.t('all connections of the user were closed'));
        known.delete(id);
      }
    } else if (CONNECTION_JOINS.has(kind) && connectionId !== undefined && threadId !== undefined) {
      if (isOurs) join(connectionId, time, userId);
      else leave(connectionId, time, l10n.t('moved to {0}', threadId));
    } else if ((kind === 'associated' || kind === 'switched-thread') && userId !== undefined && threadId !== undefined) {
      const ids = idsOf(userId);
      // The line names a user; when no line told of a connection, it stands for those there are.
      for (const id of ids.length > 0 || !isOurs ? ids : [l10n.t('(connections of {0})', userId)]) {
        if (isOurs) join(id, time, userId);
        else leave(id, time, l10n.t('moved to {0}', threadId));
      }
    }
  }
  return spans;
}
