import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { RecordingInfo } from '../../../src/protocol/inspection';
import type { RunningRouter } from '../../../src/workbench/router/router-controller';
import type { Replayed } from '../../../src/workbench/recording/replay-command';
import type { ServedRecording } from '../../../src/workbench/recording/serve-recording';
import { poll } from '../../harness/poll';
import { temporaryFolder } from '../../harness/temporary-folder';
import { TestClient } from '../../host/clients';
import { startWorkbench, type Started } from '../start-workbench';

const T1 = 'thread_13679e4dcc38403a';
const R1 = `${T1}_run_1756919162904_9adf1f09`;
const CHROME = join(__dirname, '../../fixtures/har/chrome.har');

describe('recordings in the workbench', function () {
  this.timeout(30_000);
  let started: Started;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const file = (name: string): string => join(folder.path, `${name}.threadlens-rec.jsonl`);
  const run = <T>(command: string, ...args: unknown[]): Promise<T> => started.fake.commands.run<T>(`threadLens.${command}`, ...args);

  beforeEach(async () => {
    folder = await temporaryFolder();
    started = await startWorkbench({ workspaceFolders: [folder.path] });
  });
  afterEach(async () => {
    await started.end();
    await folder.remove();
  });

  /** Records a client and a run of two events; answers the file. */
  async function record(name = 'a'): Promise<string> {
    const running = (await run<RunningRouter | undefined>('router.start'))!;
    await run<RecordingInfo>('record.start', file(name));
    const client = await TestClient.connect(`${running.clientUrl}?thread_id=${T1}&user_id=anna`);
    for (const type of ['agent_started', 'agent_completed']) await run('simulateDelivery', { runId: R1, type, payload: { status: type, password: 'hunter22' } });
    await client.next((message) => message['type'] === 'agent_completed');
    await client.close();
    const ended = await run<RecordingInfo>('record.stop');
    assert.equal(ended.file, file(name));
    return ended.file;
  }

  it('are no longer read when their progress is cancelled, which is no failure', async () => {
    const recorded = await record();
    const before = started.fake.messages.texts.length;
    const opening = run('recording.open', recorded);
    const reading = await poll('the progress', () => started.fake.progress.shown.find(({ title }) => title === 'Reading a'));
    reading.cancel();
    assert.equal(await opening, undefined);
    assert.deepEqual(started.fake.messages.texts.slice(before), []);
    assert.equal(started.fake.commands.contextKeys.get('threadLens.shownKind'), 'router');
    assert.equal(await run('recording.open', recorded), `recording:${recorded}`);
    assert.match(started.fake.progress.shown.at(-1)?.reports.map(({ message }) => message).join() ?? '', /100 %/);
  });

  describe('record', () => {
    it('shows that it records, and how much, and stops at a click', async () => {
      const running = (await run<RunningRouter | undefined>('router.start'))!;
      started.fake.inputs.choose(file('asked'));
      const info = await run<RecordingInfo>('record.start');
      assert.equal(info.file, file('asked'));
      const item = started.fake.statusBar.item('threadLens.recording');
      assert.match(item.text, /^\$\(record\) \d+ B$/);
      assert.equal(started.fake.commands.contextKeys.get('threadLens.recording'), true);
      const client = await TestClient.connect(running.clientUrl);
      await poll('a recording that grows', () => /KiB/.test(item.text) || Number(/(\d+) B/.exec(item.text)?.[1]) > 400);
      await client.close();
      started.fake.messages.answer('Open in Traffic', { to: /^Recorded \d+ frames \(.*\) to asked\.$/ });
      const ended = (await started.fake.statusBar.click('threadLens.recording')) as RecordingInfo;
      assert.ok(ended.frames >= 1);
      assert.ok(!started.fake.statusBar.visible.some(({ id }) => id === 'threadLens.recording'));
      assert.equal(started.fake.commands.contextKeys.get('threadLens.recording'), false);
      await poll('the recording in the views', () => started.fake.statusBar.text.includes('asked'));
    });

    it('replaces a file only when the dialog has asked, and tells why it cannot start', async () => {
      await run('router.start');
      writeFileSync(file('old'), 'old');
      await assert.rejects(run('record.start', file('old')), /nothing is overwritten/);
      assert.equal(readFileSync(file('old'), 'utf8'), 'old');
      started.fake.inputs.choose(file('old'));
      await run('record.start');
      assert.match(readFileSync(file('old'), 'utf8'), /^\{"thread_lens_recording":1/);
      await run('record.stop');
      started.fake.inputs.choose(join(folder.path, 'none', 'a'));
      assert.equal(await run('record.start'), undefined);
      assert.match(started.fake.messages.texts.at(-1) ?? '', /error: The recording could not start: expected a file in a folder that exists/);
    });

    it('offers to start a router when nothing runs, and says that nothing was recorded', async () => {
      started.fake.messages.answer('Start Router', { to: /nothing to record/ });
      const info = await run<RecordingInfo>('record.start', file('started'));
      assert.equal(info.file, file('started'));
      await run('record.stop');
      assert.equal(await run('record.stop'), undefined);
      assert.match(started.fake.messages.texts.at(-1) ?? '', /Nothing was stopped: expected a recording under way/);
    });

    it('says when a recording ends by itself', async () => {
      const { fake } = started;
      await run('router.start');
      await run('record.start', file('gone'));
      await run('router.stop');
      assert.ok(!fake.statusBar.visible.some(({ id }) => id === 'threadLens.recording'));
      assert.match(readFileSync(file('gone'), 'utf8'), /"why":"server_stopped"\}\n$/);
    });
  });

  it('open shows a recording in the views, to be looked at only, until it is closed', async () => {
    const recorded = await record();
    await run('router.stop');
    const id = await run<string>('recording.open', started.fake.api.Uri.file(recorded));
    assert.equal(id, `recording:${recorded}`);
    assert.equal(started.fake.webviews.panels.length, 1);
    assert.equal(started.fake.commands.contextKeys.get('threadLens.shownKind'), 'recording');
    const shows = (view: string, text: string) => poll(`${text} in ${view}`, async () => (await started.fake.trees.treeText(view, { expand: 'all' })).includes(text), { timeoutMs: 5000 });
    await shows('threadLens.threads', T1);
    await shows('threadLens.threads', 'conn_anna_');
    await shows('threadLens.deliveries', 'agent_completed');
    assert.equal(await run('recording.close'), true);
    assert.equal(await run('recording.close'), false);
  });

  it('open says what is wrong with a file, and shows it as text', async () => {
    writeFileSync(file('later'), '{"thread_lens_recording":7}\n');
    started.fake.messages.answer('Open as Text', { to: /^later\.threadlens-rec\.jsonl cannot be opened/ });
    assert.equal(await run('recording.open', file('later')), undefined);
    assert.match(started.fake.messages.texts.at(-1) ?? '', /error: later\.threadlens-rec\.jsonl cannot be opened: expected a recording of version 1, received version 7/);
    await poll('the file', () => started.fake.editors.active?.document.getText().includes('"thread_lens_recording":7'));
  });

  it('replay plays into the router of the window with new IDs, records it there, and shows the comparison', async () => {
    const recorded = await record();
    const result = await run<Replayed>('replay', { file: recorded, timing: 'none' });
    assert.deepEqual([result.clients, result.agentEvents, result.equal, result.problems], [1, 2, true, []]);
    assert.match(readFileSync(result.file!, 'utf8'), /"source":"router"/);
    assert.ok(!readFileSync(result.file!, 'utf8').includes(T1));
    assert.match(started.fake.editors.active?.document.getText() ?? '', /\*\*Equal\*\* except for IDs and times/);
    await poll('the message', () => started.fake.messages.texts.some((text) => /Replayed 2 events of agents and 0 messages of clients; 3 messages came back, as against 3 recorded\. Everything is equal except IDs and times\./.test(text)));
  });

  it('replay asks what, where, how fast and with which IDs', async () => {
    const recorded = await record();
    const { inputs } = started.fake;
    inputs.pick('Agents and Clients');
    inputs.pick('The Router of This Window');
    inputs.pick('Without Pauses');
    inputs.pick('IDs as Recorded');
    const result = await run<Replayed>('replay', started.fake.api.Uri.file(recorded));
    assert.equal(result.equal, true);
    assert.ok(readFileSync(result.file!, 'utf8').includes(R1));
  });

  it('replay asks before it sends to another machine, and does not when it is declined', async () => {
    const recorded = await record();
    const { inputs, messages } = started.fake;
    inputs.pick('Agents');
    inputs.pick('Another Server…');
    inputs.type('http://192.0.2.1:8787');
    messages.answer(undefined, { to: /another machine/ });
    assert.equal(await run('replay', recorded), undefined);
    const asked = messages.shown.at(-1);
    assert.deepEqual([asked?.modal, asked?.items], [true, ['Send to 192.0.2.1']]);
    assert.equal(await run('replay', { file: recorded, target: 'http://192.0.2.1:8787', timing: 'none' }), undefined);
    assert.match(messages.texts.at(-1) ?? '', /error: The replay failed: expected a loopback address, received 192\.0\.2\.1/);
  });

  it('replay stands in for the recorded server until its notification is cancelled', async () => {
    const recorded = await record();
    const served = await run<ServedRecording>('replay', { file: recorded, side: 'serve', timing: 'none', remint: false });
    assert.equal(started.fake.environment.clipboard, served.url);
    const client = await TestClient.connect(served.url);
    await client.next((message) => message['type'] === 'agent_completed' && message['run_id'] === R1);
    const progress = started.fake.progress.shown.at(-1)!;
    await poll('its client in the notification', () => progress.reports.some(({ message }) => message === `${served.url}, 1 client`));
    progress.cancel();
    await poll('the end', () => progress.done && client.socket.readyState === WebSocket.CLOSED);
  });

  it('replay needs a trusted workspace', async () => {
    await started.end();
    started = await startWorkbench({ workspaceFolders: [folder.path], trusted: false });
    started.fake.messages.answer('Manage Workspace Trust', { to: /Replaying needs a trusted workspace/ });
    assert.equal(await run('replay', file('any')), undefined);
  });

  it('compare takes two selected files, or asks for the second', async () => {
    const [a, b] = [await record('a'), await record('b')].map((path) => started.fake.api.Uri.file(path));
    const result = await run<{ equal: boolean }>('recording.compare', a, [a, b]);
    assert.equal(result.equal, true);
    assert.match(started.fake.editors.active?.document.uri.path ?? '', /Comparison of a and b\.md$/);
    started.fake.inputs.pick('b');
    assert.equal((await run<{ equal: boolean }>('recording.compare', a)).equal, true);
    started.fake.inputs.pick('Another File…');
    started.fake.inputs.choose(CHROME);
    assert.equal(await run('recording.compare', a), undefined);
    assert.match(started.fake.messages.texts.at(-1) ?? '', /error: The recordings cannot be compared: expected the first line of a Thread Lens recording/);
  });

  it('export writes what the router remembers as HAR, and import opens a HAR of Chrome', async () => {
    await record();
    const har = join(folder.path, 'live.har');
    started.fake.inputs.choose(har);
    const exported = await run<{ file: string; connections: number; messages: number }>('exportHar');
    assert.deepEqual([exported.file, exported.connections], [har, 2]);
    const text = readFileSync(har, 'utf8');
    assert.ok(!text.includes('hunter22'));
    assert.equal((JSON.parse(text) as { log: { version: string } }).log.version, '1.2');
    // What it took from the router on the way is gone.
    started.fake.inputs.choose(file('chrome'));
    const imported = await run<{ file: string; messages: number }>('importHar', CHROME);
    assert.deepEqual([imported.file, imported.messages], [file('chrome'), 4]);
    assert.match(started.fake.statusBar.said.at(-1) ?? '', /Imported 4 messages of 1 connection\. Skipped: requests without messages \(1\), messages/);
    await run('replay', { file: imported.file, side: 'agents', timing: 'none' });
    assert.match(started.fake.messages.texts.at(-1) ?? '', /Replayed 0 events of agents.*holds no events of agents; a tap or a browser sees none\. Replay its server instead\./);
    await run('recording.open', imported.file);
    await poll('its thread', async () => (await started.fake.trees.treeText('threadLens.threads', { expand: 'all' })).includes(T1), { timeoutMs: 5000 });
    // The shown source is the recording now: that is what is exported.
    const again = await run<{ file: string }>('exportHar', { to: join(folder.path, 'again.har') });
    assert.match(readFileSync(again.file, 'utf8'), /agent_started/);
  });

  it('export answers the HAR although what it took from the router on the way cannot be deleted', async () => {
    await record();
    const har = join(folder.path, 'live.har');
    started.fake.api.workspace.fs.delete = () => Promise.reject(new Error('the file is busy'));
    assert.equal((await run<{ file: string } | undefined>('exportHar', { to: har }))?.file, har);
    assert.doesNotMatch(started.fake.messages.texts.join('\n'), /could not be written/);
    assert.match(readFileSync(har, 'utf8'), /agent_started/);
  });

  it('export and import say what is wrong', async () => {
    assert.equal(await run('exportHar'), undefined);
    assert.match(started.fake.messages.texts.at(-1) ?? '', /There is nothing to export/);
    writeFileSync(join(folder.path, 'empty.har'), '{"log":{"entries":[{}]}}');
    assert.equal(await run('importHar', { file: join(folder.path, 'empty.har'), to: file('empty') }), undefined);
    assert.match(started.fake.messages.texts.at(-1) ?? '', /error: The HAR could not be imported: expected WebSocket messages in the HAR, received 1 entries without/);
    assert.equal(existsSync(file('empty')), false);
  });
});
