import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { ThreadLensApi } from '../../../src/workbench/api';
import { ROOT } from '../../harness/repository';
import { createFakeVscode } from '../../workbench/fake/fake-vscode';

const BUILT = join(ROOT, 'dist', 'extension.js');
const LATE = ['core.js', 'redaction.js', 'insight.js', 'recordings.js', 'scenarios.js'].map((file) => join(ROOT, 'dist', file));

interface Extension {
  activate(context: vscode.ExtensionContext): ThreadLensApi;
  deactivate(): Promise<void>;
}

/** Node's own, which hosts replace to hand out `vscode` too. */
interface ModuleLoader {
  _load: (this: unknown, request: string, ...rest: readonly unknown[]) => unknown;
}

describe('the extension as it is built', () => {
  it('activates without what is loaded late, and has core when somebody asks', async () => {
    assert.ok(existsSync(BUILT), `expected a build, found no ${BUILT}: npm run build`);
    const fake = createFakeVscode();
    const require = createRequire(__filename);
    const loader = Module as unknown as ModuleLoader;
    const load = loader._load;
    loader._load = (request, ...rest) => (request === 'vscode' ? { __esModule: true, ...fake.api } : load.call(loader, request, ...rest));
    for (const file of [BUILT, ...LATE]) delete require.cache[file];
    try {
      const extension = require(BUILT) as Extension;
      const api = extension.activate(fake.context);
      assert.deepEqual(LATE.filter((file) => require.cache[file] !== undefined), []);
      assert.equal(api.decode('thread_13679e4dcc38403a_run_1756919162904_9adf1f09')?.threadId, 'thread_13679e4dcc38403a');
      assert.deepEqual(LATE.filter((file) => require.cache[file] !== undefined), LATE.slice(0, 2));
      await extension.deactivate();
      await fake.dispose();
    } finally {
      loader._load = load;
    }
  });
});
