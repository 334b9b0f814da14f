import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { Diagnosis } from '../../../src/core/index';
import { FaultLenses } from '../../../src/workbench/doctor/fault-lenses';
import { DoctorFindings } from '../../../src/workbench/doctor/findings';
import type { RunningRouter } from '../../../src/workbench/router/router-controller';
import { poll } from '../../harness/poll';
import { TestClient } from '../../host/clients';
import { associate, at, connect, miss, R, register, sample, success, T, unresolved, UUID_RUN } from '../../unit/core/diagnosis/log-lines';
import { startWorkbench, type Started } from '../start-workbench';

const FAILING = [connect(0), associate(1), miss(2, R), success(3, 'agent_thinking'), miss(4, R), miss(5, R), unresolved(6, UUID_RUN)];
const NOISE = at(1, `⚠️ CONTEXT VALIDATION WARNING: Suspicious run_id pattern '${R}' for agent_started (agent=a). Event will be sent but flagged for monitoring.`, 'WARNING');

describe('the log doctor', () => {
  let started: Started;

  async function start(settings: Record<string, unknown> = {}): Promise<void> {
    started = await startWorkbench({ settings });
  }

  afterEach(() => started.end());

  function open(lines: readonly string[], path = '/logs/backend.log', language?: string): vscode.TextDocument {
    return started.fake.documents.add(started.fake.api.Uri.file(path), lines.join('\n'), language);
  }

  const problems = ({ uri }: vscode.TextDocument): readonly vscode.Diagnostic[] => started.fake.languages.diagnostics.at(uri);
  const codeOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

  async function problemsSoon(document: vscode.TextDocument): Promise<readonly vscode.Diagnostic[]> {
    return poll('problems', () => (problems(document).length > 0 ? problems(document) : undefined));
  }

  function run(argument?: unknown): Promise<readonly Diagnosis[] | undefined> {
    return started.fake.commands.run('threadLens.doctor.run', argument);
  }

  it('shows one problem for each fault and thread, at its first line, with the others and a link that explains', async () => {
    await start();
    const document = open(FAILING);
    const found = await problemsSoon(document);
    assert.deepEqual(found.map(codeOf), ['composite-as-thread', 'unresolvable-run']);
    const [first] = found;
    assert.ok(first);
    assert.equal(first.source, 'Thread Lens');
    assert.equal(first.severity, started.fake.api.DiagnosticSeverity.Error);
    assert.equal(first.message, `A composite run ID was used as the thread key; 1 connection listens on ${T}, so nothing can match. (3 times, inferred from the log)`);
    assert.equal(document.getText(first.range), R);
    assert.equal(first.range.start.line, 2);
    assert.deepEqual(first.relatedInformation?.map(({ location }) => location.range.start.line), [4, 5]);
    const target = typeof first.code === 'object' ? first.code.target : undefined;
    assert.equal(target?.scheme, 'command');
    assert.equal(target.path, 'threadLens.explainRouting');
    await started.fake.commands.run('threadLens.explainRouting', ...(JSON.parse(target.query) as [object]));
    assert.match(started.fake.editors.active?.document.getText() ?? '', /^# Run ID used as thread key\n[^]*backend\.log:3[^]*backend\.log:5/);
  });

  it('puts a lens above the first occurrence', async () => {
    await start();
    const document = open([...FAILING, NOISE]);
    await problemsSoon(document);
    const lenses = await started.fake.languages.codeLenses(document);
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title, command?.command]),
      [
        [2, 'Run ID used as thread key, 3 times', 'threadLens.explainRouting'],
        [6, 'Run ID that no source knows', 'threadLens.explainRouting'],
      ],
    );
  });

  it('names noise as noise, as a hint', async () => {
    await start();
    const [problem] = await problemsSoon(open([NOISE]));
    assert.equal(problem?.severity, started.fake.api.DiagnosticSeverity.Hint);
    assert.match(problem.message, /^Noise: /);
  });

  it('offers to explain, simulate, copy, and to register with the running router', async () => {
    await start();
    const document = open([...FAILING, register(7, UUID_RUN, T)]);
    await problemsSoon(document);
    const titles = async (line: number): Promise<string[]> =>
      (await started.fake.languages.codeActions(document, document.lineAt(line).range)).map(({ title }) => title);
    const always = ['Explain: Run ID used as thread key', 'Reproduce locally: Run ID used as thread key', `Simulate delivery to ${T}`, `Copy thread ID ${T}`];
    assert.deepEqual(await titles(2), always);
    assert.deepEqual(await titles(4), always, 'further occurrences too');
    assert.deepEqual(await titles(6), ['Explain: Run ID that no source knows', 'Reproduce locally: Run ID that no source knows']);
    assert.deepEqual(await titles(0), []);

    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    assert.deepEqual(await titles(2), [...always, `Register ${R} to ${T} with the running router`]);
    assert.deepEqual(await titles(6), ['Explain: Run ID that no source knows', 'Reproduce locally: Run ID that no source knows', `Register ${UUID_RUN} with the running router…`]);

    const client = await TestClient.connect(`${running.clientUrl}?thread_id=${T}`);
    const actions = (await started.fake.languages.codeActions(document, document.lineAt(2).range)) as vscode.CodeAction[];
    const perform = (title: string): Promise<unknown> => {
      const command = actions.find((action) => action.title.startsWith(title))?.command;
      assert.ok(command, title);
      return started.fake.commands.run(command.command, ...((command.arguments ?? []) as unknown[]));
    };
    await perform('Copy');
    assert.equal(started.fake.environment.clipboard, T);
    await perform('Simulate');
    await client.next((message) => message['type'] === 'agent_started');
    assert.equal(await perform('Register'), true);
    const response = await fetch(`${running.url}/registry/runs/${R}`, { headers: { authorization: `Bearer ${running.token}` } });
    assert.equal(((await response.json()) as { thread_id: string }).thread_id, T);
    await client.close();

    started.fake.inputs.type(T);
    assert.equal(await started.fake.commands.run('threadLens.registerMapping', { runId: UUID_RUN }), true);
    started.fake.inputs.type(UUID_RUN);
    started.fake.inputs.type(undefined);
    assert.equal(await started.fake.commands.run('threadLens.registerMapping'), false);
    await started.fake.commands.run('threadLens.router.stop');
    assert.equal(await started.fake.commands.run('threadLens.registerMapping', { runId: R, threadId: T }), false);
  });

  it('offers once what several faults of a line want', async () => {
    await start();
    const document = open([...FAILING, register(7, UUID_RUN, T), at(8, `✅ PRIORITY 4 SUCCESS: run_id=${R} → thread_id=${R} via pattern extraction (0.2ms)`)]);
    await problemsSoon(document);
    const titles = (await started.fake.languages.codeActions(document, document.lineAt(8).range)).map(({ title }) => title);
    assert.ok(titles.filter((title) => title.startsWith('Explain: ')).length > 1, titles.join(', '));
    assert.deepEqual(titles, [...new Set(titles)]);
  });

  it('tells an editor again that has not asked for the lenses, and no other', async () => {
    await start();
    const { api } = started.fake;
    const told = [0, 0];
    const lenses = told.map(() => new FaultLenses(api, new DoctorFindings()));
    for (const [index, each] of lenses.entries()) each.onDidChangeCodeLenses(() => (told[index] = (told[index] ?? 0) + 1));
    const [asked, unasked] = lenses;
    asked?.refresh();
    asked?.provideCodeLenses(open(FAILING));
    unasked?.refresh();
    await poll('the editor to be told again', () => told[1] === 2, { timeoutMs: 8000 });
    assert.deepEqual(told, [1, 2]);
    for (const each of lenses) each.dispose();
  });

  it('follows the log as it grows, and drops its problems when it closes', async () => {
    await start();
    const document = open(FAILING.slice(0, 3));
    assert.equal((await problemsSoon(document)).length, 1);
    started.fake.documents.setText(document, FAILING.join('\n'));
    await poll('the new problem', () => problems(document).length === 2);
    started.fake.documents.close(document);
    assert.deepEqual(problems(document), []);
  });

  it('knows logs by language or name, rotated ones too, and leaves everything else alone', async () => {
    await start();
    const logs = [open(FAILING, '/a.log'), open(FAILING, '/a.log.12'), open(FAILING, '/a.txt', 'log'), open(FAILING, '/b.txt', 'Log')];
    const { Uri } = started.fake.api;
    const others = [
      open(FAILING, '/a.ts', 'typescript'),
      open(FAILING, '/a.log.gz'),
      started.fake.documents.add(Uri.from({ scheme: 'output', path: 'some backend' }), FAILING.join('\n'), 'Log'),
      started.fake.documents.add(Uri.from({ scheme: 'git', path: '/a.log' }), FAILING.join('\n'), 'log'),
    ];
    for (const log of logs) await problemsSoon(log);
    for (const other of others) assert.deepEqual(problems(other), [], other.uri.toString());
    // Our own output is never read, not even on request.
    const own = started.fake.documents.add(Uri.from({ scheme: 'output', path: 'thread-lens.thread-lens.Thread Lens' }), FAILING.join('\n'), 'log');
    assert.equal(await run(own.uri), undefined);
    assert.deepEqual(problems(own), []);
    assert.equal((await run(others[2]?.uri))?.length, 2, 'asked for, an output document is diagnosed');
  });

  it('waits to be asked when the setting says so, or the log is large', async () => {
    await start({ 'threadLens.doctor.run': 'onRequest' });
    const document = open(FAILING);
    assert.deepEqual(problems(document), []);
    await started.fake.editors.show(document);
    assert.deepEqual((await run())?.map(({ id }) => id), ['composite-as-thread', 'unresolvable-run']);
    assert.equal(problems(document).length, 2);
    started.fake.configuration.set('threadLens.doctor.maxFileSizeMb', 6);
    assert.equal(problems(document).length, 2, 'another setting takes nothing away that was asked for');
    started.fake.configuration.set('threadLens.doctor.run', 'onOpen');
    started.fake.configuration.set('threadLens.doctor.maxFileSizeMb', 0.001);
    const large = open([...FAILING, ...Array.from({ length: 50 }, (_, n) => at(n, 'all is well'))], '/large.log');
    const small = open([miss(1, R)], '/small.log');
    await problemsSoon(small);
    assert.deepEqual(problems(large), []);
    await run(large.uri);
    assert.equal(problems(large).length, 2);
  });

  it('does nothing when it is off, and forgets at once', async () => {
    await start();
    const document = open(FAILING);
    await problemsSoon(document);
    started.fake.configuration.set('threadLens.doctor.run', 'off');
    await poll('no problems', () => problems(document).length === 0);
    assert.equal(await run(document.uri), undefined);
    assert.match(started.fake.messages.texts.join(), /turned off/);
  });

  it('clears, and stays clear until it is asked', async () => {
    await start();
    const document = open(FAILING);
    await problemsSoon(document);
    await started.fake.commands.run('threadLens.doctor.clear');
    assert.deepEqual(problems(document), []);
    started.fake.documents.setText(document, [...FAILING, miss(9, R)].join('\n'));
    const other = open(FAILING, '/other.log');
    await problemsSoon(other);
    assert.deepEqual(problems(document), []);
    await run(document.uri);
    assert.equal(problems(document).length, 2);
  });

  it('can be cancelled, and lets others have their turn in a long log', async () => {
    await start({ 'threadLens.doctor.run': 'onRequest' });
    const document = open(Array.from({ length: 30_000 }, (_, n) => miss(n, `thread_${n % 50}`)));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const asked = run(document.uri);
    await poll('progress', () => started.fake.progress.shown.some(({ reports }) => reports.length > 0));
    started.fake.progress.shown.at(-1)?.cancel();
    assert.equal(await asked, undefined);
    clearInterval(timer);
    assert.ok(turns > 1);
    assert.deepEqual(problems(document), []);
  });

  it('ends a scan when its document closes', async () => {
    await start({ 'threadLens.doctor.run': 'onRequest' });
    const document = open(Array.from({ length: 30_000 }, (_, n) => miss(n, `thread_${n % 50}`)));
    const asked = run(document.uri);
    await poll('progress', () => started.fake.progress.shown.some(({ reports }) => reports.length > 0));
    started.fake.documents.close(document);
    assert.equal(await asked, undefined);
    assert.deepEqual(problems(document), []);
  });

  it('shows so many problems and no more', async () => {
    await start();
    const document = open(Array.from({ length: 300 }, (_, n) => [miss(n, `thread_a${n}`), sample(n, '[None]')]).flat());
    assert.equal((await problemsSoon(document)).length, 200);
  });

  it('says what it expects when there is no log', async () => {
    await start();
    assert.equal(await run(), undefined);
    assert.match(started.fake.messages.texts.join(), /Expected an open log/);
  });
});
