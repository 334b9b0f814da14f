import assert from 'node:assert/strict';
import type { ChangesMessage, FrameInfo, HelloMessage, LiveAnswer, ReplyMessage, RouterToWorkbench } from '../../../../src/protocol/inspection';
import { parseRouterMessage } from '../../../../src/protocol/router-message';
import { RecordingIndex } from '../../../../src/router/recording/browse/recording-index';
import { RecordingSession } from '../../../../src/router/recording/browse/recording-session';
import { type Loose, R1, T1, TestRouter } from '../harness';
import { useTemporaryDirectory } from '../store/temporary-directory';
import { ask, play, recordingIn, T2 } from './record-run';

describe('a recording shown over the inspection protocol', () => {
  const directory = useTemporaryDirectory();
  let messages: RouterToWorkbench[];
  let session: RecordingSession;
  let journal: FrameInfo[];

  beforeEach(async () => {
    const test = await TestRouter.start();
    const file = recordingIn(directory(), 'a');
    await ask(test.router, 'startRecording', { file });
    await play(test);
    journal = [...(await ask(test.router, 'frames', { limit: 1000 })).frames];
    await ask(test.router, 'stopRecording', {});
    await test.stop();
    messages = [];
    session = new RecordingSession(await RecordingIndex.read(file, {}), (text) => messages.push(parseRouterMessage(text)), '0.0.0');
  });
  afterEach(() => session.close());

  function answer(method: string, params: object): Loose {
    session.receive(JSON.stringify({ type: 'request', id: 7, method, params }));
    const { result, error } = messages.findLast((message): message is ReplyMessage => message.type === 'reply')!;
    if (error) throw Object.assign(new Error(error.message), { reason: error.reason });
    return result;
  }

  it('greets as a recording and shows everything as it was at the end', () => {
    const [hello, changes, ...rest] = messages as [HelloMessage, ChangesMessage];
    assert.deepEqual(rest, []);
    assert.deepEqual([hello.router.kind, hello.router.dialect], ['recording', 'fix']);
    assert.equal(changes.reset, true);
    assert.deepEqual(changes.connections?.map(({ userId, threads }) => [userId, threads]), [['anna-77', [T1]], ['ben', [T1]], ['carl', [T2]]]);
    assert.deepEqual(changes.threads?.map(({ id, state, connections, delivered }) => [id, state, connections, delivered]), [[T1, 'live', 2, 4], [T2, 'live', 1, 1]]);
    assert.deepEqual(changes.runs?.map(({ id, state, events, agentName }) => [id, state, events, agentName])[0], [R1, 'running', 4, 'tester']);
    assert.deepEqual(changes.deliveries?.map(({ outcome, connections }) => [outcome, connections]), [['delivered', 1], ['delivered', 2], ['delivered', 1], ['delivered', 1], ['undeliverable', 0], ['delivered', 2], ['delivered', 2]]);
  });

  it('has the frames of the journal, their bodies, and finds in them', () => {
    const { frames } = answer('frames', { after: 0, limit: 1000 }) as { frames: FrameInfo[] };
    assert.deepEqual(frames.map(({ seq: _seq, at: _at, ...rest }) => rest), journal.map(({ seq: _seq, at: _at, ...rest }) => rest));
    const found = answer('frames', { text: 'tool_executing', direction: 'in' }) as { frames: FrameInfo[] };
    assert.equal(found.frames.length, 1);
    const { text } = answer('frameBody', { seq: found.frames[0]!.seq }) as { text: string };
    assert.equal((JSON.parse(text) as { payload: { parameters: object } }).payload.parameters instanceof Object, true);
    assert.ok(!text.includes('sk-live'));
    assert.deepEqual(answer('frameBody', { seq: frames.find(({ binary }) => binary)!.seq }), { base64: 'AQID' });
    assert.deepEqual(answer('frameBody', { seq: 9999 }), { missing: true });
  });

  it('tells a connection by its ID, and resolves as the recorded router did', () => {
    const id = (messages[1] as ChangesMessage).connections![1]!.id;
    const details = answer('connection', { connectionId: id }) as { timeline: { what: string }[] };
    assert.deepEqual(details.timeline.map(({ what }) => what), ['connected', 'associated']);
    const live = answer('resolve', { runId: R1 }) as LiveAnswer;
    assert.deepEqual([live.threadId, live.connections], [T1, 2]);
    assert.throws(() => answer('connection', { connectionId: 'conn_x_00000000' }), { reason: 'not_found' });
  });

  it('can be looked at only, and shows itself again', () => {
    for (const [method, params] of [['simulate', { event: {} }], ['startRecording', { file: '/x' }], ['disconnect', { connectionId: 'x' }]] as const) {
      assert.throws(() => answer(method, params), { reason: 'read_only' });
    }
    const before = messages.length;
    answer('watch', { on: true });
    assert.equal((messages.at(-1) as ChangesMessage).reset, true);
    assert.equal(messages.length, before + 2);
  });
});
