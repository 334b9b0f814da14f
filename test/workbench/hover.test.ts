import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { poll } from '../harness/poll';
import { TestClient } from '../host/clients';
import { startWorkbench, type Started } from './start-workbench';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';
const LINE = `WARNING | No connections found for thread ${COMPOSITE}. Active connections: 1`;

describe('the hover', () => {
  let started: Started;

  beforeEach(async () => {
    started = await startWorkbench();
  });

  afterEach(() => started.end());

  async function hovers(content: string, character: number): Promise<readonly vscode.Hover[]> {
    const document = await started.fake.documents.open({ content, language: 'log' });
    return started.fake.languages.hover(document, new started.fake.api.Position(0, character));
  }

  async function text(content: string, at: string): Promise<string> {
    const found = await hovers(content, content.indexOf(at) + 1);
    return found.flatMap((hover) => hover.contents).map((each) => (typeof each === 'string' ? each : each.value)).join('\n');
  }

  const verdictOn = async (id: string): Promise<string> => (await text(`see ${id} here`, id)).split('\n')[0] ?? '';

  it('gives the verdict first, then what the ID holds', async () => {
    const card = await text(LINE, COMPOSITE);
    assert.match(card, /^\*\*Composite run ID\*\*\. Routes to `thread_13679e4dcc38403a`\./);
    assert.match(card, /Minted: `2025-09-03T17:06:02\.904Z`/);
    assert.match(card, /Suffix: `9adf1f09`/);
    assert.match(card, /Format: `run_id_generator`/);
    assert.match(card, /4 Pattern extraction/);
  });

  it('marks exactly the ID', async () => {
    const [hover] = await hovers(LINE, LINE.indexOf(COMPOSITE));
    assert.equal(hover?.range?.start.character, LINE.indexOf(COMPOSITE));
    assert.equal(hover?.range?.end.character, LINE.indexOf(COMPOSITE) + COMPOSITE.length);
    assert.deepEqual(await hovers(LINE, 3), []);
  });

  it('says who is connected, and who is close when nobody is', async () => {
    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    const client = await TestClient.connect(`${running.clientUrl}?thread_id=${THREAD}`);
    assert.match(await verdictOn(COMPOSITE), /Routes to `thread_13679e4dcc38403a`\. 1 connection live\./);
    assert.match(await verdictOn(THREAD), /\*\*Thread ID\*\*\. Routes to itself\. 1 connection live\./);
    const near = await verdictOn('thread_13679e4dcc38403b_run_1756919162904_9adf1f09');
    assert.match(near, /Nobody is connected; `thread_13679e4dcc38403a` \(1 character away\) is\./);
    assert.match(await verdictOn('run_9f5d282b-ac2c-4745-ab6c-1b8418427760'), /Routes nowhere/);
    await client.close();
  });

  it('knows what is registered', async () => {
    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    const runId = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';
    const response = await fetch(`${running.url}/registry/runs/${runId}`, {
      method: 'PUT',
      body: JSON.stringify({ thread_id: THREAD }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${running.token}` },
    });
    assert.ok(response.ok, String(response.status));
    assert.match(await verdictOn(runId), /Routes to `thread_13679e4dcc38403a`/);
  });

  it('answers although the router hangs', async () => {
    await started.fake.commands.run('threadLens.router.start');
    // The router cannot answer before the event loop it shares with nobody has turned: ask and stop at once.
    const [card] = await Promise.all([text(LINE, COMPOSITE), started.fake.commands.run('threadLens.router.stop')]);
    assert.match(card, /Routes to `thread_13679e4dcc38403a`/);
  });

  it('shows other readings and warnings of an ambiguous ID', async () => {
    const card = await text('run_1756919162904_9adf1f09', 'run_');
    assert.match(card, /\$\(warning\)/);
    assert.match(card, /Could also be/);
  });

  it('SECURITY 13: shows hostile text as text', async () => {
    for (const id of ['thread_[x](command:evil)', 'run_`evil`_12345678', 'thread_<img src=x>', 'thread_$(alert)_run_1_deadbeef', 'thread_\u202egnp.exe']) {
      const card = await text(`x ${id} y`, id.slice(0, 7));
      assert.doesNotMatch(card, /[^\\]\]\(command:evil\)/);
      assert.doesNotMatch(card, /<img/);
      assert.doesNotMatch(card, /(^|[^\\])\$\(alert\)/);
      assert.doesNotMatch(card, /\u202e/);
    }
    const [hover] = await hovers(LINE, LINE.indexOf(COMPOSITE));
    const [content] = hover?.contents ?? [];
    const { isTrusted, supportHtml } = content as vscode.MarkdownString;
    assert.equal(supportHtml, false);
    assert.ok(typeof isTrusted === 'object');
    for (const command of isTrusted.enabledCommands) assert.match(command, /^threadLens\./);
  });

  it('reads only a window of a very long line', async () => {
    const long = `${'x'.repeat(200_000)} ${COMPOSITE} ${'thread_'.repeat(20_000)}`;
    assert.match(await text(long, COMPOSITE), /Composite run ID/);
    assert.deepEqual(await hovers(long, 50), []);
    const huge = `thread_${'a'.repeat(10_000)}`;
    assert.doesNotMatch(await text(huge, 'thread_'), /undefined/);
  });

  it('obeys its setting at once', async () => {
    started.fake.configuration.set('threadLens.hover.enabled', false);
    assert.deepEqual(await hovers(LINE, LINE.indexOf(COMPOSITE)), []);
    started.fake.configuration.set('threadLens.hover.enabled', true);
    await poll('the hover', async () => (await hovers(LINE, LINE.indexOf(COMPOSITE))).length === 1);
  });
});
