import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BreakpointInfo } from '../../src/protocol/breakpoints';
import type { RunningTap } from '../../src/workbench/tap/tap-controller';
import { poll } from '../harness/poll';
import { type Side, TestBackend } from '../unit/router/tap/tap-harness';
import { WebSocket } from 'ws';
import { startWorkbench, type Started } from './start-workbench';
import { Side as ClientSide } from '../unit/router/tap/tap-harness';

const T1 = 'thread_13679e4dcc38403a';
const T2 = 'thread_374579bdba3c41b8';
const R1 = `${T1}_run_1756919162904_9adf1f09`;
const R2 = `${T2}_run_1756919162904_9adf1f09`;
const BREAKPOINTS = 'threadLens.breakpoints';

describe('the tap in the workbench', () => {
  let started: Started;
  let backend: TestBackend;
  const clients: WebSocket[] = [];

  async function start(options: Parameters<typeof startWorkbench>[0] = {}): Promise<void> {
    backend = await TestBackend.start();
    started = await startWorkbench({ ...options, settings: { 'threadLens.tap.port': 0, ...options.settings } });
  }

  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate();
    await started.end();
    await backend.stop();
  });

  const startTap = (argument: object = { target: backend.target }): Promise<RunningTap> => started.fake.commands.run('threadLens.tap.start', argument);

  async function connect(tap: RunningTap, query = ''): Promise<{ client: ClientSide; server: Side }> {
    const index = backend.sides.length;
    const socket = new WebSocket(`${tap.clientUrl}${query}`);
    clients.push(socket);
    const client = new ClientSide(socket);
    await once(socket, 'open');
    return { client, server: await backend.side(index) };
  }

  const tree = (view: string, fits: RegExp): Promise<string> =>
    poll(`${view} with ${fits}`, async () => {
      const text = await started.fake.trees.treeText(view, { expand: 'all' });
      return fits.test(text) ? text : undefined;
    });

  it('starts by argument, shows itself in the status bar, and stops', async () => {
    await start();
    const tap = await startTap();
    assert.equal(tap.target, backend.target);
    assert.equal(tap.clientUrl, `ws://127.0.0.1:${tap.port}/ws`);
    assert.ok(tap.token.length >= 32);
    assert.equal(started.fake.commands.contextKeys.get('threadLens.tapRunning'), true);
    await poll('the shown tap', () => started.fake.commands.contextKeys.get('threadLens.tapShown') === true);
    assert.match(started.fake.statusBar.text, new RegExp(`\\$\\(eye\\) Tap :${tap.port}`));
    // What it does with pings and credentials is shown, not only written somewhere.
    const tooltip = await poll('the tooltip', () => {
      const [item] = started.fake.statusBar.visible;
      const text = typeof item?.tooltip === 'object' ? item.tooltip.value : '';
      return text.includes('Pings') && text;
    });
    assert.match(tooltip, /end to end/);
    assert.match(tooltip, /Cookie and Authorization: `kept here`/);
    assert.deepEqual(await startTap(), tap);
    assert.equal(await started.fake.commands.run('threadLens.tap.copyUrl'), tap.clientUrl);
    assert.equal(started.fake.environment.clipboard, tap.clientUrl);
    assert.equal(await started.fake.commands.run('threadLens.tap.stop'), true);
    assert.equal(started.fake.commands.contextKeys.get('threadLens.tapRunning'), false);
    const again = createServer().listen(tap.port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });

  it('asks for the target, says what is wrong with one, and remembers the last', async () => {
    await start();
    started.fake.inputs.type(backend.target);
    const tap = await started.fake.commands.run<RunningTap>('threadLens.tap.start');
    assert.equal(tap.target, backend.target);
    await started.fake.commands.run('threadLens.tap.stop');
    started.fake.inputs.accept();
    assert.equal((await started.fake.commands.run<RunningTap>('threadLens.tap.start')).target, backend.target);
    assert.equal(await startTap({ target: 'http://nowhere' }), undefined);
    assert.match(started.fake.messages.texts.join(), /could not start.*expected a URL such as ws:/);
  });

  it('takes the target of the settings, and needs a trusted workspace', async () => {
    await start({ trusted: false });
    started.fake.configuration.set('threadLens.tap.target', backend.target);
    assert.equal(await startTap({}), undefined);
    assert.match(started.fake.messages.texts.join(), /Starting a tap needs a trusted workspace\. \[Manage Workspace Trust\]/);
    started.fake.grantTrust();
    assert.equal((await startTap({})).target, backend.target);
  });

  it('offers another port when its own is taken', async () => {
    await start();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    started.fake.messages.answer('Use Another Port');
    const tap = await startTap({ target: backend.target, port });
    assert.notEqual(tap.port, port);
    other.close();
  });

  it('offers to attach to the tap that has its port', async () => {
    await start();
    const { fake } = started;
    const other = await startWorkbench({ settings: { 'threadLens.tap.port': 0 } });
    try {
      const { port, token } = await other.fake.commands.run<RunningTap>('threadLens.tap.start', { target: backend.target });
      fake.messages.answer('Attach…');
      fake.inputs.type(token);
      assert.equal(await startTap({ target: backend.target, port }), undefined);
      await poll('the tap of the other window', () => fake.commands.contextKeys.get('threadLens.tapShown') === true);
      assert.equal(fake.commands.contextKeys.get('threadLens.shownKind'), 'attached');
    } finally {
      await other.end();
    }
  });

  it('starts and stops although the offer of another port was never answered', async () => {
    await start();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const answered = started.fake.messages.hold(/is in use/);
    const first = startTap({ target: backend.target, port });
    await poll('the offer', () => started.fake.messages.texts.some((text) => text.includes('is in use')));
    assert.equal((await startTap()).target, backend.target);
    assert.equal(await started.fake.commands.run('threadLens.tap.stop'), true);
    answered();
    assert.equal(await first, undefined);
    other.close();
  });

  it('lets the window close while it asks for the target, and starts nothing after that', async () => {
    await start();
    const { fake, workbench } = started;
    const answered = fake.inputs.hold();
    const asking = fake.commands.run('threadLens.tap.start');
    await poll('the question', () => fake.inputs.asked.some(({ title }) => title === 'Start Tap'));
    await workbench.stop();
    fake.inputs.type(backend.target);
    answered();
    assert.equal(await asking, undefined);
    assert.equal(fake.commands.contextKeys.get('threadLens.tapRunning'), false);
  });

  it('answers the running tap for the same target, however it is written', async () => {
    await start();
    const bare = new URL(backend.target).origin;
    const tap = await startTap({ target: bare });
    assert.deepEqual(await startTap({ target: bare }), tap);
    assert.deepEqual(await startTap({ target: ` ${bare}/` }), tap);
  });

  it('goes on when the target that is to take its place is none', async () => {
    await start();
    const tap = await startTap();
    assert.equal(await startTap({ target: 'http://127.0.0.1:1/' }), undefined);
    assert.deepEqual(await startTap(), tap);
  });

  it('shows threads, connections, runs and misrouted events in the same views', async () => {
    await start();
    const tap = await startTap();
    const { server } = await connect(tap, `?thread_id=${T1}`);
    server.send({ type: 'connection_established', connection_id: 'conn_u1_3052f606', user_id: 'u1' });
    server.send({ type: 'agent_started', run_id: R1 });
    server.send({ type: 'agent_thinking', run_id: R2 });
    const threads = await tree('threadLens.threads', /conn_u1_3052f606/);
    assert.match(threads, new RegExp(`${T1}.*1 live`));
    const deliveries = await tree('threadLens.deliveries', /misrouted/);
    assert.match(deliveries, new RegExp(`agent_thinking.*misrouted · ${T2}`));
    assert.match(deliveries, new RegExp(`Expected.*a connection of ${T2}`));
    assert.match(deliveries, new RegExp(`Received.*conn_u1_3052f606, which is on ${T1}`));
    await poll('the warning in the status bar', () => started.fake.statusBar.text.includes('$(warning) 1'));
    await started.fake.commands.run('threadLens.deliveries.toggleFailures');
    const failures = await tree('threadLens.deliveries', /misrouted/);
    assert.doesNotMatch(failures, /agent_started/);
  });

  it('lists breakpoints with checkboxes and what they hold, and acts on their rows', async () => {
    await start();
    const { fake } = started;
    const tap = await startTap();
    const { client, server } = await connect(tap, `?thread_id=${T1}`);
    fake.inputs.pick('to the client');
    fake.inputs.type('type:agent_started run:x two words');
    const typed = await fake.commands.run<BreakpointInfo>('threadLens.tap.breakpoint.add');
    assert.deepEqual([typed.direction, typed.type, typed.runId, typed.text], ['out', 'agent_started', 'x', 'two words']);
    await tree(BREAKPOINTS, /two words/);
    await fake.trees.runOn(BREAKPOINTS, 'type:agent_started run:x two words', 'threadLens.tap.breakpoint.remove');
    const rule = { direction: 'out', type: 'agent_thinking' };
    const { id } = await fake.commands.run<BreakpointInfo>('threadLens.tap.breakpoint.add', rule);
    await assert.rejects(fake.commands.run('threadLens.tap.breakpoint.add', { direction: 'sideways' }), /expected "in" or "out"/);
    server.send({ type: 'agent_thinking', run_id: R1, n: 1 });
    server.send({ type: 'agent_thinking', run_id: R1, n: 2 });
    server.send({ type: 'agent_thinking', run_id: R1, n: 3 });
    const rows = await tree(BREAKPOINTS, /3 held/);
    assert.match(rows, /\[x\] type:agent_thinking.*to the client · 3 hits · 3 held/);
    assert.equal(rows.match(/agent_thinking.*held\.text/g)?.length, 3);
    await poll('the badge', () => fake.trees.view(BREAKPOINTS).badge?.value === 3);
    await poll('the held frames in the status bar', () => fake.statusBar.text.includes('$(debug-pause) 3'));
    const held = () => started.fake.trees.treeText(BREAKPOINTS, { expand: 'all', show: ['id'] }).then((text) => [...text.matchAll(/held:\d+/g)].map(([row]) => row));
    const [first = '', second = ''] = await held();
    assert.equal(await fake.trees.runOn(BREAKPOINTS, first, 'threadLens.held.release'), 1);
    await client.receive(1);
    assert.equal(await fake.trees.runOn(BREAKPOINTS, second, 'threadLens.held.drop'), 1);
    assert.equal(await fake.commands.run('threadLens.held.releaseAll'), 1);
    await client.receive(2);
    assert.deepEqual(client.messages.map((message) => message['n']), [1, 3]);

    await tree(BREAKPOINTS, /3 hits(?! · )/);
    fake.trees.check(BREAKPOINTS, `breakpoint:${id}`, false);
    await tree(BREAKPOINTS, /\[ \] type:agent_thinking/);
    server.send({ type: 'agent_thinking', n: 4 });
    await client.receive(3);
  });

  it('shows what cannot be seen in what a breakpoint looks for and holds', async () => {
    await start();
    const tap = await startTap();
    await started.fake.commands.run('threadLens.tap.breakpoint.add', { direction: 'out', text: 'x\u202ey' });
    const { server } = await connect(tap, `?thread_id=${T1}`);
    server.send({ type: 'x\u202ey', run_id: R1 });
    const rows = await tree(BREAKPOINTS, /1 held/);
    assert.match(rows, /x<U\+202E>y[^]*x<U\+202E>y/);
    assert.doesNotMatch(rows, /\u202e/);
  });

  it('brings breakpoints to the next tap, switched off ones switched off', async () => {
    await start();
    const { fake } = started;
    const restart = async (): Promise<void> => {
      await fake.commands.run('threadLens.tap.stop');
      await poll('the rows of the tap before to go', async () => (await fake.trees.treeText(BREAKPOINTS)) === '');
      await startTap();
    };
    await startTap();
    await fake.commands.run('threadLens.tap.breakpoint.add', { direction: 'in', type: 'first' });
    const { id } = await fake.commands.run<BreakpointInfo>('threadLens.tap.breakpoint.add', { direction: 'out', text: 'second' });
    await fake.commands.run('threadLens.tap.breakpoint.toggle', id, false);
    await tree(BREAKPOINTS, /\[ \] second/);
    await restart();
    const rows = await tree(BREAKPOINTS, /\[ \] second/);
    assert.match(rows, /\[x\] type:first/);
    await fake.trees.runOn(BREAKPOINTS, 'second', 'threadLens.tap.breakpoint.remove');
    await poll('the row to go', async () => !(await fake.trees.treeText(BREAKPOINTS)).includes('second'));
    await restart();
    assert.doesNotMatch(await tree(BREAKPOINTS, /type:first/), /second/);
  });

  it('keeps its breakpoints while something else is shown, and when it is shown again', async () => {
    await start();
    await startTap();
    await started.fake.commands.run('threadLens.tap.breakpoint.add', { direction: 'out', type: 'agent_started' });
    const kept = (): unknown[] => started.fake.context.workspaceState.get('threadLens.tap.breakpoints', []);
    await poll('the kept breakpoint', () => kept().length === 1);
    await started.fake.commands.run('threadLens.router.start');
    assert.equal(await started.fake.commands.run('threadLens.showSource', 'tap'), 'tap');
    assert.equal(kept().length, 1);
    await tree(BREAKPOINTS, /type:agent_started/);
    assert.equal(kept().length, 1);
  });

  it('records what passes, and lets a workbench elsewhere attach under the path of its own', async () => {
    await start();
    const { fake } = started;
    const tap = await startTap();
    const folder = mkdtempSync(join(tmpdir(), 'tap-recording-'));
    const file = join(folder, 'tapped.threadlens-rec.jsonl');
    await fake.commands.run('threadLens.record.start', { file });
    const { server, client } = await connect(tap, `?thread_id=${T1}`);
    server.send({ type: 'connection_established', connection_id: 'conn_u1_3052f606', user_id: 'u1' });
    server.send({ type: 'agent_started', run_id: R1 });
    server.send({ type: 'agent_thinking', run_id: R2 });
    await client.receive(3);
    await fake.commands.run('threadLens.record.stop');
    const lines = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(lines[0]?.['source'], 'tap');
    assert.ok(lines.some((line) => line['kind'] === 'connection_opened' && line['connection'] === 'conn_u1_3052f606'), JSON.stringify(lines));
    assert.ok(lines.some((line) => line['kind'] === 'frame' && line['run'] === R1 && line['connection'] === 'conn_u1_3052f606'));
    await fake.commands.run('threadLens.recording.open', file);
    assert.match(await tree('threadLens.deliveries', /agent_started/), new RegExp(`agent_started.*to 1 · ${T1}[^]*agent_thinking.*misrouted · ${T2}|agent_thinking.*misrouted · ${T2}[^]*agent_started.*to 1 · ${T1}`));
    assert.match(await tree('threadLens.deliveries', /Received/), new RegExp(`conn_u1_3052f606, which is on ${T1}`));
    assert.match(await tree('threadLens.threads', /1 live/), new RegExp(`${T1}.*1 live · 1 delivered`));
    await fake.commands.run('threadLens.recording.close');
    rmSync(folder, { recursive: true });

    const attached = await fake.commands.run<{ over: string }>('threadLens.attach', { url: `${tap.url}/__thread-lens`, token: tap.token, allowChanges: true });
    assert.equal(attached.over, 'inspection');
    await tree('threadLens.threads', /conn_u1_3052f606/);
    await poll('the tap elsewhere', () => fake.commands.contextKeys.get('threadLens.tapShown') === true);
    assert.ok(await fake.commands.run<BreakpointInfo>('threadLens.tap.breakpoint.add', { direction: 'in' }));
    await fake.commands.run('threadLens.detach');
  });

  it('opens a held frame in an editor; saving lets the edited frame go on', async () => {
    await start();
    const { fake } = started;
    const tap = await startTap();
    const { client, server } = await connect(tap);
    await fake.commands.run('threadLens.tap.breakpoint.add', { direction: 'in' });
    client.send({ type: 'chat', content: 'before', password: 'my-secret-1' });
    await tree(BREAKPOINTS, /chat/);
    await fake.trees.click(BREAKPOINTS, 'chat');
    const document = fake.editors.active!.document;
    assert.equal(document.uri.scheme, 'threadlens-held');
    assert.equal(document.languageId, 'json');
    assert.doesNotMatch(document.getText(), /my-secret-1/);
    fake.documents.setText(document, document.getText().replace('before', 'after'));
    assert.equal(await document.save(), true);
    await server.receive(1);
    assert.deepEqual(server.messages[0], { type: 'chat', content: 'after', password: 'my-secret-1' });
    // It went on: there is nothing left to save.
    assert.equal(await document.save(), false);
  });

  it('says that saving sends it on; the buttons of the editor release it as it came, and close the editor', async () => {
    await start();
    const { fake } = started;
    const { client, server } = await connect(await startTap());
    await fake.commands.run('threadLens.tap.breakpoint.add', { direction: 'in' });
    client.send({ type: 'chat', content: 'as it was' });
    await tree(BREAKPOINTS, /chat/);
    await fake.trees.click(BREAKPOINTS, 'chat');
    assert.match(fake.statusBar.said.at(-1) ?? '', /Saving sends the frame on/);
    const { uri } = fake.editors.active!.document;
    let closed = 0;
    fake.commands.addBuiltIn('workbench.action.revertAndCloseActiveEditor', () => closed++);
    assert.equal(await fake.commands.run('threadLens.held.release', uri), 1);
    await server.receive(1);
    assert.deepEqual(server.messages[0], { type: 'chat', content: 'as it was' });
    assert.equal(await fake.commands.run('threadLens.held.drop', uri), 0, 'it is no longer held');
    assert.equal(closed, 1);
  });

  it('never saves an editor of an earlier tap into a frame of the present one', async () => {
    await start();
    const { fake } = started;
    const hold = async (): Promise<Awaited<ReturnType<typeof connect>>> => {
      const pair = await connect(await startTap());
      await fake.commands.run('threadLens.tap.breakpoint.add', { direction: 'in' });
      pair.client.send({ type: 'chat', content: 'as it was' });
      await tree(BREAKPOINTS, /chat/);
      return pair;
    };
    await hold();
    await fake.trees.click(BREAKPOINTS, 'chat');
    const document = fake.editors.active!.document;
    await fake.commands.run('threadLens.tap.stop');
    const { server } = await hold();
    fake.documents.setText(document, '{"type":"chat","content":"of the other tap"}');
    assert.equal(await document.save(), false);
    assert.equal(server.got.length, 0);
  });

  it('says once that the backend wants the credentials that stay here', async () => {
    await start();
    backend.refuse = (_request, socket) => void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    const tap = await startTap();
    started.fake.messages.answer('Open Settings');
    for (let index = 0; index < 3; index++) {
      const socket = new WebSocket(tap.clientUrl, { headers: { cookie: 'a=b' } });
      socket.on('error', () => {});
      await once(socket, 'unexpected-response');
      socket.terminate();
    }
    await poll('the notice', () => started.fake.messages.texts.some((text) => text.includes('wants credentials')));
    assert.equal(started.fake.messages.texts.filter((text) => text.includes('wants credentials')).length, 1);
  });
});
