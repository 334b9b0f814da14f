import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
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
    return { result, counts: text === undefined ? undefined : (JSON.parse(text) as TestCounts) };
  } finally {
    await folder.remove();
  }
}
