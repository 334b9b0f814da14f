import assert from 'node:assert/strict';
import path from 'node:path';
import { parseScenarioText, recogniseLogMessage, type Scenario } from '../../../../src/core/index';
import { renderReport } from '../../../../src/core/scenario/render-report';
import { ROUTER_PARTS } from '../../../../src/router/scenario/router-parts';
import { runScenario } from '../../../../src/router/scenario/run-scenario';
import { readScenarioFile, shippedNames } from '../../../../src/router/scenario/scenario-files';

const folder = path.resolve(__dirname, '../../../../media/scenarios');

/** Every fault that a router can show (DOMAIN 5, FIELD_GUIDE 6.1), each with the scenario that shows it. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  'composite-as-thread': ['composite-as-thread'],
  'never-associated': ['never-associated'],
  'late-association': ['late-association'],
  'thread-stealing': ['thread-stealing'],
  'unresolvable-run': ['unresolvable-run'],
  'registry-expired': ['registry-expired'],
  'poisoned-registry': ['poisoned-registry'],
  'fallback-to-run-id': ['fallback-to-run-id'],
  'prefix-mismatch': ['prefix-mismatch'],
  'doubled-prefix': ['doubled-prefix'],
  'validator-mismatch': ['validator-mismatch'],
  'word-blacklist': ['word-blacklist'],
  'timestamp-as-thread': ['timestamp-as-thread'],
  'false-extraction': ['false-extraction'],
  'dead-socket': ['dead-socket', 'stalled-reader'],
  'phantom-success': ['phantom-success'],
  'id-mismatch': ['id-mismatch'],
  'connection-expired': ['connection-expired'],
  'disconnect-closes-all-tabs': ['disconnect-closes-all-tabs'],
  'type-rewritten': ['type-rewritten'],
  'switch-thread-ignored': ['switch-thread-ignored'],
  'reconnect-lost-association': ['reconnect-lost-association'],
  'duplicate-events': ['duplicate-events'],
  'missing-critical-events': ['dropped-event', 'reordered-events'],
  'late-event': ['late-event'],
  'sub-agent-lost': ['sub-agent-lost'],
  'wrong-thread': ['wrong-thread'],
  'client-without-thread': ['client-without-thread'],
};

describe('shipped scenarios', () => {
  const scenarios = new Map<string, Scenario>();

  before(async () => {
    for (const name of await shippedNames(folder)) {
      const { scenario, problems } = parseScenarioText((await readScenarioFile(name, folder)).text);
      assert.deepEqual(problems, [], name);
      scenarios.set(name, scenario!);
    }
  });

  it('show every fault that a router can show, and the healthy run', () => {
    const byFault = new Map<string, string[]>();
    for (const [name, { fault }] of scenarios) if (fault !== undefined) byFault.set(fault, [...(byFault.get(fault) ?? []), name]);
    assert.deepEqual(Object.fromEntries(byFault), FAULTS);
    for (const name of ['healthy-run', 'several-threads', 'delayed-event']) assert.ok(scenarios.has(name), name);
  });

  // The files are read when the suite runs, so that one that is added is run.
  it('show their fault and its cure, each at a real router', async function () {
    this.timeout(120_000);
    for (const [name, scenario] of scenarios) {
      const report = await runScenario(scenario, ROUTER_PARTS, { speed: 2 });
      assert.ok(report.passed, `${name}\n${renderReport(report)}`);
      // What the original backend would have logged is what the log doctor knows.
      for (const line of report.variants.flatMap(({ log }) => log)) assert.ok(recogniseLogMessage(line), line);
      if (scenario.variants === undefined) continue;
      assert.deepEqual(report.variants.map(({ variant }) => variant), ['fault', 'fix'], name);
      for (const { variant, assertions } of report.variants) {
        assert.ok(assertions.some(({ path: at }) => at.startsWith('clients.')), `${name} ${variant}: says what reaches its clients`);
      }
    }
  });

  it('would fail with the variants changed places: each sees a difference', async function () {
    this.timeout(120_000);
    for (const [name, scenario] of scenarios) {
      const { fault, fix } = scenario.variants ?? {};
      if (!fault || !fix) continue;
      const swapped: Scenario = { ...scenario, variants: { fault: { ...fault, expect: fix.expect! }, fix: { ...fix, expect: fault.expect! } } };
      // Without their pauses some would show nothing.
      const report = await runScenario(swapped, ROUTER_PARTS, { speed: 2 });
      for (const { variant, passed } of report.variants) assert.equal(passed, false, `${name}: the run of ${variant} satisfies what the other expects`);
    }
  });
});
