import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { packBuilt, VSIX_BUDGET } from '../../scripts/lib/vsix';
import { freePort } from '../harness/free-port';
import { isAlive } from '../harness/is-alive';
import { poll } from '../harness/poll';
import { ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';
const BARE_RUN = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';
const TOKEN = 'e2e-token-0123456789abcdefghijklmnopqrstuv';
const OLD_VERSION = '0.0.9';
const EXTENSION = 'thread-lens.thread-lens';
/** An extension host outlives its window by some seconds; its router must not for longer. */
const GONE_MS = 40_000;

/** What users install, from the file, in a VS Code that knows nothing of this repository. */
describe('the VSIX', function () {
  stepByStep(this);

  let vscode: VsCode;
  let page: WorkbenchPage;
  let port: number;
  let version: string;
  let newer: string;
  let bytes: number;
  let folders: { extensions: string; workspace: string; other: string };
  const clients: TestClient[] = [];

  before(async function () {
    this.timeout(180_000);
    const { path } = await temporaryFolder();
    folders = { extensions: join(path, 'extensions'), workspace: join(path, 'work'), other: join(path, 'other') };
    for (const folder of [...Object.values(folders), join(path, 'old'), join(path, 'new')]) await mkdir(folder, { recursive: true });
    await writeFile(join(folders.workspace, 'founding.log'), `2025-09-03 17:06:03.009 | WARNING  | manager:_get_thread_connections:1186 | No connections found for thread ${COMPOSITE}. Active connections: 1\n`);
    await writeFile(join(folders.other, 'other.log'), '\n');
    ({ version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string });
    const [older, packed] = await Promise.all([packBuilt(join(path, 'old'), OLD_VERSION), packBuilt(join(path, 'new'))]);
    bytes = packed.bytes;
    newer = packed.file;
    port = await freePort();
    vscode = await startVsCode({
      vsix: older.file,
      extensionsDir: folders.extensions,
      workspace: folders.workspace,
      settings: { 'threadLens.router.port': port, 'threadLens.statusBar.visible': 'always' },
      env: { THREAD_LENS_TOKEN: TOKEN },
    });
    page = await vscode.openPage();
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await vscode?.stop();
  });

  const ask = async (path: string, init: { method?: string; body?: unknown; at?: number } = {}): Promise<{ status: number; json: Record<string, unknown> }> => {
    const response = await fetch(`http://127.0.0.1:${init.at ?? port}${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${TOKEN}`, connection: 'close', ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const health = async (at = port): Promise<Record<string, unknown>> => (await ask('/debug/health', { at })).json;

  async function client(query: string, at = port): Promise<TestClient> {
    const connected = await TestClient.connect(`ws://127.0.0.1:${at}/ws${query}`);
    clients.push(connected);
    return connected;
  }

  async function start(at = port, on = page): Promise<void> {
    await on.runCommand('Thread Lens: Start Router');
    await on.statusBarItem(`:${at}`);
  }

  const freed = (what: string, at = port): Promise<unknown> => poll(what, async () => !(await isListening(at)), { timeoutMs: GONE_MS });
  const ended = (what: string, pid: unknown): Promise<unknown> => poll(what, () => !isAlive(Number(pid)), { timeoutMs: GONE_MS });

  async function traffic(): Promise<FrameLocator> {
    await page.runCommand('Thread Lens: Open Traffic');
    const frame = page.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await frame.getByRole('button', { name: 'Inject…' }).waitFor({ timeout: 30_000 });
    return frame;
  }

  it('explains the founding error, starts a router, and shows who connects', async () => {
    await page.openFile(join(folders.workspace, 'founding.log'));
    assert.match(await page.hoverText('_run_1756919162904', { contains: 'Routes to' }), /Routes to thread_13679e4dcc38403a/);
    await page.openView('Thread Lens');
    await start();
    await client(`?thread_id=${THREAD}&user_id=u1`);
    await page.waitForRows('Threads', 'the thread', (rows) => rows.some(({ label, description }) => label === THREAD && description.startsWith('1 live')));
    assert.equal((await health())['version'], OLD_VERSION);
    assert.equal((await health())['storage'], 'sqlite');
    await page.screenshot('vsix-smoke');
  });

  it('keeps settings, saved events and the registry over an upgrade', async function () {
    this.timeout(180_000);
    assert.equal((await ask(`/registry/runs/${BARE_RUN}`, { method: 'PUT', body: { thread_id: THREAD } })).status, 201);
    assert.equal((await ask('/agent/events', { method: 'POST', body: { type: 'agent_thinking', run_id: 'thread_waits_run_1756919162904_9adf1f09', agent_name: 'triage', timestamp: '2026-01-02T03:04:05.678Z', payload: {} } })).status, 202);
    const before = await traffic();
    await before.getByRole('button', { name: 'Inject…' }).click();
    const dialog = before.getByRole('dialog');
    await dialog.getByLabel('Thread ID').fill(THREAD);
    await dialog.getByLabel('Name to save the event under').fill('the usual');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await poll('the saved event', async () => (await dialog.getByLabel('Saved event').locator('option').allTextContents()).includes('the usual'));
    await page.screenshot('vsix-saved-event');
    await page.page.keyboard.press('Escape');

    const { pid } = await health();
    await vscode.install(newer);
    await page.page.reload();
    await page.ready();
    await freed('the port of the older version to be free');
    await ended('the extension host of the older version to end', pid);

    await start();
    const now = await health();
    assert.equal(now['version'], version);
    assert.equal(now['storage'], 'sqlite');
    assert.equal((await ask(`/registry/runs/${BARE_RUN}`)).json['thread_id'], THREAD);
    assert.equal((now['counters'] as { waiting: number }).waiting, 1);
    const after = await traffic();
    await after.getByRole('button', { name: 'Inject…' }).click();
    await after.getByLabel('Saved event').locator('option', { hasText: 'the usual' }).waitFor({ state: 'attached' });
    await page.page.keyboard.press('Escape');
    const installed = (await readdir(folders.extensions)).filter((name) => name.startsWith(EXTENSION));
    assert.ok(installed.includes(`${EXTENSION}-${version}`), installed.join(', '));
  });

  it('frees its port when the window is reloaded, and comes back there', async function () {
    this.timeout(120_000);
    await client(`?thread_id=${THREAD}`);
    const { pid } = await health();
    await page.page.reload();
    await page.ready();
    await freed('the port to be free after a reload');
    await ended('the extension host of before the reload to end', pid);
    await start();
    assert.notEqual((await health())['pid'], pid);
    await client(`?thread_id=${THREAD}`);
  });

  it('lets a second window have a router of its own', async function () {
    this.timeout(120_000);
    const second = await vscode.openPage({ folder: folders.other });
    try {
      await second.runCommand('Thread Lens: Start Router');
      const offer = await second.notification(`Port ${port} is in use`);
      await second.screenshot('vsix-second-window');
      await offer.getByRole('button', { name: 'Use Another Port' }).click();
      const another = await poll('the other port', async () => Number(/:(\d{4,5})\b/.exec((await second.statusBar()).join(' '))?.[1]) || undefined);
      assert.notEqual(another, port);
      await client('?thread_id=thread_of_the_second', another);
      await second.openView('Thread Lens');
      await second.waitForRows('Threads', 'its own thread', (rows) => rows.some(({ label }) => label === 'thread_of_the_second'));
      const other = await health(another);
      assert.notEqual(other['pid'], (await health())['pid']);
      assert.equal((await ask(`/registry/runs/${BARE_RUN}`, { at: another })).status, 404);
      await page.openView('Thread Lens');
      assert.ok(!(await page.treeRows('Threads')).some(({ label }) => label === 'thread_of_the_second'));
      await second.close();
      await freed('the port of the closed window to be free', another);
      await ended('the extension host of the closed window to end', other['pid']);
      assert.equal((await health())['status'], 'healthy');
    } finally {
      await second.close();
    }
  });

  it('leaves nothing running when it is uninstalled and the window closes', async function () {
    this.timeout(120_000);
    const { pid } = await health();
    await vscode.uninstall(EXTENSION);
    await page.page.reload();
    await page.ready();
    await freed('the port to be free without the extension');
    await ended('the extension host with the router to end', pid);
    assert.deepEqual((await page.statusBar()).filter((text) => text.includes(`:${port}`)), []);
    await page.close();
  });

  it('is within its budget', () => {
    assert.ok(bytes <= VSIX_BUDGET, `expected at most ${VSIX_BUDGET} bytes, received ${bytes}`);
  });
});

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
