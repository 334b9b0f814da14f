import type { AssociationRow, RegistrationRow, StoredEvent, StoreLog } from '../../../../src/router/store/store';

export function registration(runId: string, more: Partial<RegistrationRow> = {}): RegistrationRow {
  return { runId, threadId: 'thread_13679e4dcc38403a', createdAt: 1_756_919_162_904, lastAccessedAt: 1_756_919_162_904, accessCount: 0, ...more };
}

export function waitingEvent(seq: number, more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    seq,
    state: 'waiting',
    at: 1_756_919_162_904 + seq,
    type: 'agent_started',
    runId: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09',
    threadId: 'thread_13679e4dcc38403a',
    reason: 'nobody is connected to the thread',
    payload: Buffer.from(`{"type":"agent_started","n":${seq}}`),
    ...more,
  };
}

export function association(connectionId: string, threadId: string, more: Partial<AssociationRow> = {}): AssociationRow {
  return { at: 1_756_919_162_904, connectionId, threadId, what: 'associated', how: 'url', ...more };
}

export interface Logged {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** A log that remembers. */
export function memoryLog(): { readonly log: StoreLog; readonly logged: Logged[] } {
  const logged: Logged[] = [];
  return { logged, log: (level, message) => void logged.push({ level, message }) };
}
