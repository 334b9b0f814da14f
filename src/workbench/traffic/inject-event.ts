import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { type AgentEvent, extractThreadId, generateRunId, InvalidThreadIdError } from '../../core/index';
import type { DeliveryReceipt } from '../../protocol/delivery';
import type { InjectedEvent } from '../../protocol/traffic-panel';
import type { InspectionClient } from '../live/inspection-client';
import type { LiveModel } from '../live/live-model';

/** An injected event names neither run nor thread. */
export class InjectTargetError extends Error {
  override readonly name = 'InjectTargetError';
  readonly reason = 'no-target';
}

/**
 * Sends an event as an agent would, its payload as given. For a thread a run ID is minted that resolves to it; where
 * no ID can say so (a thread without the `thread_` prefix), a run is registered for the one event.
 * @throws {InjectTargetError}
 * @throws {InspectionError} when the router refuses or is gone
 */
export async function injectEvent(client: InspectionClient, model: LiveModel, log: Pick<vscode.LogOutputChannel, 'debug'>, injected: InjectedEvent): Promise<DeliveryReceipt> {
  const { runId, threadId } = injected;
  if (runId !== undefined && runId !== '') return client.request('simulate', { event: eventOf(injected, runId) });
  if (threadId === undefined || threadId === '') throw new InjectTargetError('expected a run ID or a thread ID, received neither');
  const minted = mintFor(threadId, model);
  if (minted !== undefined) return client.request('simulate', { event: eventOf(injected, minted) });
  const registered = `run_${randomUUID()}`;
  await client.request('registerRun', { runId: registered, threadId, metadata: { source: 'traffic_panel' } });
  try {
    return await client.request('simulate', { event: eventOf(injected, registered) });
  } finally {
    // What became of the event is the answer: a run that stays registered has a name nobody else uses.
    await client.request('unregisterRun', { runId: registered }).catch((error: unknown) => log.debug(`traffic: ${String(error)}`));
  }
}

function mintFor(threadId: string, model: LiveModel): string | undefined {
  try {
    const runId = generateRunId(threadId);
    return extractThreadId(runId, model.router?.dialect ?? 'fix')?.threadId === threadId ? runId : undefined;
  } catch (error) {
    if (error instanceof InvalidThreadIdError) return undefined;
    throw error;
  }
}

function eventOf({ eventType, agentName, payload }: InjectedEvent, runId: string): AgentEvent {
  return { type: eventType, run_id: runId, agent_name: agentName, timestamp: new Date().toISOString(), payload };
}
