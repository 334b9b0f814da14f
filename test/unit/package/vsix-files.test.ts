import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vsixFiles } from '../../../scripts/lib/vsix';
import { ROOT } from '../../harness/repository';

const GOLDEN = join(ROOT, 'test', 'fixtures', 'vsix-files.txt');
const BUILT = join(ROOT, 'dist', 'extension.js');

/** What it weighs and how it installs, test/e2e/vsix.test.ts tells. */
describe('the VSIX', () => {
  let files: readonly string[];

  before(async function () {
    this.timeout(60_000);
    assert.ok(existsSync(BUILT), `expected a build, found no ${BUILT}: npm run build`);
    files = await vsixFiles();
  });

  it('holds these files and no others', () => {
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, `${files.join('\n')}\n`);
    assert.deepEqual(files, readFileSync(GOLDEN, 'utf8').trim().split('\n'), 'UPDATE_GOLDEN=1 takes over what is meant');
  });

  it('holds the licence of each package that is bundled', () => {
    const { outputs } = JSON.parse(readFileSync(join(ROOT, 'out', 'metafile.json'), 'utf8')) as { outputs: Record<string, { inputs: Record<string, unknown> }> };
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
    const packages = new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
    const notices = readFileSync(join(ROOT, 'ThirdPartyNotices.txt'), 'utf8');
    assert.ok(packages.has('ws') && files.includes('ThirdPartyNotices.txt'));
    for (const name of packages) assert.ok(notices.includes(readFileSync(join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8').trim()), name);
  });

  it('holds every file that the manifest and the README name, but pictures, which VS Code would not show', () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const named = [
      ...Array.from(manifest.matchAll(/"\.?\/?((?:dist|media|l10n)\/[\w./-]+\.\w+)"/g), ([, file = '']) => file),
      ...Array.from(readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/\]\((media\/[^)#]+(?<!\.png))\)/g), ([, file = '']) => file),
    ];
    assert.ok(named.length > 5, 'some are named');
    assert.deepEqual(named.filter((file) => !files.includes(file)), []);
  });
});
