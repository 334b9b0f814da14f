import { join } from 'node:path';
import type { InspectionMethod, InspectionMethods } from '../../../../src/protocol/inspection';
import { readRecording } from '../../../../src/router/recording/read-recording';
import type { RecordingEntry, RecordingHeader } from '../../../../src/core/index';
import type { Router } from '../../../../src/router/router';
import { event, type Peer, R1, T1, type TestRouter } from '../harness';

export const T2 = 'thread_user_123_session_456';

/** Asks a router over its inspection protocol. */
export async function ask<M extends InspectionMethod>(router: Router, method: M, params: InspectionMethods[M]['params']): Promise<InspectionMethods[M]['result']> {
  return new Promise((resolve, reject) => {
    const session = router.inspect({
      ready: () => true,
      send: (text) => {
        const message = JSON.parse(text) as { type: string; result?: unknown; error?: { reason: string; message: string } };
        if (message.type !== 'reply') return;
        session.close();
        if (message.error) reject(Object.assign(new Error(message.error.message), { reason: message.error.reason }));
        else resolve(message.result as InspectionMethods[M]['result']);
      },
    });
    session.receive(JSON.stringify({ type: 'request', id: 1, method, params }));
  });
}

export async function readAll(path: string): Promise<{ header: RecordingHeader; entries: RecordingEntry[]; cut: boolean }> {
  const entries: RecordingEntry[] = [];
  const summary = await readRecording(path, (entry) => void entries.push(entry));
  return { ...summary, entries };
}

export function recordingIn(folder: string, name: string): string {
  return join(folder, `${name}.threadlens-rec.jsonl`);
}

/**
 * Clients of three users, two of them on one thread, one that joins while events wait for it, and two runs: everything
 * a recording has to hold. All of it has arrived when this returns.
 */
export async function play(test: TestRouter): Promise<void> {
  const anna = await test.client(`thread_id=${T1}&user_id=anna-77`);
  const ben = await test.client('user_id=ben');
  const agent = await test.agent();
  await agent.deliver({ payload: { status: 'started', message: `for ${T1}` }, request_id: 'a1' });
  ben.send({ type: 'subscribe', thread_id: T1, id: 7 });
  await ben.settle();
  await agent.deliver({ type: 'tool_executing', payload: { tool_name: 'search', parameters: { api_key: 'sk-live-0123456789abcdef', query: 'routes' } }, request_id: 'a2' });
  const second = `${T2}_run_1756919163000_00c0ffee`;
  // Nobody is there: it waits.
  await agent.deliver({ type: 'agent_started', run_id: second, request_id: 'a3' });
  const carl = await test.client('user_id=carl');
  carl.send({ type: 'chat', thread_id: T2, payload: { content: 'hello', password: 'hunter22' } });
  await carl.nextOf('agent_started');
  await agent.deliver({ type: 'agent_completed', run_id: second, payload: { status: 'completed', result: { n: 1.5 } }, request_id: 'a4' });
  await agent.deliver({ type: 'agent_started', run_id: 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760', request_id: 'a5' });
  agent.send(event({ type: 'agent_completed', run_id: R1 }));
  carl.send(Buffer.from([1, 2, 3]));
  await carl.settle();
  await agent.deliver({ type: 'progress_update', request_id: 'a6' });
  await settle(anna, ben, carl);
}

async function settle(...peers: readonly Peer[]): Promise<void> {
  for (const peer of peers) await peer.settle();
}
