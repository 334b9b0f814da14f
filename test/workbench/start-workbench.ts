import { join } from 'node:path';
import { Workbench, type WorkbenchOptions } from '../../src/workbench/workbench';
import { ROOT } from '../harness/repository';
import { bundleRouter } from '../harness/router-bundle';
import { createFakeVscode, type FakeVscode, type FakeVscodeOptions } from './fake/fake-vscode';

/** tsx loads the sources themselves. */
export const INSIGHT_FILE = join(ROOT, 'src', 'workbench', 'insight', 'insight.ts');
let bundled: Promise<string> | undefined;

export interface Started {
  readonly fake: FakeVscode;
  readonly workbench: Workbench;
  /** Ends the window; fails when the extension left anything behind. */
  readonly end: () => Promise<void>;
}

/** The whole extension on a fake VS Code, with the real router on a free port. */
export async function startWorkbench(options: FakeVscodeOptions & Pick<WorkbenchOptions, 'routerFile' | 'now'> = {}): Promise<Started> {
  const routerFile = options.routerFile ?? (await (bundled ??= bundleRouter(join(ROOT, 'out', 'test'), { sourcemap: 'inline' })));
  const fake = createFakeVscode({ ...options, settings: { 'threadLens.router.port': 0, ...options.settings } });
  const workbench = new Workbench(fake.api, fake.context, { routerFile, insightFile: INSIGHT_FILE, ...(options.now ? { now: options.now } : {}) });
  fake.context.subscriptions.push(workbench);
  return {
    fake,
    workbench,
    end: async () => {
      await workbench.stop();
      await fake.dispose();
    },
  };
}
