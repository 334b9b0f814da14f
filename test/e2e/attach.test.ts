import assert from 'node:assert/strict';
import { ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';
import { type RouterCommand, startRouter } from '../unit/router/interop/router-command';
import { DebugBackend } from '../workbench/attach/debug-backend';

const TOKEN = 'attach-token-0123456789abcdefghij';
const THREAD = 'thread_13679e4dcc38403a';
const COMPOSITE = `${THREAD}_run_1756919162904_9adf1f09`;

describe('attaching, as a user does it', function () {
  stepByStep(this);
  let vscode: VsCode;
  let page: WorkbenchPage;
  let router: RouterCommand;
  let backend: DebugBackend;
  const clients: TestClient[] = [];

  before(async () => {
    router = await startRouter('--token', TOKEN);
    backend = await DebugBackend.start(TOKEN);
    const { path: workspace } = await temporaryFolder();
    vscode = await startVsCode({ extensionPath: ROOT, workspace, settings: {} });
    page = await vscode.openPage({ viewport: { width: 1280, height: 800 } });
    clients.push(await TestClient.connect(`${router.socketUrl('/ws')}?thread_id=${THREAD}&user_id=far`));
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await vscode?.stop();
    await backend?.end();
    await router?.end();
  });

  async function emit(type: string): Promise<void> {
    await router.ask('/agent/events', { method: 'POST', body: { type, run_id: COMPOSITE, agent_name: 'triage', timestamp: new Date().toISOString(), payload: { note: type } } });
  }

  it('asks where, what may be done, and for the token, and shows the router in the views', async () => {
    await page.openView('Thread Lens');
    await page.runCommand('Thread Lens: Attach to Another Router…');
    await page.answer(router.url);
    await page.quickPick('View Only');
    await page.quickInputWidget.getByText('The token that the router printed').waitFor();
    await page.answer(TOKEN);
    await emit('agent_started');
    await page.waitForRows('Threads', 'the far connection', (rows) => rows.some(({ label }) => label.includes('conn_far_')) || rows.some(({ label }) => label.includes(THREAD)));
    await page.statusBarItem(`127.0.0.1:${router.port}`);
    await page.screenshot('attached');
  });

  it('refuses what would change it, in words', async () => {
    await page.runCommand('Thread Lens: Simulate Agent Message Delivery…');
    await page.quickPick(THREAD);
    await page.quickPick('agent_started');
    await page.quickInputWidget.getByText('payload of').waitFor();
    await page.page.keyboard.press('Enter');
    await page.notification('attached for viewing only');
    await page.screenshot('attached-read-only');
  });

  it('says when the router is away, and is there again by itself', async () => {
    await page.runCommand('Thread Lens: Open Traffic');
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await router.end('SIGKILL');
    await page.page.getByRole('button', { name: /Thread Lens connects to 127\.0\.0\.1/ }).waitFor();
    await page.screenshot('attached-away');
    router = await startRouter('--token', TOKEN, '--port', String(router.port));
    clients.push(await TestClient.connect(`${router.socketUrl('/ws')}?thread_id=thread_after&user_id=again`));
    await page.waitForRows('Threads', 'the thread of the new router', (rows) => rows.some(({ label }) => label.includes('thread_after')));
  });

  it('attaches to a backend that has the debug endpoints only', async () => {
    await backend.do({ do: 'connect', id: 'conn_u1_00000001', user: 'u1' });
    await backend.do({ do: 'associate', id: 'conn_u1_00000001', thread: 'thread_374579bdba3c41b8' });
    for (const type of ['agent_started', 'agent_thinking', 'agent_completed']) {
      await backend.do({ do: 'event', event: { type, run_id: 'thread_374579bdba3c41b8_run_1756919162904_9adf1f09', payload: {} } });
    }
    await page.runCommand('Thread Lens: Attach to Another Router…');
    await page.quickPick('Another Address…');
    await page.answer(backend.url);
    await page.quickPick('View Only');
    await page.answer(TOKEN);
    await page.waitForRows('Threads', 'its thread', (rows) => rows.some(({ label }) => label.includes('thread_374579bdba3c41b8')));
    await page.screenshot('attached-backend');
    await page.runCommand('Thread Lens: Choose What to Show…');
    await page.quickInputWidget.getByText('shown now').waitFor();
    assert.equal((await page.quickPickEntries()).length, 2);
    await page.page.keyboard.press('Escape');
    await page.runCommand('Thread Lens: Detach');
    await page.waitForRows('Threads', 'the router again', (rows) => rows.some(({ label }) => label.includes('thread_after')));
  });
});
