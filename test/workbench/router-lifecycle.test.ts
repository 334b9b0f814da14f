import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { poll } from '../harness/poll';
import { ROOT } from '../harness/repository';
import { TestClient } from '../host/clients';
import { startWorkbench, type Started } from './start-workbench';

async function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

describe('the router of a window', () => {
  let started: Started;

  afterEach(() => started.end());

  const start = (argument?: object): Promise<RunningRouter | undefined> =>
    started.fake.commands.run<RunningRouter | undefined>('threadLens.router.start', argument);
  const stateKey = (): unknown => started.fake.commands.contextKeys.get('threadLens.routerState');

  it('starts, is shown, stops and frees its port', async () => {
    started = await startWorkbench();
    assert.equal(stateKey(), 'stopped');
    assert.equal(started.fake.statusBar.text, '');
    const running = await start();
    assert.ok(running);
    assert.equal(running.clientUrl, `ws://127.0.0.1:${running.port}/ws`);
    assert.ok(running.token.length >= 32);
    assert.equal(stateKey(), 'running');
    assert.match(started.fake.statusBar.text, new RegExp(`:${running.port}`));
    assert.deepEqual(started.workbench.api.router.current, running);
    const client = await TestClient.connect(running.clientUrl);
    await poll('the connection in the status bar', () => started.fake.statusBar.text.includes('$(plug) 1'));
    assert.equal(await started.fake.commands.run('threadLens.router.stop'), true);
    await poll('the closed client', () => client.socket.readyState === client.socket.CLOSED);
    assert.equal(stateKey(), 'stopped');
    await close(await listen(running.port));
  });

  it('answers a second start with the same router and a second stop with false', async () => {
    started = await startWorkbench();
    const [first, second] = await Promise.all([start(), start()]);
    assert.deepEqual(first, second);
    assert.deepEqual(await start(), first);
    await started.fake.commands.run('threadLens.router.stop');
    assert.equal(await started.fake.commands.run('threadLens.router.stop'), false);
  });

  it('runs at the end of a start, a stop and a start that do not wait for each other', async () => {
    started = await startWorkbench();
    const stop = (): Promise<boolean> => started.fake.commands.run('threadLens.router.stop');
    const [, stopped, last] = await Promise.all([start(), stop(), start()]);
    assert.equal(stopped, true);
    assert.deepEqual(started.workbench.api.router.current, last);
    const [, again] = await Promise.all([stop(), start()]);
    assert.deepEqual(started.workbench.api.router.current, again);
    assert.ok(again);
  });

  it('keeps a picked port over a restart, with a new token', async () => {
    started = await startWorkbench();
    const first = await start();
    const second = await started.fake.commands.run<RunningRouter>('threadLens.router.restart');
    assert.equal(second.port, first?.port);
    assert.notEqual(second.token, first?.token);
  });

  it('offers another port when the port is in use', async () => {
    started = await startWorkbench();
    const taken = await listen(0);
    const { port } = taken.address() as { port: number };
    started.fake.messages.answer('Use Another Port');
    const running = await start({ port });
    assert.ok(running && running.port !== port);
    assert.match(started.fake.messages.texts.join('\n'), new RegExp(`Port ${port} is in use.*free port\\. \\[Use Another Port\\]$`));
    await close(taken);
  });

  it('offers to attach to the router that has the port, and asks for its token', async () => {
    started = await startWorkbench();
    const other = await startWorkbench();
    try {
      const { url, port, token } = await other.fake.commands.run<RunningRouter>('threadLens.router.start');
      started.fake.messages.answer('Attach…');
      started.fake.inputs.type(token);
      assert.equal(await start({ port }), undefined);
      assert.match(started.fake.messages.texts.join('\n'), /\[Use Another Port\] \[Attach…\]/);
      await poll('the attached router', () => started.fake.commands.contextKeys.get('threadLens.shownKind') === 'attached' && started.fake.commands.contextKeys.get('threadLens.shownReadOnly') === true);
      assert.deepEqual(started.fake.context.workspaceState.get('threadLens.attach.recent'), [url]);
    } finally {
      await other.end();
    }
  });

  it('starts again although the offer of another port was never answered', async () => {
    started = await startWorkbench();
    const taken = await listen(0);
    const { port } = taken.address() as { port: number };
    assert.equal(await start({ port }), undefined);
    assert.equal(stateKey(), 'failed');
    await close(taken);
    assert.equal((await start({ port }))?.port, port);
  });

  it('reports a crash, and starts again on request', async () => {
    started = await startWorkbench({ routerFile: join(ROOT, 'test', 'fixtures', 'routers', 'crashing.cjs') });
    await start();
    started.fake.messages.answer('Restart Router', { to: /crashed/ });
    const answer = await started.workbench.api.explain('thread_a_run_1756919162904_9adf1f09');
    assert.equal(answer.threadId, 'thread_a', 'without the router the ID still speaks');
    await poll('the restarted router', () => stateKey() === 'running' && started.fake.messages.texts.length > 0);
    assert.match(started.fake.messages.texts.join('\n'), /The router crashed: out of luck/);
    assert.match(started.fake.output.log('Thread Lens').join('\n'), /router crashed/);
  });

  it('says what is wrong when the router cannot start at all', async () => {
    started = await startWorkbench({ routerFile: join(ROOT, 'test', 'fixtures', 'routers', 'no-such-file.cjs') });
    assert.equal(await start(), undefined);
    assert.equal(stateKey(), 'failed');
    assert.match(started.fake.messages.texts.join('\n'), /The router could not start: .*no-such-file/s);
  });

  it('does not start in a workspace that is not trusted, and says so', async () => {
    started = await startWorkbench({ trusted: false, settings: { 'threadLens.router.autoStart': true } });
    started.fake.messages.answer('Manage Workspace Trust');
    assert.equal(await start(), undefined);
    assert.match(started.fake.messages.texts.join('\n'), /needs a trusted workspace/);
    assert.equal(stateKey(), 'stopped');
    assert.equal(started.workbench.api.decode('thread_a_run_1756919162904_9adf1f09')?.threadId, 'thread_a');
  });

  it('starts by itself where the setting says so, once the workspace is trusted', async () => {
    started = await startWorkbench({ trusted: false, settings: { 'threadLens.router.autoStart': true } });
    assert.equal(stateKey(), 'stopped');
    started.fake.grantTrust();
    await poll('the router', () => stateKey() === 'running');
  });

  it('SECURITY 1: listens beyond loopback only when that is confirmed', async () => {
    started = await startWorkbench({ settings: { 'threadLens.router.host': '0.0.0.0' } });
    assert.equal(await start(), undefined);
    assert.equal(stateKey(), 'stopped');
    assert.match(started.fake.messages.texts.join('\n'), /Let other machines reach the router\?/);
  });

  it('lets the window close while it asks whether to listen beyond loopback, and starts nothing after that', async () => {
    started = await startWorkbench({ settings: { 'threadLens.router.host': '0.0.0.0' } });
    const { fake, workbench } = started;
    const answered = fake.messages.hold(/Let other machines/);
    fake.messages.answer('Listen on 0.0.0.0');
    const asking = start();
    await poll('the question', () => fake.messages.texts.length > 0);
    await workbench.stop();
    answered();
    assert.equal(await asking, undefined);
    assert.equal(stateKey(), 'stopped');
  });

  it('copies the URL a client connects to', async () => {
    started = await startWorkbench();
    const running = await start();
    assert.equal(await started.fake.commands.run('threadLens.router.copyUrl'), running?.clientUrl);
    assert.equal(started.fake.environment.clipboard, running?.clientUrl);
  });

  it('copies the token that agents need, and shows it nowhere', async () => {
    started = await startWorkbench();
    assert.equal(await started.fake.commands.run('threadLens.router.copyToken'), undefined);
    const running = await start();
    assert.equal(await started.fake.commands.run('threadLens.router.copyToken'), running?.token);
    assert.equal(started.fake.environment.clipboard, running?.token);
    assert.ok(!JSON.stringify([started.fake.messages.texts, started.fake.statusBar.text]).includes(running?.token ?? ''));
  });
});
