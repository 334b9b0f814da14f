import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Trace } from '../../../src/workbench/trace/trace-entry';
import type { RunningRouter } from '../../../src/workbench/router/router-controller';
import { ROOT } from '../../harness/repository';
import { temporaryFolder } from '../../harness/temporary-folder';
import { TestClient } from '../../host/clients';
import { foreignBundle, untranslatedIn } from '../foreign-language';
import { startWorkbench, type Started } from '../start-workbench';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';
const SAMPLES = join(ROOT, 'test/fixtures/samples');
const SEED = 'seed_bug_before_fix_info_level.log';

/** What a trace shows that is not in the words of the workbench. */
function* saidByOthers({ id, entries, diagnoses, connections, counts, threadIds, runIds, notes }: Trace): Generator<string | undefined> {
  yield* [id, ...threadIds, ...runIds, 'unexpected end of file', 'connection_established'];
  for (const [kind] of counts) yield kind;
  for (const { source } of notes) yield source;
  for (const { connectionId, userId } of connections) yield* [connectionId, userId];
  for (const { origin, text, what, kind, level, event, runId, threadId, connectionId } of entries) {
    yield* [origin.label, text, text.slice(0, 160), level?.toLowerCase(), event, runId, threadId, connectionId];
    // Of a message that core knows, core says what it means.
    if (kind !== 'line' && kind !== 'wire' && kind !== 'frame') yield what;
  }
  for (const { verdict, title, cause, expected, received, nearMisses, actions } of diagnoses) {
    yield* [verdict, title, cause, expected, received];
    for (const { threadId, why } of nearMisses) yield* [threadId, why];
    for (const { text } of actions) yield text;
  }
}

describe('Trace Run', () => {
  let started: Started;
  let folder: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder());
    started = await startWorkbench({ workspaceFolders: [folder] });
  });

  afterEach(async () => {
    await started.end();
    await remove();
  });

  const trace = (...args: unknown[]): Promise<Trace | undefined> => started.fake.commands.run('threadLens.traceRun', ...args);

  async function traced(...args: unknown[]): Promise<Trace> {
    const result = await trace(...args);
    assert.ok(result);
    return result;
  }

  const shown = (): string => started.fake.editors.active?.document.getText() ?? '';
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('tells where the founding error broke, and why', async () => {
    const result = await traced(COMPOSITE, join(SAMPLES, SEED));
    assert.equal(result.broke?.diagnosis?.id, 'composite-as-thread');
    assert.equal(result.entries[result.broke.index]?.line, 5);
    assert.match(result.verdict, /^Broke at 10:26:02\.988 \(seed_bug_before_fix_info_level\.log:5\): A composite run ID was used as the thread key/);
    assert.equal(result.entries.length, 29);
    assert.deepEqual(result.connections.map(({ connectionId, userId, end }) => [connectionId, userId, end]), [['conn_u1_00000001', 'u1', undefined]]);
    assert.match(shown(), /^>> .*seed_bug_before_fix_info_level\.log:5 /m);
    assert.match(shown(), /BROKE HERE: A composite run ID/);
  });

  it('leads from each line of the document to the line of the log', async () => {
    const result = await traced(COMPOSITE, join(SAMPLES, SEED));
    const { document } = started.fake.editors.active ?? {};
    assert.ok(document);
    const links = (await started.fake.languages.links(document)).filter(({ target }) => target?.scheme === 'file');
    const lines = new Set(links.map(({ target }) => target?.fragment));
    assert.deepEqual(lines, new Set(result.entries.map(({ line }) => `L${line}`)));
    const source = (await readFile(join(SAMPLES, SEED), 'utf8')).split('\n');
    for (const { range, target } of links) {
      assert.ok(target);
      assert.match(document.getText(range), new RegExp(`:${target.fragment.slice(1)}$`));
      assert.match(source[Number(target.fragment.slice(1)) - 1] ?? '', /13679e4dcc38403a|u1/);
    }
  });

  it('finds what each sample shows', async () => {
    const expected: readonly (readonly [file: string, id: string, fault: string | undefined])[] = [
      ['dead_socket.log', COMPOSITE, 'dead-socket'],
      ['healthy.log', COMPOSITE, undefined],
      ['never_associated_shadowed_method.log', THREAD, 'never-associated'],
      ['run_uuid_unresolvable.log', 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760', 'unresolvable-run'],
      ['hyphenated_thread.log', 'thread_dev-temp-cc173c1d_run_1756919162904_9adf1f09', 'validator-mismatch'],
      ['field_excerpts.log', 'thread_374579bdba3c41b8', 'never-associated'],
    ];
    for (const [file, id, fault] of expected) {
      const result = await traced(id, join(SAMPLES, file));
      assert.ok(result.entries.length > 0, file);
      assert.equal(result.broke?.diagnosis?.id, fault, file);
    }
  });

  it('puts rotated and compressed logs together, and takes an excerpt of a compressed one', async () => {
    const lines = (await readFile(join(SAMPLES, SEED), 'utf8')).trim().split('\n');
    write('app.log', `${lines.slice(20).join('\n')}\n`);
    write('app.log.1', `${lines.slice(10, 20).join('\r\n')}\r\n`);
    write('app.log.2.gz', gzipSync(`${lines.slice(0, 10).join('\n')}\n`));
    const result = await traced(COMPOSITE, folder);
    const whole = await traced(COMPOSITE, join(SAMPLES, SEED));
    assert.deepEqual(result.entries.map(({ text, time }) => [text, time]), whole.entries.map(({ text, time }) => [text, time]));
    assert.equal(result.broke?.diagnosis?.id, 'composite-as-thread');
    await traced(COMPOSITE, folder);
    const { document } = started.fake.editors.active ?? {};
    assert.ok(document);
    const links = await started.fake.languages.links(document);
    const packed = links.find(({ range, target }) => document.getText(range) === 'app.log.2.gz:5' && target?.scheme === 'thread-lens');
    assert.ok(packed?.target);
    const excerpt = await started.fake.documents.open(packed.target.with({ fragment: '' }));
    assert.equal(packed.target.fragment, 'L5');
    assert.equal(excerpt.lineAt(4).text, lines[4]);
  });

  it('asks for the ID and where to look when it is given nothing', async () => {
    const { fake } = started;
    write('app.log', await readFile(join(SAMPLES, SEED), 'utf8'));
    await fake.editors.show(await fake.documents.open(fake.api.Uri.file(join(SAMPLES, 'dead_socket.log'))));
    fake.inputs.type(COMPOSITE);
    fake.inputs.pick('The Open File');
    assert.equal((await traced()).broke?.diagnosis?.id, 'dead-socket');
    assert.deepEqual(fake.inputs.asked.at(-1)?.items?.map((item) => item.replaceAll(/\$\([^)]*\) /g, '')), ['The Open File  dead_socket.log', 'Logs of the Workspace  1 file', 'Choose Files…', 'Choose Folder…']);

    fake.inputs.type(COMPOSITE);
    fake.inputs.pick('Choose Files…');
    fake.inputs.choose(join(SAMPLES, 'healthy.log'));
    // The trace that was shown is the active editor now; nothing is at its cursor.
    assert.equal((await traced()).broke, undefined);

    fake.inputs.type(COMPOSITE);
    fake.inputs.pick(undefined);
    assert.equal(await trace(), undefined);
  });

  it('looks into the open log and the logs of the workspace when it is given an ID only', async () => {
    write('app.log', await readFile(join(SAMPLES, SEED), 'utf8'));
    write('notes.txt', COMPOSITE);
    const result = await traced(COMPOSITE);
    assert.equal(result.searched.sources, 1);
    assert.equal(result.entries.length, 29);
    assert.match(started.fake.progress.shown.at(-1)?.title ?? '', /^Tracing thread_13679e4dcc38403a/);
  });

  it('names what cannot be read, with what was expected and received, and goes on', async () => {
    const good = (await readFile(join(SAMPLES, SEED), 'utf8')).trim();
    write('good.log', `${good}\n${'x'.repeat(5_000_000)} ${THREAD} ${'y'.repeat(5_000_000)}\n`);
    write('binary.log', Buffer.from([1, 2, 0, 3]));
    write('cut.log.gz', gzipSync(`${good}\n`).subarray(0, -20));
    mkdirSync(join(folder, 'closed'));
    const gone = write('gone.log', good);
    unlinkSync(gone);
    const files = ['good.log', 'binary.log', 'cut.log.gz'].map((name) => join(folder, name));
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) {
      files.push(write('secret.log', good));
      chmodSync(join(folder, 'secret.log'), 0);
    }
    const result = await traced(COMPOSITE, [...files, gone]);
    const reasons = new Map(result.notes.map(({ source, reason }) => [source, reason]));
    assert.deepEqual(Object.fromEntries(reasons), Object.fromEntries([
      ['binary.log', 'binary'],
      ['cut.log.gz', 'broken-gzip'],
      ['gone.log', 'vanished'],
      ['good.log', 'long-line'],
      ...(isRoot ? [] : [['secret.log', 'unreadable']]),
    ]));
    for (const { message } of result.notes) assert.match(message, /expected .*received /);
    assert.equal(result.broke?.diagnosis?.id, 'composite-as-thread');
    assert.match(shown(), /binary\.log: expected a text log, received binary data/);
    assert.ok(result.entries.some(({ origin }) => origin.label === 'cut.log.gz'), 'what came before the break in the gzip file');
  });

  it('finds nothing without a word too many', async () => {
    const result = await traced('thread_ffffffffffffffff', join(SAMPLES, SEED));
    assert.equal(result.entries.length, 0);
    assert.match(shown(), /Nothing was found/);
  });

  it('keeps secrets out', async () => {
    const log = write('app.log', `2025-09-03 10:26:02.918 | INFO | a:b:1 | call for ${THREAD} with Authorization: Bearer abcdef0123456789abcdef\n`);
    const result = await traced(THREAD, log);
    assert.equal(result.entries.length, 1);
    assert.doesNotMatch(shown() + JSON.stringify(result), /abcdef0123456789/);
  });

  it('takes in what the running router has seen, and marks what it could not deliver', async () => {
    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    const client = await TestClient.connect(`${running.clientUrl}?thread_id=${THREAD}`);
    await started.fake.commands.run('threadLens.simulateDelivery', { runId: COMPOSITE, type: 'agent_started' });
    await client.next((message) => message['type'] === 'agent_started');
    const live = await traced(COMPOSITE, []);
    assert.ok(live.entries.some(({ kind, event, delivered }) => kind === 'frame' && event === 'agent_started' && delivered === true), JSON.stringify(live.entries, undefined, 1));
    assert.ok(live.entries.some(({ marks }) => marks.some(({ kind }) => kind === 'unfinished')));
    await client.close();
    const { document } = started.fake.editors.active ?? {};
    assert.ok(document);
    assert.ok((await started.fake.languages.links(document)).some(({ target }) => target?.scheme === 'command'));
  });

  it('speaks the language of the window, with no English between', async () => {
    await started.end();
    started = await startWorkbench({ workspaceFolders: [folder], l10nBundle: foreignBundle() });
    const seed = (await readFile(join(SAMPLES, SEED), 'utf8')).trim().split('\n');
    const stamp = (ms: number): string => `2025-09-03 10:26:0${(3 + ms / 1000).toFixed(3)} | INFO     | a:b:1 |`;
    write('app.log', [
      ...seed,
      `${stamp(5000)} step of ${THREAD}`,
      `${stamp(5000)} step of ${THREAD}`,
      `${stamp(2000)} {"type": "agent_thinking", "thread_id": "${THREAD}"}`,
      `${stamp(6000)} Connection conn_u1_00000001 disconnected before send`,
      'x'.repeat(5_000_000) + THREAD + 'y'.repeat(5_000_000),
      '',
    ].join('\n'));
    write('binary.log', Buffer.from([1, 2, 0, 3]));
    write('cut.log.gz', gzipSync(seed.join('\n')).subarray(0, -20));
    const running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
    const client = await TestClient.connect(`${running.clientUrl}?thread_id=${THREAD}`);
    await started.fake.commands.run('threadLens.simulateDelivery', { runId: COMPOSITE, type: 'agent_started' });
    await client.next((message) => message['type'] === 'agent_started');
    await client.close();
    for (const [id, where] of [[COMPOSITE, folder], [THREAD, [folder, join(folder, 'gone.log')]], ['thread_ffffffffffffffff', folder]] as const) {
      const result = await traced(id, where);
      assert.deepEqual(untranslatedIn(shown(), saidByOthers(result)), []);
      assert.doesNotMatch(started.fake.editors.active?.document.uri.path ?? '', /Trace/);
    }
    const kinds = new Set((await traced(THREAD, folder)).entries.flatMap(({ marks }) => marks.map(({ kind }) => kind)));
    assert.deepEqual([...kinds].sort(), ['broke', 'clock', 'duplicate', 'fault', 'gap', 'unfinished'], 'the log has something of everything');
  });

  it('refuses folders that are none', async () => {
    await assert.rejects(trace(COMPOSITE, [7]), /folders: expected paths or URIs, received number/);
  });
});
