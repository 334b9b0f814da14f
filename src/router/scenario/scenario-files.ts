import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../core/message-of';
import { SCENARIO_LIMITS } from '../../core/scenario/scenario-limits';

export const SCENARIO_SUFFIX = '.threadlens.json';

/** No UTF-16 unit takes more bytes. */
const MOST_BYTES = 3 * SCENARIO_LIMITS.characters;

/** The scenario named cannot be read; the message says what was expected and received. */
export class ScenarioFileError extends Error {
  override readonly name = 'ScenarioFileError';
  readonly reason = 'unreadable';
}

/** Where the scenarios lie that come with the router. */
export function shippedFolder(bundle = __filename): string {
  return join(dirname(bundle), '..', 'media', 'scenarios');
}

/** The names of the shipped scenarios, sorted. */
export async function shippedNames(folder = shippedFolder()): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => file.endsWith(SCENARIO_SUFFIX)).map((file) => file.slice(0, -SCENARIO_SUFFIX.length)).sort();
}

/**
 * The text of a scenario: a name without folder and without `.json` is that of a shipped one, everything else a file.
 * @throws {ScenarioFileError}
 */
export async function readScenarioFile(fileOrName: string, folder = shippedFolder()): Promise<{ readonly name: string; readonly text: string }> {
  const isName = basename(fileOrName) === fileOrName && !fileOrName.endsWith('.json');
  const file = isName ? join(folder, fileOrName + SCENARIO_SUFFIX) : fileOrName;
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new ScenarioFileError(`${fileOrName}: expected at most ${MOST_BYTES} bytes, received ${size}`);
    return { name: basename(file).replace(/(?:\.threadlens)?\.json$/, ''), text: await readFile(file, 'utf8') };
  } catch (error) {
    if (error instanceof ScenarioFileError) throw error;
    if (isName) throw new ScenarioFileError(`expected a file or one of ${(await shippedNames(folder)).join(', ')}; received ${JSON.stringify(fileOrName)}`);
    throw new ScenarioFileError(`${fileOrName}: ${messageOf(error)}`);
  }
}
