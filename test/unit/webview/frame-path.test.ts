import assert from 'node:assert/strict';
import type { DeliveryInfo } from '../../../src/protocol/inspection';
import { closeCodeText } from '../../../src/webview/path/close-codes';
import { framePath } from '../../../src/webview/path/frame-path';
import { frame } from './frames';

const NOTHING = { connections: [], connectionCount: 0 };
const connection = (id: string, connectedAt: number) => ({
  id, threads: ['thread_a'], connectedAt, lastActivityAt: 0, remoteAddress: '', messagesSent: 0, messagesReceived: 0, bytesSent: 0, bytesReceived: 0, bufferedBytes: 0, dropped: 0,
});

function delivery(parts: Partial<DeliveryInfo>): DeliveryInfo {
  return { seq: 7, at: 1000, type: 'agent_started', agentName: 'triage', outcome: 'delivered', connections: 1, bytes: 100, resolution: { source: 'pattern_extraction', priority: 4, pattern: '1.5', dialect: 'fix' }, ...parts };
}

describe('framePath', () => {
  const received = frame(1, { at: 1000, type: 'agent_started', runId: 'r', threadId: 'thread_a', outcome: 'delivered', deliverySeq: 7 });
  const sent = frame(2, { ...received, seq: 2, at: 1004, direction: 'out', peer: 'client', recipients: 2 });

  it('tells received, resolved by what, sent to whom and after how long', () => {
    const facts = { delivery: delivery({ connections: 2 }), connections: [connection('conn_a', 10), connection('conn_late', 2000)], connectionCount: 2 };
    const steps = framePath(received, [received, sent], facts);
    assert.deepEqual(steps.map(({ state, title }) => [state, title]), [
      ['done', 'Received from agent triage'],
      ['done', 'Resolved to thread_a by pattern extraction'],
      ['done', 'Sent to 2 connections'],
    ]);
    assert.deepEqual(steps[1]?.details, ['priority 4, pattern 1.5, dialect fix']);
    assert.deepEqual(steps[2]?.details, ['4 ms after it was received', '1 of them is no longer on the thread']);
    assert.deepEqual(steps[2]?.connectionIds, ['conn_a']);
    assert.equal(steps[2]?.seq, 2);
  });

  it('leads back from the frame that went out to the one that came in', () => {
    const [first, , last] = framePath(sent, [received, sent], NOTHING);
    assert.equal(first?.seq, 1);
    assert.equal(last?.seq, undefined);
  });

  it('tells a wait that lasts, and one that ended', () => {
    const queued = frame(1, { ...received, outcome: 'queued' });
    const waits = framePath(queued, [queued], { ...NOTHING, delivery: delivery({ outcome: 'queued', reason: 'Nobody is connected.', expected: 'a connection', received: 'none' }) });
    assert.deepEqual(waits.at(-1), { state: 'wait', title: 'Waits: nobody is connected to the thread', at: 1000, details: ['Nobody is connected.', 'Expected: a connection', 'Received: none'] });
    const flushed = framePath(queued, [queued, { ...sent, at: 3500 }], { ...NOTHING, delivery: delivery({}) });
    assert.deepEqual(flushed.map(({ title }) => title).slice(2), ['Waited 2.5 s for a connection', 'Sent to 2 connections']);
  });

  it('tells why an event was not delivered, with near misses', () => {
    const lost = frame(1, { at: 1, runId: 'run_9f', outcome: 'undeliverable', deliverySeq: 7 });
    const steps = framePath(lost, [lost], {
      ...NOTHING,
      delivery: delivery({ outcome: 'undeliverable', deadLetter: true, reason: 'No thread.', nearMisses: [{ thread_id: 'thread_b', connections: 1, why: '1 character away' }] }),
    });
    assert.deepEqual(steps.map(({ state }) => state), ['done', 'failed', 'failed']);
    assert.deepEqual(steps.at(-1), {
      state: 'failed',
      title: 'Not delivered: kept as a dead letter',
      details: ['No thread.', 'Near miss: thread_b (1 character away, 1 connection)'],
    });
  });

  it('says when it can only tell how the run resolves now', () => {
    const now = { threadId: 'thread_a', source: 'thread_registry', priority: 1, dialect: 'fix', steps: [], connectionIds: [], connections: 0, waiting: 0, nearMisses: [] } as never;
    const [, resolved] = framePath(received, [received, sent], { ...NOTHING, now });
    assert.equal(resolved?.title, 'Resolved to thread_a by the registry');
    assert.match(resolved?.details.at(-1) ?? '', /no longer remembered/);
  });

  it('is short for what is no agent event, and ends at a rejection', () => {
    const ping = frame(1, { peer: 'client', type: 'ping', connectionId: 'conn_a', threadId: 'thread_a' });
    assert.deepEqual(framePath(ping, [ping], { ...NOTHING, connectionCount: 1 }).map(({ title }) => title), ['Received from conn_a']);
    const broken = frame(1, { outcome: 'rejected', deliverySeq: 7 });
    assert.deepEqual(framePath(broken, [broken], NOTHING).map(({ state }) => state), ['done', 'failed']);
  });
});

describe('closeCodeText', () => {
  it('explains codes of the RFC and of applications', () => {
    assert.match(closeCodeText(1006), /without a closing handshake/);
    assert.match(closeCodeText(4008), /private code/);
    assert.match(closeCodeText(3100), /IANA/);
    assert.match(closeCodeText(2999), /no code/);
  });
});
