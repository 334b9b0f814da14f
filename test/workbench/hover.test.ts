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

  /** The parts of the hover. */
  async function cards(content: string, at: string): Promise<string[]> {
    const found = await hovers(content, content.indexOf(at) + 1);
    return found.flatMap((hover) => hover.contents).map((each) => (typeof each === 'string' ? each : each.value));
  }

  const verdictOn = async (id: string): Promise<string> => (await text(`see ${id} here`, id)).split('\n')[0] ?? '';

  it('gives the verdict first, then what the ID holds', async () => {
    const card = await text(`see ${COMPOSITE}`, COMPOSITE);
    assert.match(card, /^\*\*Composite run ID\*\*\. Routes to `thread_13679e4dcc38403a`\./);
    assert.match(card, /Minted: `2025-09-03T17:06:02\.904Z`/);
    assert.match(card, /Suffix: `9adf1f09`/);
    assert.match(card, /Format: `run_id_generator`/);
    assert.match(card, /^Resolved by pattern extraction, pattern 1\.5 *$/m);
    assert.match(card, /^Versions disagree: before\\_fix .*keeps? the whole composite ID as the thread key;/m);
  });

  it('says of the founding line what its authors took days to find: first what failed, then the ID', async () => {
    const [event = '', id = ''] = await cards(LINE, COMPOSITE);
    const [verdict = '', , why = '', remedy = ''] = event.split('\n');
    assert.equal(
      verdict,
      '$(error) **Run ID used as thread key**. A composite run ID was used as the thread key; connections listen on `thread_13679e4dcc38403a`, so nothing can match.',
    );
    assert.match(why, /^Why: The bridge passed a composite run ID on as a thread ID/);
    assert.match(remedy, /^Do: Send to the thread of the run ID instead\./);
    assert.match(id, /^\*\*Composite run ID\*\*\. Routes to `thread_13679e4dcc38403a`\./);
    assert.ok((`${event}${id}`.match(/\]\(command:/g) ?? []).length <= 4);
  });

  it('takes who is connected into the verdict on the line', async () => {
    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    const client = await TestClient.connect(`${running.clientUrl}?thread_id=${THREAD}`);
    await poll('the verdict', async () => (await cards(LINE, COMPOSITE))[0]?.includes('; 1 connection listens on `thread_13679e4dcc38403a`, so nothing can match.'));
    await client.close();
    await poll('the verdict without a client', async () => (await cards(LINE, COMPOSITE))[0]?.includes('; clients would listen on `thread_13679e4dcc38403a`'));
  });

  it('tells the event anywhere on a recognised line, and nothing on other lines', async () => {
    const [card = '', ...others] = await cards(LINE, 'Active');
    assert.match(card, /\*\*Run ID used as thread key\*\*/);
    assert.match(card, /command:threadLens\.copyId\?%5B%22thread_13679e4dcc38403a%22%5D/);
    assert.deepEqual(others, []);
    const [hover] = await hovers(LINE, 3);
    assert.equal(hover?.range?.start.character, LINE.indexOf('No connections'));
    assert.equal(hover.range.end.character, LINE.length);
    assert.deepEqual(await hovers('INFO | 12 files were read', 9), []);
    assert.deepEqual(await hovers('INFO | Updated connection conn_u1_00000001 with thread_id thread_a1', 9), [], 'nothing failed');
  });

  it('names noise as noise, and says what a line means in which nothing is wrong', async () => {
    const noise = `⚠️ CONTEXT VALIDATION WARNING: Suspicious run_id pattern '${COMPOSITE}' for agent_started (agent=a). Event will be sent but flagged for monitoring.`;
    assert.match((await cards(noise, 'Suspicious'))[0] ?? '', /^\$\(mute\) \*\*Constant warning\*\*\. Noise: /);
    const [meaning = '', id = ''] = await cards('Associated 1 connections for user u1 with thread thread_a1', 'thread_a1');
    assert.match(meaning, /^\$\(output\) \w.*\.\n/);
    assert.match(id, /^\*\*Thread ID\*\*/);
  });

  it('does not conclude from one line what only the log can show', async () => {
    const [card = ''] = await cards(`✅ EMISSION SUCCESS: tool_completed → thread=${THREAD} (run_id=${COMPOSITE}, tool=search)`, COMPOSITE);
    assert.doesNotMatch(card, /tool\\_executing/);
  });

  it('takes mere symptoms for events only in logs', async () => {
    const line = '# the client then gets received 1011 (internal error)';
    const at = async (language: string): Promise<number> => {
      const document = await started.fake.documents.open({ content: line, language });
      return (await started.fake.languages.hover(document, new started.fake.api.Position(0, 30))).length;
    };
    assert.equal(await at('log'), 1);
    assert.equal(await at('python'), 0);
  });

  it('marks exactly the ID', async () => {
    const [hover] = await hovers(LINE, LINE.indexOf(COMPOSITE));
    assert.equal(hover?.range?.start.character, LINE.indexOf(COMPOSITE));
    assert.equal(hover?.range?.end.character, LINE.indexOf(COMPOSITE) + COMPOSITE.length);
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
    const contents = (hover?.contents ?? []) as vscode.MarkdownString[];
    assert.equal(contents.length, 2);
    for (const { isTrusted = false, supportHtml } of contents) {
      assert.equal(supportHtml, false);
      const trusted = typeof isTrusted === 'object' ? isTrusted.enabledCommands : [];
      assert.notEqual(isTrusted, true);
      for (const command of trusted) assert.match(command, /^threadLens\./);
    }
  });

  it('SECURITY 13: shows hostile text of a log line as text', async () => {
    for (const id of ['thread_[x](command:evil)_run_1_deadbeef', 'thread_`evil`_run_1756919162904_9adf1f09', 'thread_<img>_run_1756919162904_9adf1f09', '**x**$(alert)']) {
      const line = `No connections found for thread ${id}. Active connections: 1`;
      const card = await text(line, 'connections');
      assert.match(card, /Explain/);
      assert.doesNotMatch(card.replaceAll(/`+[^`]*`+/g, ''), /[^\\]\]\(command:evil\)|[^\\]<img|[^\\]\$\(alert\)/);
    }
  });

  it('reads only a window of a very long line', async () => {
    const long = `${'x'.repeat(200_000)} ${LINE} ${'thread_'.repeat(20_000)}`;
    const [event = '', id = ''] = await cards(long, COMPOSITE);
    assert.match(event, /Run ID used as thread key/);
    assert.match(id, /Composite run ID/);
    const [hover] = await hovers(long, long.indexOf('Active'));
    assert.equal(hover?.range?.start.character, long.indexOf('No connections'));
    assert.deepEqual(await hovers(long, 50), []);
    const huge = `thread_${'a'.repeat(10_000)}`;
    assert.doesNotMatch(await text(huge, 'thread_'), /undefined/);
  });

  it('works wherever documents come from: files, remotes, both sides of a diff, notebooks, output, our own', async () => {
    const { Uri, Position } = started.fake.api;
    for (const scheme of ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'git', 'vscode-notebook-cell', 'output', 'thread-lens']) {
      const document = started.fake.documents.add(Uri.from({ scheme, path: '/some/place' }), LINE, scheme === 'output' ? 'Log' : 'plaintext');
      assert.equal((await started.fake.languages.hover(document, new Position(0, LINE.indexOf(COMPOSITE)))).length, 1, scheme);
    }
    const input = started.fake.documents.add(Uri.from({ scheme: 'chatSessionInput', path: '/input' }), LINE, 'plaintext');
    assert.deepEqual(await started.fake.languages.hover(input, new Position(0, LINE.indexOf(COMPOSITE))), []);
  });

  it('obeys its setting at once', async () => {
    started.fake.configuration.set('threadLens.hover.enabled', false);
    assert.deepEqual(await hovers(LINE, LINE.indexOf(COMPOSITE)), []);
    started.fake.configuration.set('threadLens.hover.enabled', true);
    await poll('the hover', async () => (await hovers(LINE, LINE.indexOf(COMPOSITE))).length === 1);
  });
});
