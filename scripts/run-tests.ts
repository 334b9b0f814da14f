// The stages of `npm test`, run on Node 24 after the installation. See --help.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../test/harness/browser';
import { ensureCodeServer } from '../test/harness/code-server';
import { ROOT } from '../test/harness/repository';
import { say, seconds, step } from './lib/progress.mjs';
import { STAGES, type Stage, type StageResult } from './test-stages';

const HELP = `npm test -- [options]

  --only <stages>  comma-separated, of: ${STAGES.map(({ name }) => name).join(', ')}; host and e2e build first
  --electron       run the host suites in a desktop VS Code (downloaded) instead of the browser-based one
  --help           this`;

const EXTENSION = join(ROOT, 'dist', 'extension.js');

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, electron: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const electron = values.electron === true;
  const stages = chooseStages(values.only ?? (electron ? 'host' : undefined));
  const started = performance.now();
  const editor = stages.some((stage) => stage.needsEditor) && !(electron && !stages.some(({ name }) => name === 'e2e')) ? prepareEditor() : undefined;
  editor?.catch(() => undefined); // Told by the stages that need it.

  let passed = 0;
  let failed = 0;
  const broken: string[] = [];
  for (const stage of stages) {
    const result = await runStage(stage, { electron, editor });
    passed += result.passed;
    failed += result.failed;
    if (result.failed > 0) broken.push(stage.name);
  }
  say(`\n${broken.length === 0 ? 'All stages passed' : `Failed: ${broken.join(', ')}`} in ${seconds(started)}`);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function chooseStages(only: string | undefined): readonly Stage[] {
  if (only === undefined) return STAGES;
  const names = new Set(only.split(',').map((name) => name.trim()));
  for (const name of names) {
    if (!STAGES.some((stage) => stage.name === name)) {
      throw new Error(`--only expects ${STAGES.map((stage) => stage.name).join(', ')}; received ${JSON.stringify(name)}`);
    }
  }
  if (names.has('host') || names.has('e2e')) names.add('build');
  return STAGES.filter((stage) => names.has(stage.name));
}

/** The VS Code and the browser are fetched while the stages that need neither run. */
async function prepareEditor(): Promise<void> {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  await step('Preparing VS Code and Chromium', async () => {
    await Promise.all([ensureCodeServer(note), ensureBrowser(note)]);
    return notes.join('; ');
  });
}

interface StageContext {
  readonly electron: boolean;
  readonly editor: Promise<void> | undefined;
}

/** Runs one stage and prints one line, and its whole output when it failed. */
async function runStage(stage: Stage, { electron, editor }: StageContext): Promise<StageResult> {
  const started = performance.now();
  let result: StageResult;
  try {
    // A build over its budget has failed, and can be tried all the same.
    if (stage.needsEditor && !existsSync(EXTENSION)) throw new Error(`not run: there is no ${EXTENSION}`);
    // Its messages say what is missing and what to do about it; where in our code they arose does not help.
    if (stage.needsEditor) await editor?.catch((error: unknown) => Promise.reject(new StageFailure({ passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) })));
    result = await step(`${stage.name}: ${stage.title}`, async () => {
      const ended = await stage.run({ electron });
      if (ended.failed > 0) throw new StageFailure(ended);
      return ended;
    });
    say(`  ${countText(result)}`);
    if (result.unsteady !== undefined) say(`  UNSTEADY: these failed, and passed when their files ran once more:\n\n${result.unsteady}\n`);
  } catch (error) {
    result = error instanceof StageFailure ? error.result : { passed: 0, failed: 1, output: messageOf(error) };
    say(`  ${countText(result)} after ${seconds(started)}\n\n${result.output}\n`);
  }
  return result;
}

class StageFailure extends Error {
  constructor(readonly result: StageResult) {
    super('stage failed');
  }
}

function countText({ passed, failed, skipped = 0, note = '' }: StageResult): string {
  return [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`, note].filter(Boolean).join(', ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
