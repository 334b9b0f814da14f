import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { RecordingIndex } from '../../../../src/router/recording/browse/recording-index';
import { until } from '../harness';
import { readAll, recordingIn } from '../recording/record-run';
import { useTemporaryDirectory } from '../store/temporary-directory';
import { TestBackend, TestTap } from './tap-harness';

const THREAD = 'thread_13679e4dcc38403a';

describe('recording a tap', () => {
  const directory = useTemporaryDirectory();
  let backend: TestBackend;
  let tap: TestTap;

  beforeEach(async () => {
    backend = await TestBackend.start();
    tap = await TestTap.start(backend.target);
  });
  afterEach(async () => {
    await tap.stop();
    await backend.stop();
  });

  it('says what breakpoints did to frames, and shows it again', async () => {
    const file = recordingIn(directory(), 'held');
    const workbench = await tap.workbench();
    await workbench.ask('startRecording', { file });
    await workbench.ask('addBreakpoint', { rule: { direction: 'in', type: 'secret' } });
    const client = await tap.client();
    const side = await backend.side();
    client.send({ type: 'secret' });
    await workbench.holding(1);
    await workbench.ask('drop', { ids: [workbench.held[0]!.id] });
    client.send({ type: 'open' });
    await side.receive(1);
    await workbench.ask('stopRecording', {});
    const { entries } = await readAll(file);
    const marked = entries.filter((entry) => entry.kind === 'frame').map((entry) => (entry.kind === 'frame' ? [entry.type, entry.discarded] : []));
    assert.deepEqual(marked, [['secret', true], ['open', undefined]]);
    const index = await RecordingIndex.read(file, {});
    assert.deepEqual([1, 2].map((seq) => index.frames.info(seq)?.discarded), [true, undefined]);
  });

  it('writes what passes both ways, without secrets, and ends with the tap', async () => {
    const file = recordingIn(directory(), 'tap');
    const workbench = await tap.workbench();
    await workbench.ask('startRecording', { file });
    const client = await tap.client();
    const side = await backend.side();
    client.send({ type: 'chat', thread_id: THREAD, password: 'hunter22' });
    await side.receive(1);
    side.send({ type: 'agent_started', run_id: `${THREAD}_run_1756919162904_9adf1f09`, payload: {} });
    await client.receive(1);
    await until(() => tap.tap.info().recording?.frames === 2, 'two recorded frames');
    await tap.stop();
    const { header, entries } = await readAll(file);
    assert.equal(header.source, 'tap');
    const frames = entries.filter((entry) => entry.kind === 'frame');
    assert.deepEqual(frames.map(({ direction, type, thread }) => [direction, type, thread]), [['in', 'chat', THREAD], ['out', 'agent_started', THREAD]]);
    assert.ok(!JSON.stringify(frames).includes('hunter22'));
    assert.equal(entries.filter(({ kind }) => kind === 'connection_opened').length, 1);
    assert.equal(entries.at(-1)?.kind, 'end');
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
