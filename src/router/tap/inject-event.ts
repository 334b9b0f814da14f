import type { AgentEvent, RunThreads } from '../../core/index';
import type { DeliveryReceipt } from '../../protocol/delivery';
import type { Connection } from '../model/connection';
import type { RouterModel } from '../model/router-model';

export interface InjectParts {
  readonly model: RouterModel;
  readonly runs: RunThreads;
  /** Answers whether it could be sent. */
  readonly send: (connection: Connection, data: Buffer) => boolean;
}

/** Sends an event to the clients of its thread as if the backend had sent it; the backend does not hear of it. */
export function injectEvent(event: AgentEvent, { model, runs, send }: InjectParts): DeliveryReceipt {
  const threadId = runs.threadOf(event.run_id);
  const answer = { type: 'delivery_receipt', run_id: event.run_id } as const;
  if (threadId === undefined) {
    return {
      ...answer, outcome: 'undeliverable', connections: 0,
      reason: 'Neither the run ID nor the traffic so far names a thread.', expected: 'a composite run ID, or a run that was seen with its thread', received: event.run_id,
    };
  }
  const data = Buffer.from(JSON.stringify(event));
  let connections = 0;
  for (const connection of model.threads.get(threadId)?.connections ?? []) if (send(connection, data)) connections++;
  if (connections > 0) return { ...answer, outcome: 'delivered', thread_id: threadId, connections };
  return {
    ...answer, outcome: 'undeliverable', thread_id: threadId, connections: 0,
    reason: `Nobody is connected to ${threadId}; a tap keeps nothing.`, expected: `a connection on ${threadId}`, received: `${model.connections.size} connections, none on it`,
  };
}
