import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Scenario, type ScenarioReport, SCENARIO_TEMPLATE } from '../../src/core/index';
import { poll } from '../harness/poll';
import { ROOT } from '../harness/repository';
import type { FakeVscodeOptions } from './fake/fake-vscode';
import { startWorkbench, type Started } from './start-workbench';

const FOUNDING = 'No connections found for thread thread_13679e4dcc38403a_run_1756919162904_9adf1f09. Active connections: 1';
const VIEW = 'threadLens.scenarios';

const OWN: Scenario = {
  version: 1,
  name: 'Our own',
  clients: { tab: { thread: 'thread_ours' } },
  steps: [{ do: 'connect', client: 'tab' }],
  expect: { clients: { tab: { threads: ['thread_ours'] } } },
};

describe('Scenarios', () => {
  let started: Started;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'thread-lens-scenarios-'));
    mkdirSync(join(folder, 'scenarios'));
    writeFileSync(join(folder, 'scenarios', 'own.threadlens.json'), JSON.stringify(OWN));
    writeFileSync(join(folder, 'wrong.threadlens.json'), '{ "version": 1, "name": "x" }');
  });

  afterEach(async () => {
    await started.end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: FakeVscodeOptions = {}): Promise<void> {
    started = await startWorkbench({ workspaceFolders: [folder], ...options });
  }

  const run = (argument?: unknown): Promise<ScenarioReport | undefined> => started.fake.commands.run('threadLens.scenario.run', argument);
  const report = (): string | undefined => started.fake.editors.visible.find(({ document }) => document.uri.scheme === 'thread-lens')?.document.getText();

  it('runs the founding scenario from the palette, with the fault and with the fix, and shows the report beside', async () => {
    await start();
    const { fake } = started;
    const file = await fake.documents.open({ content: 'print()', language: 'python' });
    await fake.editors.show(file);
    fake.inputs.pick('Run ID used as thread key');
    const ran = await run();
    assert.equal(ran?.passed, true);
    assert.deepEqual(ran.variants.map(({ variant, passed }) => [variant, passed]), [['fault', true], ['fix', true]]);
    assert.match(report() ?? '', /^# Run ID used as thread key\n[^]*## With the fault: ✓ as expected[^]*## With the fix: ✓ as expected/);
    assert.equal(fake.editors.active?.document, file, 'the focus stays');
    const [progress] = fake.progress.shown;
    assert.equal(progress?.title, 'Running the scenario Run ID used as thread key');
    assert.ok(progress.reports.some(({ message }) => message === 'with the fix, step 3 of 3: run'));
    assert.deepEqual(fake.messages.texts, []);
  });

  it('takes a name, a path, a URI, an object, and a choice of variant and speed', async () => {
    await start();
    const { fake } = started;
    const file = fake.api.Uri.file(join(folder, 'scenarios', 'own.threadlens.json'));
    for (const argument of ['scenarios/own.threadlens.json', 'own', file, file.toString(), OWN]) assert.equal((await run(argument))?.name, 'Our own');
    const fix = await run({ scenario: 'late-association', variant: 'fix', speed: 1_000 });
    assert.deepEqual(fix?.variants.map(({ variant }) => variant), ['fix']);
    assert.equal((await fake.commands.run<ScenarioReport>('threadLens.scenario.runFault', 'word-blacklist')).variants[0]?.variant, 'fault');
  });

  it('says what is no scenario, and what is wrong with one', async () => {
    await start();
    const { fake } = started;
    assert.equal(await run('no-such-scenario'), undefined);
    assert.equal(await run(42), undefined);
    assert.equal(await run('wrong.threadlens.json'), undefined);
    assert.equal(await run({ steps: [{ do: 'jump' }], version: 1, name: 'x' }), undefined);
    const [missing, number, shape, step] = fake.messages.texts;
    assert.equal(missing, 'error: Expected the name of a scenario, a scenario file or a scenario, received no-such-scenario.');
    assert.equal(number, 'error: Expected the name of a scenario, a scenario file or a scenario, received 42.');
    assert.equal(shape, 'error: The scenario could not be run: steps: expected "steps", received undefined');
    assert.match(step ?? '', /^error: The scenario could not be run: steps\[0\]\.do: expected one of connect, .*received "jump"$/);
    fake.inputs.pick(undefined);
    assert.equal(await run(), undefined);
  });

  it('lists shipped scenarios and those of the workspace, with what they showed last', async () => {
    await start();
    const { fake } = started;
    const before = await fake.trees.treeText(VIEW, { expand: 'all' });
    assert.match(before, /Workspace/);
    assert.match(before, /Our own/);
    assert.match(before, /wrong\.threadlens\.json.*no scenario/);
    assert.match(before, /Built-in/);
    assert.match(before, /Run ID used as thread key/);
    await run('composite-as-thread');
    await run({ scenario: 'own', variant: 'fix' });
    const after = await fake.trees.treeText(VIEW, { expand: 'all' });
    assert.match(after, /Run ID used as thread key.*as expected/);
    assert.match(after, /With the fault.*as expected/);
    assert.match(after, /Our own.*as expected/);
  });

  it('lists those of a folder that comes to the workspace', async () => {
    const [one, two] = ['one', 'two'].map((name) => join(folder, name));
    for (const path of [one, two]) {
      mkdirSync(path!);
      writeFileSync(join(path!, 'added.threadlens.json'), JSON.stringify({ ...OWN, name: `In ${path!.slice(-3)}` }));
    }
    await start({ workspaceFolders: [join(folder, 'scenarios'), one!] });
    const { fake } = started;
    assert.match(await fake.trees.treeText(VIEW, { expand: 'all' }), /In one/);
    fake.workspaceFolders.add(two!);
    await poll('the new row', async () => (await fake.trees.treeText(VIEW, { expand: 'all' })).includes('In two'));
  });

  it('tells scenarios of two folders apart in tasks', async () => {
    const paths = ['one', 'two'].map((name) => join(folder, name));
    for (const path of paths) {
      mkdirSync(path);
      writeFileSync(join(path, 'same.threadlens.json'), JSON.stringify({ ...OWN, name: `In ${path.slice(-3)}` }));
    }
    await start({ workspaceFolders: paths });
    const { fake } = started;
    const offered = (await fake.tasks.offered('threadLens')).filter(({ name }) => name.startsWith('In '));
    assert.deepEqual(offered.map(({ definition }) => definition['scenario']), ['one/same.threadlens.json', 'two/same.threadlens.json']);
    for (const { definition, name } of offered) assert.match((await fake.tasks.run(definition)).output, new RegExp(`# ${name}\r\n`));
  });

  it('opens a file by its row, and its report once it has run', async () => {
    await start();
    const { fake } = started;
    await fake.trees.treeText(VIEW, { expand: 'all' });
    await fake.trees.click(VIEW, 'Our own');
    assert.equal(fake.editors.active?.document.uri.path, join(folder, 'scenarios', 'own.threadlens.json'));
    await run('own');
    fake.editors.closeAll();
    await fake.trees.treeText(VIEW, { expand: 'all' });
    await fake.trees.click(VIEW, 'Our own');
    assert.match(report() ?? '', /^# Our own/);
  });

  it('runs what stands in the editor, saved or not', async () => {
    await start();
    const { fake } = started;
    const document = await fake.documents.open(fake.api.Uri.file(join(folder, 'scenarios', 'own.threadlens.json')));
    await fake.editors.show(document);
    const text = document.getText();
    await fake.editors.active?.edit((builder) => builder.replace(new fake.api.Range(document.positionAt(0), document.positionAt(text.length)), text.replace('"threads":["thread_ours"]', '"threads":[]')));
    assert.equal((await run(document.uri))?.passed, false);
  });

  it('is cancelled by its progress', async () => {
    await start();
    const slow: Scenario = { ...OWN, steps: [{ do: 'connect', client: 'tab' }, { do: 'wait', for: '10m' }] };
    const running = run(slow);
    await poll('the wait', () => started.fake.progress.shown[0]?.reports.some(({ message }) => message?.endsWith('wait')));
    started.fake.progress.shown[0]?.cancel();
    const ran = await running;
    assert.equal(ran?.variants[0]?.problem, 'The run was cancelled.');
  });

  it('ends with the window', async () => {
    await start();
    const running = run({ ...OWN, steps: [...OWN.steps, { do: 'wait', for: '10m' }] });
    const { fake } = started;
    await poll('the wait', () => fake.progress.shown.some(({ reports }) => reports.some(({ message }) => message?.endsWith('wait') === true)));
    started.workbench.dispose();
    assert.equal((await running)?.variants[0]?.problem, 'The run was cancelled.');
  });

  it('keeps scenarios of an untrusted workspace from running; those that come with the extension do', async () => {
    await start({ trusted: false });
    const { fake } = started;
    assert.equal(await run('own'), undefined);
    assert.equal(await run(OWN), undefined);
    assert.deepEqual(fake.messages.texts, Array.from({ length: 2 }, () => 'warning: Scenarios of the workspace run only in a trusted workspace. [Manage Workspace Trust]'));
    assert.equal((await fake.tasks.run({ type: 'threadLens', scenario: 'own' })).code, 2);
    assert.match(await fake.trees.treeText(VIEW, { expand: 'all' }), /Our own.*needs a trusted workspace/);
    assert.equal((await run('word-blacklist'))?.passed, true);
    fake.grantTrust();
    assert.equal((await run('own'))?.passed, true);
  });

  it('runs as a task, with the exit code of the router command', async () => {
    await start();
    const { fake } = started;
    const offered = await fake.tasks.offered('threadLens');
    assert.ok(offered.some(({ name, definition }) => name === 'Our own' && definition['scenario'] === 'scenarios/own.threadlens.json'));
    assert.ok(offered.some(({ definition }) => definition['scenario'] === 'composite-as-thread'));
    const good = await fake.tasks.run({ type: 'threadLens', scenario: 'composite-as-thread', variant: 'fix' });
    assert.equal(good.code, 0);
    assert.match(good.output, /with the fix, step 1 of 3: connect\r\n[^]*# Run ID used as thread key\r\n/);
    writeFileSync(join(folder, 'fails.threadlens.json'), JSON.stringify({ ...OWN, name: 'Fails', expect: { clients: { tab: { open: false } } } }));
    fake.fileWatchers.tell('created', fake.api.Uri.file(join(folder, 'fails.threadlens.json')));
    assert.equal((await fake.tasks.run({ type: 'threadLens', scenario: 'fails' })).code, 1);
    assert.equal((await fake.tasks.run({ type: 'threadLens', scenario: 'wrong.threadlens.json' })).code, 2);
    const missing = await fake.tasks.run({ type: 'threadLens', scenario: 'missing' });
    assert.equal(missing.code, 2);
    assert.match(missing.output, /Expected the name or the path of a scenario, received "missing"\./);
  });

  it('begins a new scenario that runs as it stands', async () => {
    await start();
    const { fake } = started;
    const file = fake.api.Uri.file(join(folder, 'mine.json'));
    fake.inputs.choose(file.path);
    const made: { path: string } | undefined = await fake.commands.run('threadLens.scenario.new');
    assert.equal(made?.path, join(folder, 'mine.threadlens.json'));
    assert.equal(readFileSync(made.path, 'utf8'), SCENARIO_TEMPLATE);
    assert.equal((await run(made))?.passed, true);
  });

  it('asks before a new scenario takes the place of a file that the dialog did not name', async () => {
    await start();
    const { fake } = started;
    const kept = join(folder, 'mine.threadlens.json');
    writeFileSync(kept, '{}');
    fake.inputs.choose(join(folder, 'mine.json'));
    assert.equal(await fake.commands.run('threadLens.scenario.new'), undefined);
    assert.equal(readFileSync(kept, 'utf8'), '{}');
    fake.inputs.choose(join(folder, 'mine.json'));
    fake.messages.answer('Replace', { to: /mine\.threadlens\.json/ });
    await fake.commands.run('threadLens.scenario.new');
    assert.equal(readFileSync(kept, 'utf8'), SCENARIO_TEMPLATE);
  });

  describe('Reproduce Locally', () => {
    const reproduce = (argument?: unknown): Promise<ScenarioReport | undefined> => started.fake.commands.run('threadLens.reproduce', argument);

    it("builds the scenario from the line's own IDs, runs it, shows the report and offers to keep it", async () => {
      await start();
      const { fake } = started;
      fake.messages.answer('Save Scenario…', { to: /Reproduced at a local router, and fixed: Run ID used as thread key\./ });
      const file = fake.api.Uri.file(join(folder, 'founding.threadlens.json'));
      fake.inputs.choose(file.path);
      const ran = await reproduce(FOUNDING);
      assert.equal(ran?.fault, 'composite-as-thread');
      assert.equal(ran.passed, true, report());
      assert.deepEqual(ran.variants[0]?.ids, { T: 'thread_13679e4dcc38403a', R: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09' });
      assert.match(report() ?? '', /^# Run ID used as thread key: /);
      await poll('the file', () => fake.editors.active?.document.uri.path === file.path);
      const saved = JSON.parse(readFileSync(file.path, 'utf8')) as Scenario;
      assert.deepEqual(saved.evidence, [FOUNDING]);
      assert.equal((await run(file))?.passed, true);
    });

    it('takes the log line under the cursor, with what the log around it tells', async () => {
      await start();
      const { fake } = started;
      const log = readFileSync(join(ROOT, 'test/fixtures/samples/run_uuid_unresolvable.log'), 'utf8');
      const document = await fake.documents.open({ content: log, language: 'log' });
      await fake.editors.show(document);
      const line = log.split('\n').findIndex((text) => text.includes('PRIORITY 5 RESOLUTION FAILURE'));
      fake.editors.select(line, 0);
      const ran = await reproduce();
      assert.equal(ran?.fault, 'unresolvable-run');
      assert.equal(ran.passed, true, report());
      assert.equal(ran.variants[0]?.ids['R'], 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760');
    });

    it('is offered by the quick fix, the hover and the explanation of the line', async () => {
      await start();
      const { fake } = started;
      const document = await fake.documents.open({ content: `${FOUNDING}\n`, language: 'log' });
      await fake.editors.show(document);
      await fake.commands.run('threadLens.doctor.run');
      const fixes = await fake.languages.codeActions(document, new fake.api.Range(0, 5, 0, 5));
      const fix = fixes.find(({ title }) => title === 'Reproduce locally: Run ID used as thread key');
      const command = typeof fix?.command === 'object' ? fix.command : undefined;
      assert.equal(command?.command, 'threadLens.reproduce');
      assert.equal((await reproduce(command.arguments?.[0]))?.passed, true);
      assert.match(await fake.languages.hoverText(document, new fake.api.Position(0, 5)), /Reproduce Locally.*command:threadLens\.reproduce/);
      await fake.commands.run('threadLens.explainRouting', { uri: document.uri.toString(), line: 1 });
      const explanation = fake.editors.active!.document;
      assert.match(explanation.getText(), /\n\nReproduce Locally\n$/);
      const links = await fake.languages.links(explanation);
      const link = links.find(({ target }) => target?.scheme === 'command' && target.path === 'threadLens.reproduce');
      assert.equal(explanation.getText(link?.range), 'Reproduce Locally');
      const [argument] = JSON.parse(link?.target?.query ?? '[]') as unknown[];
      assert.equal((await reproduce(argument))?.fault, 'composite-as-thread');
    });

    it('says when there is nothing to reproduce', async () => {
      await start();
      assert.equal(await reproduce('a line about nothing'), undefined);
      assert.equal(await reproduce('error: Object of type DeepAgentState is not JSON serializable'), undefined);
      assert.deepEqual(started.fake.messages.texts, ['information: Expected a log line that shows a routing fault, received none.', 'information: A local router cannot show this fault: Payload that is not JSON']);
    });
  });
});
