import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import WebSocket from 'ws';
import type { Browser } from 'playwright-core';
import type { HostToPage } from '../../../src/protocol/traffic-panel';
import { Workbench } from '../../../src/workbench/workbench';
import { launchBrowser } from '../../harness/browser';
import { poll } from '../../harness/poll';
import { ROOT } from '../../harness/repository';
import { bundleRouter } from '../../harness/router-bundle';
import { TestClient } from '../../host/clients';
import { createFakeVscode, type FakeVscode } from '../../workbench/fake/fake-vscode';
import { PanelPage } from './panel-page';

const THREAD = 'thread_13679e4dcc38403a';
const OTHER = 'thread_374579bdba3c41b8';

/** The whole way: a client, a router in its worker thread, the workbench, the page in a browser. */
describe('the Traffic panel with a router', () => {
  let browser: Browser;
  let fake: FakeVscode;
  let workbench: Workbench;
  let panel: PanelPage;
  const clients: TestClient[] = [];

  before(async () => {
    const routerFile = await bundleRouter(join(ROOT, 'out', 'traffic-page'));
    browser = await launchBrowser();
    fake = createFakeVscode({ settings: { 'threadLens.router.port': 0 } });
    workbench = new Workbench(fake.api, fake.context, { routerFile });
    fake.context.subscriptions.push(workbench);
    await fake.commands.run('threadLens.openTraffic');
    const { webview } = fake.webviews.panel('threadLens.traffic');
    panel = await PanelPage.open(browser, { theme: 'dark' }, (page) => {
      page.onPosted = (message) => webview.send(message);
      const post = webview.postMessage.bind(webview);
      webview.postMessage = async (message) => {
        await page.send(message as HostToPage);
        return post(message);
      };
    });
  });

  after(async () => {
    for (const client of clients) await client.close();
    await panel?.close();
    await browser?.close();
    await workbench?.stop();
    await fake?.dispose();
  });

  const status = async (): Promise<string> => (await panel.page.locator('.status').textContent()) ?? '';
  const row = (text: RegExp) => panel.page.locator('.spacer .row:not([hidden])', { hasText: text }).last();
  const simulate = (threadId: string, type: string): Promise<unknown> => {
    fake.messages.answer(undefined);
    return fake.commands.run('threadLens.simulateDelivery', { threadId, type });
  };

  it('shows an event that is delivered, one that waits, and its way when somebody comes', async () => {
    await panel.page.getByText('The router is not running.').waitFor();
    const running = (await fake.commands.run('threadLens.router.start')) as { clientUrl: string };
    clients.push(await TestClient.connect(`${running.clientUrl}?thread_id=${THREAD}&user_id=u1`));
    await simulate(THREAD, 'agent_started');
    await row(/agent_started.*1 connection.*delivered/).waitFor();
    await simulate(OTHER, 'tool_executing');
    await row(/tool_executing.*waits/).waitFor();
    clients.push(await TestClient.connect(`${running.clientUrl}?thread_id=${OTHER}&user_id=u2`));
    await row(/tool_executing.*1 connection.*delivered/).waitFor();
    await row(/tool_executing.*waits/).click();
    await panel.page.getByRole('heading', { name: 'tool_executing' }).waitFor();
    await panel.page.getByRole('tab', { name: 'Path' }).click();
    await panel.page.getByText(/Waited .* for a connection/).waitFor();
    await panel.page.getByText('Sent to 1 connection').waitFor();
    await panel.screenshot('traffic-router-path');
    await panel.page.getByRole('tab', { name: 'Connection' }).click();
    await panel.page.getByText('Handshake').waitFor();
    await panel.screenshot('traffic-router-connection');
  });

  it('finds text in bodies and never shows a secret', async () => {
    const connected = clients[0];
    assert.ok(connected);
    const type = 'secret_bearing';
    fake.messages.answer(undefined);
    await fake.commands.run('threadLens.simulateDelivery', { threadId: THREAD, type, payload: { note: 'Needle in here', api_key: 'sk-12345678901234567890' } });
    await panel.page.getByRole('textbox', { name: 'Filter' }).fill('needle');
    await poll('the two frames of the event', async () => (await status()).startsWith('2 of'), { timeoutMs: 10_000 });
    await row(/secret_bearing/).click();
    await panel.page.getByRole('heading', { name: 'secret_bearing' }).waitFor();
    await panel.page.getByRole('tab', { name: 'Raw' }).click();
    await panel.page.locator('.raw').waitFor();
    const text = (await panel.page.locator('.raw').textContent()) ?? '';
    assert.match(text, /Needle in here/);
    assert.ok(!text.includes('sk-12345678901234567890'));
    await panel.page.getByRole('textbox', { name: 'Filter' }).fill('sk-12345678901234567890');
    await panel.page.getByText('matches the filter').waitFor();
    await panel.page.getByRole('textbox', { name: 'Filter' }).fill('');
  });

  it('injects to a thread, and shows what became of it', async () => {
    await panel.page.getByRole('button', { name: 'Inject…' }).click();
    const dialog = panel.page.getByRole('dialog');
    await dialog.getByLabel('Thread ID').fill(THREAD);
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('Delivered to 1 connection').waitFor();
    await panel.screenshot('traffic-router-inject');
    await dialog.getByLabel('Thread ID').fill('user-123');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('Thread user-123').waitFor();
    await panel.page.keyboard.press('Escape');
  });

  it('stays right at many events a second', async () => {
    const router = workbench.api.router.current;
    assert.ok(router);
    const event = JSON.stringify({ type: 'progress_update', run_id: `${THREAD}_run_1756919162904_9adf1f09`, agent_name: 'a', timestamp: new Date().toISOString(), payload: {} });
    const agent = new WebSocket(`${router.url.replace('http', 'ws')}/agent?token=${router.token}`);
    await once(agent, 'open');
    const before = Number(/([\d,]+) frames/.exec(await status())?.[1]?.replaceAll(',', ''));
    for (let burst = 0; burst < 30; burst++) {
      for (let count = 0; count < 100; count++) agent.send(event);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await poll('6,000 more frames', async () => Number(/([\d,]+) frames/.exec(await status())?.[1]?.replaceAll(',', '')) >= before + 6000, { timeoutMs: 20_000 });
    assert.ok(!(await status()).includes('left the journal'));
    agent.close();
    await once(agent, 'close');
    await panel.screenshot('traffic-router-many');
  });

  it('says when the router is stopped, and begins anew with the next', async () => {
    await fake.commands.run('threadLens.router.stop');
    await panel.page.getByText('The router is not running. These are the last frames').waitFor();
    await panel.page.getByRole('button', { name: 'Start Router' }).click();
    await panel.page.getByText('No traffic yet').waitFor();
    assert.deepEqual(panel.complaints, []);
  });
});
