import assert from 'node:assert/strict';
import { isHostToPage, isPageToHost, isSavedEvent, type HostToPage, type PageToHost } from '../../../src/protocol/traffic-panel';
import { frame } from './frames';

const EVENT = { runId: 'r', eventType: 'agent_started', agentName: 'a', payload: {} };

const FROM_HOST: HostToPage[] = [
  { type: 'router', state: { kind: 'running', url: 'http://127.0.0.1:1', clientUrl: 'ws://127.0.0.1:1/ws' } },
  { type: 'reset', journal: '1-2' },
  { type: 'frames', batch: 1, frames: [frame(1), frame(2, { outcome: 'queued', deliverySeq: 3, recipients: 2, binary: true })], skipped: 0, behind: 2 },
  { type: 'body', seq: 1, body: { text: '{}' } },
  { type: 'path', seq: 1, facts: { connections: [], connectionCount: 0 } },
  { type: 'matches', search: 1, seqs: [1, 2], upTo: 3 },
  { type: 'injected', request: 1, error: 'closed' },
  { type: 'saved', events: [{ name: 'n', event: EVENT }] },
];
const FROM_PAGE: PageToHost[] = [
  { type: 'ready' },
  { type: 'ready', journal: '1-2', after: 5 },
  { type: 'ack', batch: 2 },
  { type: 'search', search: 1, text: 'x' },
  { type: 'inject', request: 1, event: EVENT },
  { type: 'run', command: 'explain', argument: 'run_x' },
];

describe('messages of the Traffic panel', () => {
  it('are accepted as they are sent, after the journey as JSON', () => {
    for (const message of FROM_HOST) assert.ok(isHostToPage(JSON.parse(JSON.stringify(message))), message.type);
    for (const message of FROM_PAGE) assert.ok(isPageToHost(JSON.parse(JSON.stringify(message))), message.type);
  });

  it('are refused when a field is missing, of another type or out of bounds', () => {
    const wrong: unknown[] = [
      undefined, null, 'ready', [], {}, { type: 'nonsense' }, { type: 'toString' }, { type: '__proto__' },
      { type: 'ack' }, { type: 'ack', batch: '1' }, { type: 'ack', batch: -1 }, { type: 'ack', batch: 1.5 },
      { type: 'run', command: 'rm' }, { type: 'run', command: 'one' }, { type: 'pause', on: 1 },
      { type: 'inject', request: 1, event: { ...EVENT, payload: [] } }, { type: 'inject', request: 1, event: { ...EVENT, runId: 5 } },
      { type: 'forget', name: 'x'.repeat(20_001) },
    ];
    for (const message of wrong) assert.ok(!isPageToHost(message), JSON.stringify(message)?.slice(0, 80));
    const wrongFrames: unknown[] = [{}, { ...frame(1), direction: 'up' }, { ...frame(1), bytes: '1' }, { ...frame(1), at: null }, { ...frame(1), outcome: 'one' }];
    for (const each of wrongFrames) assert.ok(!isHostToPage({ type: 'frames', batch: 1, frames: [frame(1), each], skipped: 0, behind: 0 }));
  });

  it('are not taken for those of the other direction', () => {
    assert.ok(!isPageToHost({ type: 'frames', batch: 1, frames: [], skipped: 0, behind: 0 }));
    assert.ok(!isHostToPage({ type: 'ack', batch: 1 }));
  });

  it('let only whole saved events in from storage', () => {
    assert.ok(isSavedEvent({ name: 'n', event: EVENT }));
    assert.ok(!isSavedEvent({ name: 'n', event: { ...EVENT, eventType: undefined } }));
  });
});
