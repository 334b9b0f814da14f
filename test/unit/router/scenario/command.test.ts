import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioReport } from '../../../../src/core/index';
import { BuiltRouter } from '../built-router';
import { until } from '../harness';

describe('router command: scenario', () => {
  const built = new BuiltRouter();
  before(async function () {
    this.timeout(30_000);
    await built.build();
  });
  after(() => built.remove());

  async function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
    const running = built.spawn(['scenario', ...args]);
    const { code } = await running.exited;
    return { code, out: running.out(), err: running.err() };
  }

  function file(name: string, content: unknown): string {
    const path = join(built.directory, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  it('runs a shipped scenario by its name: the report, and exit code 0', async () => {
    const { code, out, err } = await run('composite-as-thread');
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.match(out, /^# Run ID used as thread key\n/);
    assert.match(out, /## With the fault: ✓ as expected/);
    assert.match(out, /## With the fix: ✓ as expected/);
    assert.match(out, /agent_started \{R\} +\| – +\| \w+ → \{R\} \(pattern 1\) \|/);
    assert.match(out, /agent_started \{R\} +\| ✓ \+\d+ ms +\| delivered → \{T\} \(pattern 1\.5\) \|/);
    assert.match(out, /No connections found for thread thread_[0-9a-f]{16}_run_\d{13}_[0-9a-f]{8}\. Active connections: 1/);
  });

  it('lists what comes with it', async () => {
    const { code, out } = await run('--list');
    assert.equal(code, 0);
    assert.match(out, /^composite-as-thread +Run ID used as thread key$/m);
    assert.ok(out.trim().split('\n').length > 30);
  });

  it('prints one JSON report a line, of the variant asked for', async () => {
    const { code, out } = await run('--json', '--variant', 'fix', '--speed', 'max', 'unresolvable-run', 'healthy-run');
    assert.equal(code, 0);
    const reports = out.trim().split('\n').map((line) => JSON.parse(line) as ScenarioReport);
    assert.deepEqual(reports.map(({ fault, passed, variants }) => [fault, passed, variants.map(({ variant }) => variant)]), [['unresolvable-run', true, ['fix']], [undefined, true, [undefined]]]);
  });

  it('ends as soon as one of several lanes fails, whatever the others wait for', async () => {
    const connect = { do: 'connect', client: 'tab' };
    const lanes = file('lanes.threadlens.json', { version: 1, name: 'lanes', clients: { tab: {} }, steps: [{ do: 'parallel', lanes: [[{ do: 'wait', for: '30s' }], [connect, connect]] }] });
    const { code, out } = await run('--quiet', lanes);
    assert.equal(code, 1);
    assert.match(out, /^✗ lanes: .*tab is connected already/);
  }).timeout(15_000);

  it('ends with 1 when something went otherwise than expected', async () => {
    const wrong = file('wrong.threadlens.json', { version: 1, name: 'wrong', clients: { tab: {} }, steps: [{ do: 'connect', client: 'tab' }], expect: { clients: { tab: { open: false } } } });
    const { code, out } = await run('--quiet', wrong, 'word-blacklist');
    assert.equal(code, 1);
    assert.match(out, /^✗ wrong: 1 of 1 expectations not met .*\n✓ Thread ID refused for a word in it: fault as expected, fix as expected/);
  });

  for (const [what, args, message] of [
    ['no scenario', [], /expected a scenario file or name; --list/],
    ['an unknown name', ['composite'], /expected a file or one of client-without-thread, composite-as-thread.*received "composite"/],
    ['a missing file', ['./nowhere.threadlens.json'], /nowhere\.threadlens\.json: ENOENT/],
    ['an unknown variant', ['--variant', 'best', 'healthy-run'], /--variant: expected fault or fix, received "best"/],
    ['a speed that is none', ['--speed', '-1', 'healthy-run'], /--speed: expected a number above 0 or max, received "-1"|'--speed' argument is ambiguous/],
    ['an unknown option', ['--fast', 'healthy-run'], /--fast/],
  ] as const) {
    it(`ends with 2 for ${what}`, async () => {
      const { code, out, err } = await run(...args);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.equal(out, '');
    });
  }

  it('ends with 2 for a file that is no scenario, and says what is wrong where', async () => {
    const broken = file('broken.threadlens.json', { version: 1, name: 'x', steps: [{ do: 'connect', client: 'nobody' }, { do: 'jump' }] });
    const { code, err } = await run('healthy-run', broken);
    assert.equal(code, 2);
    assert.match(err, /broken\.threadlens\.json: steps\[1\]\.do: expected one of connect, .*received "jump"/);
    assert.equal((await run(file('text.threadlens.json', '{'))).code, 2);
    assert.equal((await run(file('big.threadlens.json', `"${'x'.repeat(2_000_000)}"`))).code, 2);
    const limits = file('limits.threadlens.json', { version: 1, name: 'limits', router: { limits: { nonsense: 5 } }, steps: [] });
    const setup = await run(limits);
    assert.equal(setup.code, 2);
    assert.match(setup.err, /limits: router: expected one of connections, .*received "nonsense"/);
  });

  it('ends at once at SIGINT, with what was done so far', async () => {
    const slow = file('slow.threadlens.json', { version: 1, name: 'slow', clients: { tab: {} }, steps: [{ do: 'connect', client: 'tab' }, { do: 'wait', for: '10m' }] });
    const running = built.spawn(['scenario', slow, '--json']);
    // The runtime needs a moment before it can be told anything; then the signal ends the run, or the process.
    await until(() => running.child.pid !== undefined, 'a process');
    const timer = setInterval(() => running.child.kill('SIGINT'), 300);
    const { code, signal } = await running.exited;
    clearInterval(timer);
    assert.ok(code === 1 || signal === 'SIGINT', `${String(code)} ${String(signal)}`);
    if (code === 1) assert.match(running.out(), /"problem":"The run was cancelled\."|^$/);
  });
});
