import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { poll } from '../../harness/poll';
import { type Started, startWorkbench } from '../start-workbench';

const SEND = 'async def go(manager, run_id, thread_id):\n    await manager.send_to_thread(run_id, {"type": "x"})\n';

describe('source intelligence', () => {
  let started: Started;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thread-lens-source-'));
  });

  afterEach(async () => {
    await started.end();
    await rm(folder, { recursive: true, force: true });
  });

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  }

  const problemsOf = (uri: vscode.Uri): string[] => started.fake.languages.diagnostics.at(uri).map(({ code }) => (typeof code === 'string' ? code : ''));

  async function untilProblems(uri: vscode.Uri, expected: readonly string[]): Promise<void> {
    await poll(`problems ${expected.join()}`, () => JSON.stringify(problemsOf(uri)) === JSON.stringify(expected), { timeoutMs: 8000, everyMs: 20 });
  }

  it('shows a run ID sent to as a thread, and replaces it', async () => {
    started = await startWorkbench();
    const { fake } = started;
    const document = await fake.documents.open({ content: SEND, language: 'python' });
    await untilProblems(document.uri, ['run-as-thread']);
    const [problem] = fake.languages.diagnostics.at(document.uri);
    assert.match(problem?.message ?? '', /Expected a thread ID for send_to_thread\(\), received the run ID run_id/);
    assert.equal(problem?.severity, fake.api.DiagnosticSeverity.Warning);
    const [action] = (await fake.languages.codeActions(document, problem?.range ?? document.lineAt(0).range)) as vscode.CodeAction[];
    assert.equal(action?.title, 'Use the thread ID thread_id');
    assert.equal(action?.isPreferred, true);
    assert.ok(action?.edit && (await fake.api.workspace.applyEdit(action.edit)));
    assert.match(document.getText(), /send_to_thread\(thread_id, /);
    await untilProblems(document.uri, []);
  });

  it('is off by setting, and forgets closed documents', async () => {
    started = await startWorkbench();
    const { fake } = started;
    const document = await fake.documents.open({ content: SEND, language: 'python' });
    await untilProblems(document.uri, ['run-as-thread']);
    fake.configuration.set('threadLens.source.diagnostics', 'off');
    assert.deepEqual(problemsOf(document.uri), []);
    fake.configuration.set('threadLens.source.diagnostics', 'on');
    await untilProblems(document.uri, ['run-as-thread']);
    fake.documents.close(document);
    assert.deepEqual(problemsOf(document.uri), []);
  });

  it('speaks of formats and of names given only where routing of this sort is in use', async () => {
    started = await startWorkbench();
    const { fake } = started;
    const document = await fake.documents.open({ content: 'thread_id = f"thread_{uuid.uuid4()}"\nf(thread_id=run_id)\nx = "thread_thread_1"\n', language: 'python' });
    await untilProblems(document.uri, ['doubled-prefix']);
    await fake.documents.open({ content: 'await m.send_to_thread(thread_id, 1)', language: 'python' });
    await untilProblems(document.uri, ['doubled-prefix', 'hyphen', 'run-as-thread']);
  });

  it('finds two sources of truth in a small workspace without being asked', async () => {
    await write({
      'a.py': 'from x import extract_thread_id\nrun_id = f"run_{thread_id}_{uuid.uuid4().hex[:8]}"\n',
      'b.ts': 'export const runId = `thread_${threadId}_run_${Date.now()}_${randomUUID().slice(0, 8)}`;\n',
      'tests/c.py': 'run_id = f"run_{uuid.uuid4()}"\n',
      'node_modules/d.js': 'const a = `run_${randomUUID()}`;',
    });
    started = await startWorkbench({ workspaceFolders: [folder] });
    const { fake } = started;
    const document = await fake.documents.open(fake.api.Uri.file(join(folder, 'a.py')));
    await untilProblems(document.uri, ['several-generators']);
    const [problem] = fake.languages.diagnostics.at(document.uri);
    assert.deepEqual(problem?.relatedInformation?.map(({ location }) => location.uri.path.split('/').at(-1)), ['b.ts']);
  });

  it('reads the whole workspace when asked, and shows what is in closed files', async () => {
    await write({ 'src/a.py': SEND, 'src/b.py': 'pass\n' });
    started = await startWorkbench({ workspaceFolders: [folder] });
    const { fake } = started;
    const scan = await fake.commands.run('threadLens.source.scanWorkspace');
    assert.deepEqual(scan, { files: 2, problems: 1, cancelled: false });
    assert.deepEqual(problemsOf(fake.api.Uri.file(join(folder, 'src/a.py'))), ['run-as-thread']);
    assert.match(fake.messages.texts.join(), /Source files read: 2\. Problems found: 1\./);
    // Who goes from problem to problem opens one file after the other as a preview.
    const uri = fake.api.Uri.file(join(folder, 'src/a.py'));
    const document = await fake.api.workspace.openTextDocument(uri);
    fake.documents.close(document);
    assert.deepEqual(problemsOf(uri), ['run-as-thread']);
    // Saved, and closed at once.
    await write({ 'src/a.py': 'pass\n' });
    fake.documents.close(await fake.api.workspace.openTextDocument(uri));
    await untilProblems(uri, []);
  });

  it('lets the problems of files go that are deleted, one by one or with their folder', async () => {
    await write({ 'src/a.py': SEND, 'src/b.py': SEND, 'one.py': SEND, 'open.py': SEND });
    started = await startWorkbench({ workspaceFolders: [folder] });
    const { fake } = started;
    await fake.commands.run('threadLens.source.scanWorkspace');
    const uri = (path: string): vscode.Uri => fake.api.Uri.file(join(folder, path));
    const remove = async (path: string): Promise<void> => {
      await rm(join(folder, path), { recursive: true });
      fake.fileWatchers.tell('deleted', uri(path));
    };
    await remove('one.py');
    assert.deepEqual(problemsOf(uri('one.py')), []);
    // Of a folder the editor tells only that it is gone.
    await remove('src');
    assert.deepEqual([...problemsOf(uri('src/a.py')), ...problemsOf(uri('src/b.py'))], []);
    // What is in an editor is there until that is closed.
    const document = await fake.api.workspace.openTextDocument(uri('open.py'));
    await remove('open.py');
    assert.deepEqual(problemsOf(uri('open.py')), ['run-as-thread']);
    fake.documents.close(document);
    await untilProblems(uri('open.py'), []);
    assert.deepEqual(await fake.commands.run('threadLens.source.scanWorkspace'), { files: 0, problems: 0, cancelled: false });
  });

  it('takes back what two files showed together when one of them is deleted', async () => {
    await write({
      'a.py': 'from x import extract_thread_id\nrun_id = f"run_{thread_id}_{uuid.uuid4().hex[:8]}"\n',
      'b.ts': 'export const runId = `thread_${threadId}_run_${Date.now()}_${randomUUID().slice(0, 8)}`;\n',
    });
    started = await startWorkbench({ workspaceFolders: [folder] });
    const { fake } = started;
    await fake.commands.run('threadLens.source.scanWorkspace');
    const left = fake.api.Uri.file(join(folder, 'a.py'));
    assert.ok(problemsOf(left).includes('several-generators'), problemsOf(left).join());
    await rm(join(folder, 'b.ts'));
    fake.fileWatchers.tell('deleted', fake.api.Uri.file(join(folder, 'b.ts')));
    await poll('no second format', () => !problemsOf(left).includes('several-generators'), { timeoutMs: 5000, everyMs: 20 });
  });
});
