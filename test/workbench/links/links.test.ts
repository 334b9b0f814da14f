import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { MAX_LINKS } from '../../../src/workbench/links/document-links';
import { type Started, startWorkbench } from '../start-workbench';

const THREAD = 'thread_13679e4dcc38403a';
const RUN = `${THREAD}_run_1756919162904_9adf1f09`;
const LINE = `ERROR | No connections found for thread ${RUN}. Active connections: 1`;

describe('links', () => {
  let started: Started;

  beforeEach(async () => {
    started = await startWorkbench();
  });

  afterEach(() => started.end());

  describe('in terminals', () => {
    it('open the Explain document of the ID', async () => {
      const { fake } = started;
      const [link, ...others] = await fake.terminalLinks.at(LINE);
      assert.equal(link?.text, RUN);
      assert.equal(link?.tooltip, 'Explain the routing of this ID');
      assert.deepEqual(others, []);
      await link?.open();
      assert.match(fake.api.window.activeTextEditor?.document.getText() ?? '', /Routes to thread_13679e4dcc38403a/);
    });

    it('are none where there is no ID, beyond the first 4,096 characters, or when switched off', async () => {
      const { fake } = started;
      assert.deepEqual(await fake.terminalLinks.at('npm run build thread_id run_tests()'), []);
      assert.deepEqual(await fake.terminalLinks.at(' '.repeat(5000) + RUN), []);
      fake.configuration.set('threadLens.links.enabled', false);
      assert.deepEqual(await fake.terminalLinks.at(LINE), []);
    });
  });

  it('in terminals are never made of the beginning of an ID, where a long line is cut', async () => {
    const { fake } = started;
    assert.deepEqual(await fake.terminalLinks.at(`${' '.repeat(4096 - 20)}${RUN}`), []);
    assert.equal((await fake.terminalLinks.at(`${' '.repeat(4096 - RUN.length - 1)}${RUN} and more`)).length, 1);
  });

  describe('in logs', () => {
    it('stand on each ID and get their target when they are used', async () => {
      const { fake } = started;
      const document = await fake.documents.open({ content: `first\n${LINE}\r\n${LINE}`, language: 'log' });
      const links = await fake.languages.links(document);
      assert.deepEqual(links.map(({ range }) => document.getText(range)), [RUN, RUN]);
      assert.equal(links[0]?.target?.scheme, 'command');
      assert.equal(links[0]?.target?.path, 'threadLens.explainRouting');
      assert.deepEqual(JSON.parse(links[0]?.target?.query ?? ''), [RUN]);
    });

    it('are no more than 2,000, and none in source', async () => {
      const { fake } = started;
      const content = `${RUN}\n`.repeat(30_000);
      const log = await fake.documents.open({ content, language: 'log' });
      assert.equal((await fake.languages.links(log)).length, MAX_LINKS);
      assert.deepEqual(await fake.languages.links(await fake.documents.open({ content, language: 'python' })), []);
      fake.configuration.set('threadLens.links.enabled', false);
      assert.deepEqual(await fake.languages.links(log), []);
    });

    it('are found also where slices of the text meet', async () => {
      const { fake } = started;
      const filler = `${'x'.repeat(1023)}\n`.repeat(1023);
      const document = await fake.documents.open({ content: `${filler}${'x'.repeat(1000)} ${RUN}\n${RUN}`, language: 'log' });
      assert.equal((await fake.languages.links(document)).length, 2);
    });

    it('stop when nobody waits for them any more', async () => {
      const { fake } = started;
      const document = await fake.documents.open({ content: `${RUN}\n`.repeat(100_000), language: 'log' });
      const source = new fake.api.CancellationTokenSource();
      const asked = fake.languages.links(document, source.token);
      source.cancel();
      assert.deepEqual(await asked, []);
    });
  });

  describe('vscode:// addresses', () => {
    it('decode, and do nothing else', async () => {
      const { fake } = started;
      await fake.uriHandlers.open(`/decode?id=${RUN}`);
      assert.match(fake.messages.texts.join(), /Thread thread_13679e4dcc38403a\. Minted 2025-09-03T17:06:02\.904Z/);
      assert.equal(fake.api.window.activeTextEditor, undefined);
    });

    it('are refused unless they hold one plain ID', async () => {
      const { fake } = started;
      const refused = ['/explain?id=run_1', '/decode', `/decode?id=${RUN}&id=${RUN}`, `/decode?id=thread_${'a'.repeat(600)}`, '/decode?id=run_%0A1', '/decode?id=', '/decode?id=thread_a%20b'];
      for (const address of refused) await fake.uriHandlers.open(address);
      assert.equal(fake.messages.texts.filter((text) => text.includes('Expected an address like')).length, refused.length, fake.messages.texts.join('\n'));
      await fake.uriHandlers.open('/decode?id=hello');
      assert.match(fake.messages.texts.at(-1) ?? '', /Expected a run, thread or connection ID, received "hello"/);
    });
  });

  describe('Decode ID… and Generate Run ID…', () => {
    it('decodes what is selected, what is at the cursor, and what the clipboard offers', async () => {
      const { fake } = started;
      const decoded = async (): Promise<string | undefined> => (await fake.commands.run<{ text: string } | undefined>('threadLens.decodeId'))?.text;
      const document = await fake.documents.open({ content: LINE });
      await fake.editors.show(document);
      fake.editors.select(0, LINE.indexOf(RUN) + 3);
      assert.equal(await decoded(), RUN);
      fake.editors.select(0, 0);
      await fake.api.env.clipboard.writeText(`see ${RUN}`);
      fake.inputs.accept();
      assert.equal(await decoded(), RUN);
    });

    it('says while it is typed what an ID is, and keeps asking for one', async () => {
      const { fake } = started;
      fake.inputs.type(RUN);
      await fake.commands.run('threadLens.decodeId');
      assert.match(fake.inputs.asked.at(-1)?.said ?? '', /^Composite run ID\. Thread thread_/);
      fake.inputs.typeRefused('no ID [a](command:x)');
      assert.equal(await fake.commands.run('threadLens.decodeId'), undefined);
      assert.equal(fake.inputs.asked.at(-1)?.said, 'Expected a run, thread or connection ID, received "no ID [a] (command:x)".');
    });

    it('inserts another ID at each cursor, or copies one', async () => {
      const { fake } = started;
      const document = await fake.documents.open({ content: 'a\nb' });
      const editor = await fake.api.window.showTextDocument(document);
      editor.selections = [new fake.api.Selection(0, 0, 0, 1), new fake.api.Selection(1, 0, 1, 1)];
      fake.inputs.pick('Legacy');
      fake.inputs.type('thread_abc');
      fake.inputs.pick('$(insert) Insert at the Cursor');
      await fake.commands.run('threadLens.generateRunId');
      const [first, second] = document.getText().split('\n');
      assert.match(first ?? '', /^run_thread_abc_[0-9a-f]{8}$/);
      assert.match(second ?? '', /^run_thread_abc_[0-9a-f]{8}$/);
      assert.notEqual(first, second);
      fake.inputs.pick('Composite');
      fake.inputs.type('thread_abc');
      fake.inputs.pick('$(copy) Copy to the Clipboard');
      await fake.commands.run('threadLens.generateRunId');
      assert.match(fake.environment.clipboard, /^thread_abc_run_\d+_[0-9a-f]{8}$/);
      assert.equal(document.getText(), `${first}\n${second}`);
    });
  });

  describe('Generate Run ID… where nothing can be inserted', () => {
    it('copies the ID instead and says so', async () => {
      const { fake } = started;
      await fake.commands.run('threadLens.explainRouting', RUN);
      fake.inputs.pick('Legacy');
      fake.inputs.type('thread_abc');
      fake.inputs.pick('$(insert) Insert at the Cursor');
      const id = await fake.commands.run<string>('threadLens.generateRunId');
      assert.equal(fake.environment.clipboard, id);
      assert.match(fake.messages.texts.at(-1) ?? '', new RegExp(`Copied ${id}`));
    });
  });

  describe('connection hints', () => {
    const hintsOf = async (document: vscode.TextDocument, range?: vscode.Range): Promise<string[]> =>
      (await started.fake.languages.inlayHints(document, range)).map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));

    it('are off by default, and tell the live connections of the asked range', async () => {
      const { fake } = started;
      const document = await fake.documents.open({ content: `${RUN}\nplain\n${THREAD}`, language: 'log' });
      await fake.commands.run('threadLens.router.start');
      assert.deepEqual(await hintsOf(document), []);
      fake.configuration.set('threadLens.inlayHints.enabled', true);
      assert.deepEqual(await hintsOf(document), ['nobody connected', 'nobody connected']);
      assert.deepEqual(await hintsOf(document, new fake.api.Range(1, 0, 2, 100)), ['nobody connected']);
      await fake.commands.run('threadLens.router.stop');
      assert.deepEqual(await hintsOf(document), []);
    });
  });
});
