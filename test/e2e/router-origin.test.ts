import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../harness/browser';
import { R1, T1, TestRouter, TOKEN } from '../unit/router/harness';

/** What a page sees of a WebSocket: its messages until the first event or its end. */
interface Seen {
  readonly opened: boolean;
  readonly texts: readonly string[];
}

describe('router: pages in a real browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  let site: Server;
  let origin: string;
  let test: TestRouter;

  before(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    site = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>app</title>'));
    await new Promise<void>((resolve) => {
      site.listen(0, '127.0.0.1', resolve);
    });
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  after(async () => {
    await browser.close();
    site.close();
  });
  beforeEach(async () => {
    test = await TestRouter.start();
  });
  afterEach(() => test.stop());

  /** Opens a WebSocket in the page and waits for its second message or its end. */
  function open(url: string, protocols: string[] = []): Promise<Seen> {
    return page.evaluate(
      ([address, names]) =>
        new Promise<Seen>((resolve) => {
          const socket = new WebSocket(address, names);
          const texts: string[] = [];
          let opened = false;
          socket.addEventListener('open', () => (opened = true));
          socket.addEventListener('close', () => resolve({ opened, texts }));
          socket.addEventListener('message', (message: MessageEvent<string>) => {
            texts.push(message.data);
            if (texts.length === 2) socket.close();
          });
        }),
      [url, protocols] as const,
    );
  }

  it('SECURITY 4: a loopback page on another port is a client, and gets its events', async () => {
    await page.goto(origin);
    const seen = open(`${test.ws}/ws?thread_id=${T1}`, ['chat']);
    const agent = await test.agent();
    let receipt = await agent.deliver({});
    while (receipt.outcome !== 'delivered' && receipt.outcome !== 'queued') receipt = await agent.deliver({});
    const { opened, texts } = await seen;
    assert.equal(opened, true);
    assert.equal((JSON.parse(texts[1] ?? '{}') as { run_id: string }).run_id, R1);
  });

  it('SECURITY 4: it is neither agent nor inspector, with the token neither', async () => {
    await page.goto(origin);
    for (const path of ['/agent', '/inspect']) {
      assert.deepEqual(await open(`${test.ws}${path}?token=${TOKEN}`), { opened: false, texts: [] });
      assert.deepEqual(await open(`${test.ws}${path}`, [`token.${TOKEN}`]), { opened: false, texts: [] });
    }
  });

  it('SECURITY 4: a page without an origin of its own is refused', async () => {
    await page.goto('data:text/html,<title>null origin</title>');
    assert.deepEqual(await open(`${test.ws}/ws`), { opened: false, texts: [] });
  });

  it('SECURITY 7: it reads nothing over HTTP, with the token neither', async () => {
    await page.goto(origin);
    const outcome = await page.evaluate(async (url) => {
      try {
        return (await fetch(url)).status;
      } catch {
        return 'refused';
      }
    }, `${test.url}/debug/health?token=${TOKEN}`);
    assert.equal(outcome, 'refused');
  });
});
