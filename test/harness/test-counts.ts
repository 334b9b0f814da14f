import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestCounts extends Counts {
  /** By test file; a failed hook counts as a failed test of its file. */
  readonly files: Readonly<Record<string, Counts>>;
}

/** Environment variable by which count-reporter.cjs learns where to write. */
const VARIABLE = 'THREAD_LENS_TEST_RESULTS';

/**
 * Runs a process that runs mocha with count-reporter.cjs, and answers what it counted: undefined when mocha did not come
 * to its end.
 */
export async function withTestCounts<T>(
  runMocha: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<{ result: T; counts: TestCounts | undefined }> {
  const folder = await temporaryFolder();
  try {
    const file = join(folder.path, 'counts.json');
    const result = await runMocha({ [VARIABLE]: file });
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return { result, counts: text === undefined ? undefined : countTests(JSON.parse(text) as TestCounts['files']) };
  } finally {
    await folder.remove();
  }
}

/** The counts of all files together. */
export function countTests(files: TestCounts['files']): TestCounts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of Object.values(files)) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return { ...sum, files };
}
