import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContractFile } from '../../../src/workbench/formats/contract-file';
import { jsonPlaces, placeOf } from '../../../src/workbench/formats/json-places';
import { poll } from '../../harness/poll';
import { createFakeVscode, type FakeVscodeOptions } from '../fake/fake-vscode';
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

  it('leave regular expressions out until the workspace is trusted', async () => {
    await contract(JSON.stringify({ version: 1, formats: [{ name: 'raw', label: 'Raw run', pattern: String.raw`job_(?<thread>[a-z]+)_\d{4}` }] }));
    await start({ trusted: false });
    const { fake } = started;
    await poll('a problem', () => fake.languages.diagnostics.at(contractUri()).length === 1, { timeoutMs: 8000, everyMs: 20 });
    assert.match(fake.languages.diagnostics.at(contractUri())[0]!.message, /trusted workspace/);
    assert.notEqual(await decoded('job_abc_1234'), 'Raw run');
    fake.grantTrust();
    await untilDecoded('job_abc_1234', 'Raw run');
    assert.deepEqual(fake.languages.diagnostics.at(contractUri()), []);
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
