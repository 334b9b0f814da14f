import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContractFile } from '../../../src/workbench/formats/contract-file';
import { jsonPlaces, placeOf } from '../../../src/workbench/formats/json-places';
import { poll } from '../../harness/poll';
import { createFakeVscode, type FakeVscodeOptions } from '../fake/fake-vscode';
import { QuickPick } from '../fake/quick-input';
import { type Started, startWorkbench } from '../start-workbench';

const ORDER = { name: 'order', template: 'order-{thread}-{ms13}-{hex8}', label: 'Order run' };
const ID = 'order-abc-1756919162904-9adf1f09';

describe('formats of the workspace', () => {
  let started: Started;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thread-lens-formats-'));
    await mkdir(join(folder, '.vscode'));
  });

  afterEach(async () => {
    await started.end();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (options: FakeVscodeOptions = {}): Promise<void> => {
    started = await startWorkbench({ workspaceFolders: [folder], ...options });
  };
  const contract = (text: string): Promise<void> => writeFile(join(folder, '.vscode/thread-lens.json'), text);
  const contractUri = () => started.fake.api.Uri.file(join(folder, '.vscode/thread-lens.json'));
  const decoded = async (id: string): Promise<string | undefined> =>
    (await started.fake.commands.run<{ label: string } | undefined>('threadLens.decodeId', id))?.label;
  const untilDecoded = (id: string, label: string | undefined): Promise<unknown> =>
    poll(`${id} to be ${label ?? 'nothing'}`, async () => (await decoded(id)) === label, { timeoutMs: 8000, everyMs: 20 });

  it('come from the settings, at once, for decoding, links and hovers', async () => {
    await start({ settings: { 'threadLens.idFormats': [ORDER] } });
    const { fake } = started;
    assert.equal(await decoded(ID), 'Order run');
    assert.deepEqual((await fake.terminalLinks.at(`got ${ID}.`)).map(({ text }) => text), [ID]);
    const document = await fake.documents.open({ content: ID });
    assert.match(await fake.languages.hoverText(document, new fake.api.Position(0, 3)), /Order run/);
    fake.configuration.set('threadLens.idFormats', []);
    assert.notEqual(await decoded(ID), 'Order run');
  });

  it('come from the contract file, and follow it', async () => {
    await contract(JSON.stringify({ version: 1, formats: [ORDER] }));
    await start();
    const { fake } = started;
    await untilDecoded(ID, 'Order run');
    await contract(JSON.stringify({ version: 1, formats: [{ ...ORDER, label: 'Sale run' }] }));
    fake.fileWatchers.tell('changed', fake.api.Uri.file(join(folder, '.vscode/thread-lens.json')));
    await untilDecoded(ID, 'Sale run');
    await rm(join(folder, '.vscode/thread-lens.json'));
    fake.fileWatchers.tell('deleted', fake.api.Uri.file(join(folder, '.vscode/thread-lens.json')));
    await poll('the format to be gone', async () => (await decoded(ID)) !== 'Sale run', { timeoutMs: 8000, everyMs: 20 });
  });

  it('take what is right in a contract file and mark what is wrong, where it stands', async () => {
    const text = JSON.stringify({ version: 1, formats: [ORDER, { name: 'bad', template: 'x-{nothing' }], extra: 1 }, undefined, 2);
    await contract(text);
    await start();
    const { fake } = started;
    await untilDecoded(ID, 'Order run');
    const problems = fake.languages.diagnostics.at(contractUri());
    assert.deepEqual(problems.map(({ code }) => code), ['extra', 'formats[1].template']);
    const document = await fake.documents.open(contractUri());
    assert.equal(document.getText(problems[1]!.range), '"x-{nothing"');
    assert.match(problems[1]!.message, /^Expected a template such as .+, received "x-\{nothing"/);
  });

  it('say of a file that is no JSON that it is none', async () => {
    await contract('{ "version": 1, ');
    await start();
    await poll('a problem', () => started.fake.languages.diagnostics.at(contractUri()).length === 1, { timeoutMs: 8000, everyMs: 20 });
  });

  it('of the workspace settings count only in a trusted workspace', async () => {
    await start({ trusted: false, settings: { 'threadLens.idFormats': [{ name: 'raw', label: 'Raw run', pattern: String.raw`job_(?<thread>[a-z]+)_\d{4}` }] } });
    const { fake } = started;
    assert.notEqual(await decoded('job_abc_1234'), 'Raw run', 'a regular expression of the user');
    fake.grantTrust();
    assert.equal(await decoded('job_abc_1234'), 'Raw run');
    await started.end();
    await start({ trusted: false });
    started.fake.configuration.set('threadLens.idFormats', [ORDER], 'workspace');
    assert.notEqual(await decoded(ID), 'Order run', 'a setting of the workspace');
    started.fake.grantTrust();
    assert.equal(await decoded(ID), 'Order run');
  });

  it('of the contract file count only in a trusted workspace', async () => {
    await contract(JSON.stringify({ version: 1, formats: [ORDER, { name: 'raw', label: 'Raw run', pattern: String.raw`job_(?<thread>[a-z]+)_\d{4}` }] }));
    await start({ trusted: false });
    const { fake } = started;
    await fake.commands.run('threadLens.traceRun', ID, []);
    assert.notEqual(await decoded(ID), 'Order run');
    assert.notEqual(await decoded('job_abc_1234'), 'Raw run');
    fake.grantTrust();
    await untilDecoded('job_abc_1234', 'Raw run');
    assert.equal(await decoded(ID), 'Order run');
    assert.deepEqual(fake.languages.diagnostics.at(contractUri()), []);
  });

  describe('are what every surface reads by', () => {
    const MISS = `2025-09-03 17:06:03.009 | WARNING  | manager:_get_thread_connections:1186 | No connections found for thread ${ID}. Active connections: 1`;
    const UNRESOLVED = `2025-09-03 17:06:03.010 | ERROR    | bridge:_resolve:1 | 🚨 PRIORITY 5 RESOLUTION FAILURE: Unable to resolve thread_id for run_id=${ID} after trying all 5 priorities`;
    const LOG = `${MISS}\n${UNRESOLVED}\n`;
    const formats = { 'threadLens.idFormats': [ORDER, { name: 'room', template: 'room-{thread}', kind: 'thread', label: 'Room' }] };

    it('the hover on a log line, and its actions', async () => {
      await start({ settings: formats });
      const { fake } = started;
      const document = await fake.documents.open({ content: LOG, language: 'log' });
      const onEvent = await fake.languages.hoverText(document, new fake.api.Position(0, MISS.indexOf('No connections') + 4));
      assert.match(onEvent, /run ID was used as the thread key; connections listen on `?abc/);
      assert.match(onEvent, /threadLens\.copyId\?%5B%22abc%22%5D/);
      assert.match(await fake.languages.hoverText(document, new fake.api.Position(1, UNRESOLVED.indexOf(ID) + 4)), /`order-abc-1756919162904-9adf1f09` is in the format "order" and names abc/);
    });

    it('Explain, for the line and for the ID', async () => {
      await start({ settings: formats });
      const { fake } = started;
      const [fault] = await fake.commands.run<readonly { id: string; expected: string }[]>('threadLens.explainRouting', MISS);
      assert.deepEqual([fault?.id, fault?.expected], ['composite-as-thread', 'abc']);
      const [unresolved] = await fake.commands.run<readonly { id: string; threadId: string }[]>('threadLens.explainRouting', ID);
      assert.deepEqual([unresolved?.id, unresolved?.threadId], ['unresolvable-run', 'abc']);
      assert.match(fake.editors.active?.document.getText() ?? '', /Order run/);
      const room = await fake.commands.run<readonly { id: string }[]>('threadLens.explainRouting', MISS.replace(ID, 'room-7'));
      assert.ok(room.every(({ id }) => id !== 'prefix-mismatch' && id !== 'composite-as-thread'), JSON.stringify(room));
    });

    it('Trace, which follows the thread that the ID names', async () => {
      await start({ settings: formats });
      await writeFile(join(folder, 'app.log'), `${LOG}${MISS.replace(ID, 'order-abd-1756919162904-9adf1f09')}\n`);
      const trace = await started.fake.commands.run<{ threadIds: string[]; entries: { line: number }[]; broke: { diagnosis: { id: string } } }>('threadLens.traceRun', ID, folder);
      assert.deepEqual(trace.threadIds, ['abc']);
      assert.deepEqual(trace.entries.map(({ line }) => line), [1, 2]);
      assert.equal(trace.broke.diagnosis.id, 'composite-as-thread');
    });

    it('the log doctor and its fixes, which follow a change', async () => {
      await start();
      const { fake } = started;
      const document = fake.documents.add(fake.api.Uri.file('/logs/app.log'), LOG, 'log');
      await fake.editors.show(document);
      const messages = (): string => fake.languages.diagnostics.at(document.uri).map(({ message }) => message).join('\n');
      await poll('the log to be diagnosed', () => messages() !== '', { timeoutMs: 8000, everyMs: 20 });
      assert.doesNotMatch(messages(), /abc,/);
      fake.configuration.set('threadLens.idFormats', formats['threadLens.idFormats']);
      await poll('the format to count', () => /used as the thread key; connections listen on abc,/.test(messages()), { timeoutMs: 8000, everyMs: 20 });
      const fixes = await fake.languages.codeActions(document, new fake.api.Range(0, 0, 0, 5));
      assert.ok(fixes.some(({ title }) => title === 'Copy thread ID abc'), fixes.map(({ title }) => title).join());
    });

    it('Simulate and Generate, which take what the cursor is on', async () => {
      await start({ settings: formats });
      const { fake } = started;
      await fake.commands.run('threadLens.router.start');
      const document = await fake.documents.open({ content: 'at room-7 now' });
      await fake.editors.show(document);
      fake.editors.select(0, 5);
      fake.inputs.pick(undefined);
      await fake.commands.run('threadLens.simulateDelivery');
      assert.equal(fake.inputs.last(QuickPick).items[0]?.label, 'room-7');
    });
  });
});

describe('places in JSON', () => {
  const text = '{\n  "version": 1,\n  "formats": [ { "name": "a" }, { "name": "b, {c}", "examples": ["x", "y"] } ]\n}';
  const at = (path: string): string => {
    const { start, end } = placeOf(jsonPlaces(text), path);
    return text.slice(start, end);
  };

  it('are those of the values', () => {
    assert.equal(at('version'), '1');
    assert.equal(at('formats[1].name'), '"b, {c}"');
    assert.equal(at('formats[1].examples[1]'), '"y"');
    assert.equal(at('formats[0]'), '{ "name": "a" }');
    assert.equal(at(''), text);
  });

  it('are those around what is missing, also in a text that breaks off', () => {
    assert.equal(at('formats[0].template'), '{ "name": "a" }');
    assert.equal(at('formats[9].template'), text.slice(text.indexOf('['), text.lastIndexOf(']') + 1));
    const broken = '{"formats": [{"name": "a"';
    const { start } = placeOf(jsonPlaces(broken), 'formats[0].name');
    assert.equal(broken.slice(start), '"a"');
  });

  it('reads hostile contract files in bounded time and memory', () => {
    const { api } = createFakeVscode();
    const largest = 250_000;
    const files = {
      'deeply nested': '['.repeat(largest),
      'deeply nested members': '{"a":'.repeat(largest / 5),
      'thousands of unknown members': `{"version":1${Array.from({ length: 15_000 }, (_, i) => `,"m${i}":${i}`).join('')}}`,
      'a name as long as the file, and thousands of values under it': `{"version":1,"${'a'.repeat(largest / 2)}":[${'1,'.repeat(largest / 4)}1]}`,
      'a name of nothing but dots': `{"version":1,"${'.'.repeat(largest)}":1}`,
      'formats with long names': `{"version":1,"formats":[{"name":"${'n'.repeat(largest)}","template":"x"}]}`,
    };
    for (const [what, text] of Object.entries(files)) {
      const { formats, diagnostics } = readContractFile(api, Buffer.from(text));
      assert.deepEqual(formats, [], what);
      assert.ok(diagnostics.length >= 1 && diagnostics.length <= 100, what);
      for (const { message, code } of diagnostics) assert.ok(message.length < 1_000 && typeof code === 'string' && code.length < 1_000, what);
    }
  });
});
