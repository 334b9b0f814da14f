import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { poll } from '../harness/poll';
import { TestClient } from '../host/clients';
import { at, unresolved, UUID_RUN } from '../unit/core/diagnosis/log-lines';
import { QuickPick } from './fake/quick-input';
import { startWorkbench, type Started } from './start-workbench';

const R = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
/** VS Code makes links of such text in notifications; a click would run the command. */
const LINK = '[Update](command:workbench.action.quit)';
const HIDDEN = 'thread_\u202eabc\u200b_run_1756919162904_9adf1f09';

describe('SECURITY 13: hostile text', () => {
  let started: Started;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thread-lens-hostile-'));
    started = await startWorkbench({ workspaceFolders: [folder] });
  });

  afterEach(async () => {
    await started.end();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (command: string, ...args: unknown[]): Promise<unknown> => started.fake.commands.run(command, ...args);
  const shown = (): string => started.fake.editors.active?.document.getText() ?? '';
  const client = async (query: string): Promise<TestClient> => {
    const { clientUrl } = (await run('threadLens.router.start')) as RunningRouter;
    return TestClient.connect(`${clientUrl}${query}`);
  };

  it('makes no link in a notification, whoever sent it', async () => {
    const { fake } = started;
    for (const address of [`/decode?id=${encodeURIComponent(LINK)}`, `/${LINK}`, `/decode?id=${encodeURIComponent(`run_${LINK}_abc12345`)}`]) {
      await fake.uriHandlers.open(address);
    }
    const document = await fake.documents.open({ content: `${LINK}\n` });
    await fake.editors.show(document);
    fake.editors.select(0, 0, 0, LINK.length);
    await run('threadLens.decodeId');
    await run('threadLens.registerMapping', { runId: LINK, threadId: LINK });
    await run('threadLens.traceRun', LINK, []);
    const one = await client(`?thread_id=${encodeURIComponent(LINK)}`);
    await run('threadLens.registerMapping', { runId: LINK, threadId: LINK });
    await run('threadLens.simulateDelivery', { runId: LINK, type: LINK });
    await run('threadLens.simulateDelivery', { runId: `x${LINK}` });
    await one.close();
    const told = [...fake.messages.shown.map(({ message }) => message), ...fake.progress.shown.map(({ title }) => title ?? '')];
    assert.ok(told.filter((text) => text.includes('Update')).length >= 7, told.join('\n'));
    for (const text of told) assert.doesNotMatch(text, /\]\((?:command|https?|file):/);
  });

  it('makes no link in a progress, whoever named the scenario or the recording', async () => {
    const { fake } = started;
    const step = { do: 'connect', client: LINK };
    await run('threadLens.scenario.run', { version: 1, name: LINK, clients: { [LINK]: { thread: 'thread_a' } }, steps: [step], expect: { clients: { [LINK]: { threads: ['thread_a'] } } } });
    for (const command of ['recording.open', 'recording.compare', 'exportHar', 'replay']) await run(`threadLens.${command}`, { file: join(folder, LINK), to: join(folder, 'to.har') }, join(folder, 'other'));
    const told = fake.progress.shown.flatMap(({ title = '', reports }) => [title, ...reports.map(({ message }) => message ?? '')]);
    assert.ok(told.filter((text) => text.includes('Update')).length >= 5, told.join('\n'));
    for (const text of told) assert.doesNotMatch(text, /\]\((?:command|https?|file):/);
  });

  it('makes no icon of the name of a recording, nor of an ID that was copied', async () => {
    const { fake } = started;
    const file = join(folder, '$(bug)\u202ex.threadlens-rec.jsonl');
    await run('threadLens.router.start');
    await run('threadLens.record.start', file);
    await run('threadLens.record.stop');
    await run('threadLens.recording.open', file);
    await poll('the recording in the status bar', () => fake.statusBar.text.includes('bug'));
    await run('threadLens.copyId', '$(bug)\u202ex');
    fake.inputs.pick(undefined);
    await run('threadLens.showSource');
    const told = [fake.statusBar.text, ...fake.statusBar.said, ...(fake.inputs.asked.at(-1)?.items ?? [])].join('\n');
    assert.match(told, /bug/);
    assert.doesNotMatch(told.replaceAll(String.raw`\$(`, ''), /\$\(bug\)|\u202e/);
  });

  it('shows the names of scenarios as they are, in the view and in the list', async () => {
    const { fake } = started;
    const hostile = '$(bug)\u202ex';
    const scenario = { version: 1, name: hostile, description: hostile, clients: { tab: { thread: 'thread_a' } }, steps: [{ do: 'connect', client: 'tab' }], expect: { clients: { tab: { open: true } } } };
    await writeFile(join(folder, 'a.threadlens.json'), JSON.stringify(scenario));
    assert.match(await fake.trees.treeText('threadLens.scenarios', { expand: 'all' }), /\$\(bug\)<U\+202E>x/);
    fake.inputs.pick(undefined);
    await run('threadLens.scenario.run');
    const items = (fake.inputs.asked.at(-1)?.items ?? []).join('\n');
    assert.match(items, /\\\$\(bug\)<U\+202E>x/);
    const tree = await fake.trees.treeText('threadLens.scenarios', { expand: 'all' });
    for (const text of [items, tree]) assert.doesNotMatch(text, /\u202e/);
  });

  it('makes no icon in a list to choose from, and the choice is what it was', async () => {
    const { fake } = started;
    const one = await client(`?thread_id=${encodeURIComponent('$(bug)\u202ex')}`);
    await poll('the thread', () => fake.trees.treeText('threadLens.threads').then((tree) => tree.includes('bug')));
    fake.inputs.pick(undefined);
    await run('threadLens.simulateDelivery');
    const items = fake.inputs.last(QuickPick).items.map(({ label }) => label);
    assert.ok(items.includes(String.raw`\$(bug)<U+202E>x`), items.join('\n'));
    fake.inputs.pick(String.raw`\$(bug)<U+202E>x`);
    fake.inputs.pick('agent_started');
    fake.inputs.type('{}');
    const receipt = (await run('threadLens.simulateDelivery')) as { run_id: string } | undefined;
    assert.match(receipt?.run_id ?? '', /^thread_\$\(bug\)\u202ex_run_/);
    await one.close();
  });

  it('makes no icon of a log where one of its faults is chosen to be reproduced', async () => {
    const { fake } = started;
    fake.inputs.pick(undefined);
    await run('threadLens.reproduce', `${at(1, 'Disconnected user $(bug)\u202e with 2 connections')}\n${unresolved(2, UUID_RUN)}`);
    const items = fake.inputs.asked.at(-1)?.items ?? [];
    assert.ok(items.some((item) => item.includes(String.raw`\$(bug)<U+202E>`)), items.join('\n'));
  });

  it('shows what cannot be seen in the names of documents, too', async () => {
    await run('threadLens.explainRouting', HIDDEN);
    assert.doesNotMatch(started.fake.editors.active?.document.uri.path ?? '', /[\u200b\u202e]/);
    await writeFile(join(folder, 'app.log'), 'step of job\u202e12345\n');
    await run('threadLens.traceRun', 'job\u202e12345', folder);
    const { document } = started.fake.editors.active ?? {};
    assert.ok(document);
    assert.doesNotMatch(document.uri.path + document.getText(), /[\u200b\u202e]/);
    assert.ok((await started.fake.languages.links(document)).length > 0, 'its lines still lead to the log');
  });

  it('ends every line of its documents, however long the text is that it explains', async () => {
    const { fake } = started;
    const lines: readonly string[] = [
      'x'.repeat(1_000_000),
      `No connections found for thread ${R}${'a'.repeat(1_000_000)}`,
      `No connections found for thread ${Array.from({ length: 15_000 }, (_, i) => `thread_${i.toString(16).padStart(16, '0')}_run_1756919162904_9adf1f09`).join(' ')}`,
      `{"message":"${'\\"'.repeat(400_000)}"}`,
      'thread_'.repeat(150_000),
    ];
    for (const line of lines) {
      const document = fake.documents.add(fake.api.Uri.file(`/logs/${line.length}.log`), `${line}\n`, 'log');
      for (const show of [() => run('threadLens.explainRouting', { uri: document.uri.toString(), line: 1 }), () => run('threadLens.explainRouting', line), () => run('threadLens.traceRun', line, [])]) {
        await show();
        assert.ok(shown().split('\n').every((each) => each.length <= 2001), `${line.slice(0, 40)}: ${Math.max(...shown().split('\n').map((each) => each.length))}`);
        assert.ok(shown().length < 60_000, `${line.slice(0, 40)}: ${shown().length} characters`);
      }
      await fake.languages.hoverText(document, new fake.api.Position(0, Math.floor(line.length / 2)));
      assert.ok((await fake.languages.links(document)).length <= 2000);
    }
  });

  it('shows what cannot be seen in problems, lenses, fixes and views', async () => {
    const { fake } = started;
    const thread = 'thread_\u202eabc\u200b';
    const document = fake.documents.add(fake.api.Uri.file('/logs/app.log'), `2025-09-03 10:26:02.904 | WARNING  | a:b:1 | No connections found for thread thread_${thread}. Active connections: 1\n`, 'log');
    await run('threadLens.doctor.run', document.uri);
    const problems = fake.languages.diagnostics.at(document.uri);
    const lenses = await fake.languages.codeLenses(document);
    const fixes = await fake.languages.codeActions(document, new fake.api.Range(0, 0, 0, 5));
    const one = await client(`?thread_id=${encodeURIComponent(thread)}&user_id=${encodeURIComponent('u\u202e1')}`);
    await run('threadLens.simulateDelivery', { runId: `x\u202e${thread}`, type: 'a\u202eb' });
    const trees = await poll('the views', async () => {
      const texts = [await fake.trees.treeText('threadLens.threads'), await fake.trees.treeText('threadLens.deliveries')];
      return texts.every((text) => text.includes('<U+202E>')) ? texts : undefined;
    });
    await one.close();
    const shownTexts = [
      ...problems.map(({ message }) => message),
      ...lenses.map(({ command }) => `${command?.title} ${command?.tooltip}`),
      ...fixes.map(({ title }) => title),
      ...trees,
    ];
    assert.ok(problems.length > 0 && lenses.length > 0 && fixes.length > 1);
    assert.match(shownTexts.join('\n'), /<U\+202E>abc<U\+200B>/);
    for (const text of shownTexts) assert.doesNotMatch(text, /[\u200b\u202e]/);
  });
});
