import assert from 'node:assert/strict';
import type { ConnectionInfo, DeliveryInfo } from '../../src/protocol/inspection';
import { LiveModel } from '../../src/workbench/live/live-model';

function connection(id: string, threads: string[]): ConnectionInfo {
  return {
    id,
    threads,
    connectedAt: 1,
    lastActivityAt: 1,
    remoteAddress: '127.0.0.1',
    messagesSent: 0,
    messagesReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    bufferedBytes: 0,
    dropped: 0,
  };
}

function delivery(seq: number, outcome: DeliveryInfo['outcome']): DeliveryInfo {
  return { seq, at: seq, type: 'agent_started', outcome, connections: 0, bytes: 10 };
}

const ids = (connections: readonly ConnectionInfo[]): string[] => connections.map(({ id }) => id);

describe('LiveModel', () => {
  it('finds connections by thread while they move, and those without one', () => {
    const model = new LiveModel();
    model.apply({ type: 'changes', seq: 1, reset: true, connections: [connection('c1', ['thread_a', 'thread_b']), connection('c2', [])] });
    assert.deepEqual(ids(model.connectionsOf('thread_a')), ['c1']);
    assert.deepEqual(ids(model.connectionsWithoutThread()), ['c2']);
    model.apply({ type: 'changes', seq: 2, connections: [connection('c1', ['thread_b']), connection('c2', ['thread_b'])] });
    assert.deepEqual(ids(model.connectionsOf('thread_a')), []);
    assert.deepEqual(ids(model.connectionsOf('thread_b')), ['c1', 'c2']);
    assert.deepEqual(model.connectionsWithoutThread(), []);
    model.apply({ type: 'changes', seq: 3, closedConnections: ['c1', 'unknown'] });
    assert.deepEqual(ids(model.connectionsOf('thread_b')), ['c2']);
  });

  it('replaces a delivery whose outcome changed and keeps their number bounded', () => {
    const model = new LiveModel();
    model.apply({ type: 'changes', seq: 1, reset: true, deliveries: [delivery(1, 'queued'), delivery(2, 'delivered')] });
    model.apply({ type: 'changes', seq: 2, deliveries: [delivery(1, 'delivered')] });
    assert.deepEqual(model.deliveries.map(({ outcome }) => outcome), ['delivered', 'delivered']);
    model.apply({ type: 'changes', seq: 3, deliveries: Array.from({ length: 5000 }, (_, index) => delivery(index + 3, 'delivered')) });
    assert.equal(model.deliveries.length, 1000);
    assert.equal(model.deliveries.at(-1)?.seq, 5002);
  });

  it('forgets everything when a snapshot begins', () => {
    const model = new LiveModel();
    model.apply({ type: 'changes', seq: 1, reset: true, connections: [connection('c1', ['thread_a'])], deliveries: [delivery(1, 'queued')] });
    model.apply({ type: 'changes', seq: 9, reset: true, connections: [connection('c2', [])] });
    assert.deepEqual(model.connectionsOf('thread_a'), []);
    assert.deepEqual([...model.connections.keys()], ['c2']);
    assert.equal(model.deliveries.length, 0);
  });
});
