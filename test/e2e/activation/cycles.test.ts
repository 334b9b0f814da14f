import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleSuites } from '../../harness/host-bundle';
import { runHostSuite } from '../../harness/host-suite';
import { ROOT } from '../../harness/repository';
import { temporaryFolder } from '../../harness/temporary-folder';

/** VS Code activates an extension once; so this one is a stub that hands its context to a suite, which does it a hundred times. */
describe('activation in a real VS Code', () => {
  it('leaves nothing behind, a hundred times', async function () {
    this.timeout(240_000);
    const { path, remove } = await temporaryFolder();
    const extension = join(path, 'extension');
    for (const part of ['dist', 'media', 'l10n', 'package.nls.json']) await cp(join(ROOT, part), join(extension, part), { recursive: true });
    const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(extension, 'package.json'), JSON.stringify({ ...manifest, main: './stub.js' }));
    await writeFile(join(extension, 'stub.js'), 'exports.activate = (context) => context;\n');
    const suite = await bundleSuites(['test/e2e/activation/cycles-suite.ts'], join(ROOT, 'out', 'host', 'cycles.js'));
    const workspace = join(path, 'work');
    await cp(join(ROOT, 'demo', 'logs'), workspace, { recursive: true });
    const result = await runHostSuite({ extensionPath: extension, suite, workspace, settings: { 'threadLens.router.port': 0 }, timeoutMs: 200_000 });
    assert.deepEqual([result.passed, result.failed, result.exitCode], [1, 0, 0], result.output);
    await remove();
  });
});
