import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose, type Diagnosis, reproduce } from '../../../../src/core';
import type { FaultId } from '../../../../src/core/diagnosis/catalogue';
import { ROUTER_PARTS } from '../../../../src/router/scenario/router-parts';
import { runScenario } from '../../../../src/router/scenario/run-scenario';

const T = 'thread_13679e4dcc38403a';
const R = `${T}_run_1756919162904_9adf1f09`;
const UUID = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';

const founding = diagnose(`No connections found for thread ${R}`)[0]!;

function diagnosis(id: FaultId, fields: Partial<Diagnosis> = {}): Diagnosis {
  const { threadId: _thread, runId: _run, expected: _expected, received: _received, ...bare } = founding;
  return { ...bare, id, ...fields };
}

/** Runs both variants against real routers; every expectation has to hold: the fault fails, and the fix cures it. */
async function holds(made: Diagnosis): Promise<void> {
  // The attempts at a stalled socket take real moments between the jumps of the clock.
  const speed = made.id === 'dead-socket' ? 1 : Infinity;
  const scenario = reproduce(made);
  assert.ok(scenario, made.id);
  const report = await runScenario(scenario, ROUTER_PARTS, { speed });
  const broken = report.variants.flatMap(({ variant, problem, assertions }) => [...(problem === undefined ? [] : [`${variant}: ${problem}`]), ...assertions.filter(({ passed }) => !passed).map((assertion) => `${variant}: ${JSON.stringify(assertion)}`)]);
  assert.deepEqual(broken, []);
  assert.equal(report.variants.length, 2);
}

describe('what a log shows happens in the local router', () => {
  it('the founding line', () => holds(founding));

  for (const sample of ['seed_bug_before_fix_info_level', 'never_associated_shadowed_method', 'run_uuid_unresolvable', 'hyphenated_thread', 'dead_socket']) {
    it(`the first diagnosis of the sample ${sample}`, async () => {
      const lines = readFileSync(join(__dirname, '../../../fixtures/samples', `${sample}.log`), 'utf8').split('\n');
      await holds(diagnose({ lines })[0]!);
    });
  }

  const cases: readonly (readonly [FaultId, Partial<Diagnosis>])[] = [
    ['composite-as-thread', { runId: 'thread_user-1_run_1756919162904_9adf1f09', threadId: 'thread_user-1_run_1756919162904_9adf1f09', expected: 'thread_user-1' }],
    ['poisoned-registry', { runId: R, threadId: R, expected: T }],
    ['poisoned-registry', { runId: UUID, threadId: R, expected: T }],
    ['doubled-prefix', { threadId: 'thread_thread_abc' }],
    ['fallback-to-run-id', { runId: UUID, threadId: UUID }],
    ['timestamp-as-thread', { runId: 'run_1756919162904_9adf1f09', threadId: 'thread_1756919162904' }],
    ['false-extraction', { runId: 'job_thread_eu_west_team_0a1b2c3d_chat_main_execution_9adf1f09', threadId: 'thread_eu_west_team_0a1b2c3d' }],
    ['sub-agent-lost', { runId: 'run_data_agent_u1' }],
    ['word-blacklist', { runId: 'agent-thread_default_0a1b2c3d' }],
    ['registry-expired', { runId: UUID }],
    ['late-event', { runId: UUID, threadId: T }],
    ['never-associated', { threadId: T }],
    ['client-without-thread', { threadId: T }],
    ['late-association', { threadId: T }],
    ['thread-stealing', { threadId: T, userId: 'u9' }],
    ['reconnect-lost-association', { threadId: T, userId: 'u9' }],
    ['switch-thread-ignored', { threadId: T }],
    ['connection-expired', { threadId: T, userId: 'u9' }],
    ['client-disconnected', { threadId: T, userId: 'u9' }],
    ['nobody-connected', { threadId: T }],
    ['wrong-thread', { threadId: T, nearMisses: [{ threadId: 'thread_13679e4dcc38403b', connections: 1, why: '1 character away' }] }],
    ['prefix-mismatch', { threadId: T, expected: T.slice(7) }],
    ['phantom-success', { threadId: T }],
    ['type-rewritten', {}],
    ['disconnect-closes-all-tabs', { userId: 'u9' }],
    ['duplicate-events', { threadId: T }],
  ];
  for (const [id, fields] of cases) it(`${id} ${fields.runId ?? fields.threadId ?? ''}`, () => holds(diagnosis(id, fields)));
});
