import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { Workbench, type WorkbenchOptions } from '../../src/workbench/workbench';
import { ROOT } from '../harness/repository';
import { createFakeVscode, type FakeVscode, type FakeVscodeOptions } from './fake/fake-vscode';

const ROUTER_FILE = join(ROOT, 'out', 'test', 'router.js');
/** tsx loads the sources themselves. */
export const INSIGHT_FILE = join(ROOT, 'src', 'workbench', 'insight', 'insight.ts');
let bundled: Promise<string> | undefined;

/** The router as it ships, with what lies beside it, bundled from the sources under test. */
function bundleRouter(): Promise<string> {
  bundled ??= build({
    entryPoints: {
      router: join(ROOT, 'src', 'router', 'main.ts'),
      scenarios: join(ROOT, 'src', 'router', 'scenario', 'scenarios.ts'),
      recordings: join(ROOT, 'src', 'router', 'recording', 'recordings.ts'),
    },
    outdir: dirname(ROUTER_FILE),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'warning',
  }).then(() => ROUTER_FILE);
  return bundled;
}

export interface Started {
  readonly fake: FakeVscode;
  readonly workbench: Workbench;
  /** Ends the window; fails when the extension left anything behind. */
  readonly end: () => Promise<void>;
}

/** The whole extension on a fake VS Code, with the real router on a free port. */
export async function startWorkbench(options: FakeVscodeOptions & Pick<WorkbenchOptions, 'routerFile' | 'now'> = {}): Promise<Started> {
  const routerFile = options.routerFile ?? (await bundleRouter());
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
