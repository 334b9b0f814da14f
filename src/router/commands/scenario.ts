import type { Scenario, ScenarioReport, VariantName } from '../../core/index';
import { loadScenarios, type Scenarios } from '../scenario/load-scenarios';
import { ROUTER_PARTS } from '../scenario/router-parts';
import { readScenarioFile, ScenarioFileError, shippedNames } from '../scenario/scenario-files';
import { type Command, EXIT, readOptions, say, UsageError } from './command';
import { untilSignal } from './signals';

const USAGE = `Usage: node router.js scenario [options] FILE|NAME...
       node router.js scenario --list

Runs scripted agents and clients at routers of their own and says what reached whom. A scenario is a *.threadlens.json file or the name
of one that comes with the router.

  --list                list the scenarios that come with the router
  --variant NAME        fault or fix (default: both)
  --speed N             N times faster; max leaves pauses out (default 1)
  --json                print one JSON report a line
  --quiet               print one line a scenario

Exit code 0: all went as expected; 1: something did not; 2: arguments or a file cannot be used.
`;

/** `node router.js scenario`: runs scenarios and answers whether all went as they expect. */
export const scenario: Command = {
  name: 'scenario',
  summary: 'run scripted agents and clients, and check what reached whom',
  usage: USAGE,
  async run(args) {
    const { list, variant, speed, json, quiet, names } = readArguments(args);
    const scenarios = loadScenarios();
    if (list) return printList(scenarios);
    const loaded: Scenario[] = [];
    for (const name of names) loaded.push(await load(name, scenarios));
    const interrupted = untilSignal();
    try {
      let passed = true;
      for (const one of loaded) {
        if (interrupted.signal.aborted) return EXIT.failed;
        const report = await run(one, scenarios, { variant, speed, signal: interrupted.signal });
        passed &&= report.passed;
        process.stdout.write(json ? `${JSON.stringify(report)}\n` : quiet ? `${scenarios.renderVerdict(report)}\n` : `${scenarios.renderReport(report)}\n`);
      }
      return passed ? EXIT.ok : EXIT.failed;
    } finally {
      interrupted.release();
    }
  },
};

interface ScenarioArguments {
  readonly list: boolean;
  readonly variant: VariantName | undefined;
  readonly speed: number;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly names: readonly string[];
}

function readArguments(args: readonly string[]): ScenarioArguments {
  const { values, positionals } = readOptions(
    args,
    {
      list: { type: 'boolean', default: false },
      variant: { type: 'string' },
      speed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
    },
    true,
  );
  const { list, variant, json, quiet } = values;
  if (variant !== undefined && variant !== 'fault' && variant !== 'fix') throw new UsageError(`--variant: expected fault or fix, received ${JSON.stringify(variant)}`);
  const speed = values.speed === 'max' ? Infinity : Number(values.speed);
  if (!(speed > 0)) throw new UsageError(`--speed: expected a number above 0 or max, received ${JSON.stringify(values.speed)}`);
  if (!list && positionals.length === 0) throw new UsageError('expected a scenario file or name; --list says which names there are');
  return { list, variant, speed, json, quiet, names: positionals };
}

async function printList({ parseScenarioText }: Scenarios): Promise<number> {
  for (const name of await shippedNames()) {
    const { text } = await readScenarioFile(name);
    process.stdout.write(`${name.padEnd(28)}${parseScenarioText(text).scenario?.name ?? ''}\n`);
  }
  return EXIT.ok;
}

/** @throws {UsageError} for a file that cannot be read or is no scenario. */
async function load(name: string, { parseScenarioText }: Scenarios): Promise<Scenario> {
  let text: string;
  try {
    ({ text } = await readScenarioFile(name));
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    throw new UsageError(error.message);
  }
  const { scenario: read, problems } = parseScenarioText(text);
  if (read) return read;
  throw new UsageError(problems.map(({ path, expected, received }) => `${name}: ${path === '' ? '' : `${path}: `}expected ${expected}, received ${received}`).join('\n'));
}

async function run(one: Scenario, { runScenario }: Scenarios, options: { readonly variant: VariantName | undefined; readonly speed: number; readonly signal: AbortSignal }): Promise<ScenarioReport> {
  try {
    return await runScenario(one, ROUTER_PARTS, options);
  } catch (error) {
    // Errors of the other bundle have classes of its own.
    if (error instanceof Error && 'reason' in error && error.reason === 'bad_setup') throw new UsageError(`${one.name}: ${error.message}`);
    if (error instanceof RangeError) throw new UsageError(`${one.name}: ${error.message}`);
    say(`${one.name} could not be run`);
    throw error;
  }
}
