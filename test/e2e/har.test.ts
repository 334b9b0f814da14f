import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { importHar, type RecordedFrame } from '../../src/core/index';
import { ROUTER_VERSION } from '../../src/router/version';
import { compareFiles } from '../../src/router/recording/compare-files';
import { exportHarFile } from '../../src/router/recording/export-har-file';
import { importHarFile } from '../../src/router/recording/import-har-file';
import { freePort } from '../harness/free-port';
import { launchBrowser } from '../harness/browser';
import { temporaryFolder } from '../harness/temporary-folder';
import { T1, TestRouter } from '../unit/router/harness';
import { ask, play, readAll, recordingIn } from '../unit/router/recording/record-run';

interface DevToolsFrame {
  readonly type: string;
  readonly time: number;
  readonly opCode: number;
  readonly text: string;
}

/** HAR files between us and programs that are not ours: Chromium's developer tools, and Playwright's recorder. */
describe('HAR files and other programs', () => {
  let browser: Browser;
  let port: number;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  before(async () => {
    port = await freePort();
    browser = await launchBrowser([`--remote-debugging-port=${port}`]);
    folder = await temporaryFolder();
  });
  after(async () => {
    await browser.close();
    await folder.remove();
  });

  it("Chromium's developer tools open what we write, and what they write of it we open: nothing is lost on the way", async () => {
    const test = await TestRouter.start();
    const recording = recordingIn(folder.path, 'run');
    await ask(test.router, 'startRecording', { file: recording });
    await play(test);
    await ask(test.router, 'stopRecording', {});
    await test.stop();
    const har = join(folder.path, 'ours.har');
    await exportHarFile(recording, har, ROUTER_VERSION);

    // The tools' own reader and writer, as the browser serves them.
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/devtools/devtools_app.html`);
    const { read, written } = await page.evaluate(async (text) => {
      // oxlint-disable-next-line typescript/no-implied-eval
      const { HARFormat, Importer, Log } = (await new Function("return import('/devtools/models/har/har.js')")());
      const requests = Importer.Importer.requestsFromHARLog(new HARFormat.HARRoot(JSON.parse(text)).log);
      const found = requests.map((request: { url(): string; statusCode: number; resourceType(): { name(): string }; frames(): DevToolsFrame[] }) => ({
        url: request.url(), status: request.statusCode, type: request.resourceType().name(), frames: request.frames().map(({ type, time, opCode, text: data }) => ({ type, time, opCode, text: data })),
      }));
      return { read: found as { url: string; status: number; type: string; frames: DevToolsFrame[] }[], written: JSON.stringify({ log: await Log.Log.build(requests, { sanitize: false }) }) };
    }, await readFile(har, 'utf8'));
    await page.close();

    assert.deepEqual(read.map(({ status, type }) => [status, type]), Array.from({ length: 4 }, () => [101, 'websocket']));
    const { header, entries } = await readAll(recording);
    const frames = entries.filter((entry): entry is RecordedFrame => entry.kind === 'frame');
    const sentByAgents = frames.filter(({ peer }) => peer === 'agent');
    const agents = read.find(({ url }) => url.endsWith('/agent'));
    assert.deepEqual(agents?.frames.map(({ text }) => text), sentByAgents.map(({ text }) => text));
    assert.deepEqual(agents?.frames.map(({ type, opCode }) => [type, opCode]), sentByAgents.map(() => ['send', 1]));
    assert.equal(agents?.frames[0]?.time, (Date.parse(header.created) + sentByAgents[0]!.t) / 1000);
    assert.ok(read.flatMap((request) => request.frames).some(({ opCode, text }) => opCode === 2 && text === 'AQID'));

    const back = importHar(JSON.parse(written), ROUTER_VERSION);
    const messages = (list: readonly { readonly kind: string }[]) => list.filter((entry): entry is RecordedFrame => entry.kind === 'frame').map(({ direction, text, base64 }) => `${direction} ${text ?? base64}`).toSorted();
    const ours = importHar(JSON.parse(await readFile(har, 'utf8')), ROUTER_VERSION);
    assert.deepEqual(messages(back.entries), messages(ours.entries));
    assert.equal(back.skippedMessages, 0);
  });

  describe('of a page that Playwright recorded', () => {
    let app: Server;

    before(async () => {
      app = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>chat</title>')).listen(0, '127.0.0.1');
      await new Promise((resolve) => app.once('listening', resolve));
    });
    after(() => {
      app.close();
      app.closeAllConnections();
    });

    it('hold, once opened, what the router saw of that page', async () => {
      const test = await TestRouter.start();
      const seen = recordingIn(folder.path, 'seen');
      await ask(test.router, 'startRecording', { file: seen });
      const file = join(folder.path, 'page.har');
      const context = await browser.newContext({ recordHar: { path: file, mode: 'full', content: 'embed' } });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(app.address() as AddressInfo).port}/`);
      const agent = await test.agent();
      const opened = page.evaluate(async (url) => {
        const socket = new WebSocket(url);
        const types: string[] = [];
        await new Promise<void>((resolve) => {
          socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
            const { type } = JSON.parse(data) as { type: string };
            types.push(type);
            if (type === 'connection_established') socket.send(JSON.stringify({ type: 'chat', payload: { content: 'héllo', password: 'hunter22' } }));
            if (type === 'ack') socket.send(new Uint8Array([1, 2, 3]));
            if (type === 'agent_completed') resolve();
          });
        });
        socket.close(4000, 'done');
        await new Promise((resolve) => {
          socket.addEventListener('close', resolve);
        });
        return types;
      }, `${test.ws}/ws?thread_id=${T1}&user_id=anna`);
      // The binary frame is answered with an error: then everything of the page is there.
      for (let tries = 0; test.router.model.totals.framesIn < 2 && tries < 500; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
      await agent.deliver({ type: 'agent_started' });
      await agent.deliver({ type: 'agent_completed' });
      assert.deepEqual(await opened, ['connection_established', 'ack', 'error', 'agent_started', 'agent_completed']);
      await context.close();
      await ask(test.router, 'stopRecording', {});
      await test.stop();

      const imported = recordingIn(folder.path, 'page');
      const counts = await importHarFile(file, imported, ROUTER_VERSION);
      assert.deepEqual([counts.connections, counts.messages, counts.skippedMessages], [1, 7, 0]);
      assert.ok(counts.skippedEntries >= 1);
      const { header, entries } = await readAll(imported);
      assert.equal(header.source, 'har');
      assert.ok(!JSON.stringify(entries).includes('hunter22'));
      // Milliseconds, where Chrome has seconds: the times have to be those of the run all the same.
      const { entries: router } = await readAll(seen);
      const lasted = (list: typeof entries): number => list.filter(({ kind }) => kind === 'frame').at(-1)!.t;
      assert.ok(lasted(entries) < lasted(router) + 5_000, String(lasted(entries)));
      const { comparison } = await compareFiles(seen, imported);
      // A HAR does not see the agents, and Playwright does not write how a connection closed.
      const rest = comparison.differences.filter(({ of, type }) => of === 'connection' && !type.startsWith('closed'));
      assert.deepEqual(rest, []);
      assert.ok(comparison.counts.equal >= 8);
    });
  });
});
