import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useRouter } from './router-command';

// The system's Python: the library comes as a package of the system.
const PYTHON = '/usr/bin/python3';
const THREAD = 'thread_13679e4dcc38403a';

/** Why Python's websockets cannot be had here, or undefined. Installs it where that is possible without asking anyone. */
function missing(): string | undefined {
  if (!existsSync(PYTHON)) return `${PYTHON} does not exist`;
  const works = (): boolean => spawnSync(PYTHON, ['-c', 'import websockets'], { stdio: 'ignore' }).status === 0;
  if (works()) return undefined;
  if (process.getuid?.() !== 0) return `${PYTHON} has no module websockets, and only root can install it (apt-get install python3-websockets)`;
  const { status, stderr, error } = spawnSync('apt-get', ['install', '-y', 'python3-websockets'], { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (works()) return undefined;
  return `${PYTHON} has no module websockets, and apt-get install python3-websockets failed (${error?.message ?? `status ${status}`}): ${stderr ?? ''}`;
}

describe("Python's websockets with the router", () => {
  const router = useRouter();
  let seen: Readonly<Record<string, unknown>> = {};

  before(async function () {
    this.timeout(120_000);
    const why = missing();
    if (why !== undefined) {
      // A skipped test must not look like a passed one.
      console.error(`Interoperability with Python's websockets was NOT tested: ${why}`);
      this.skip();
    }
    const script = join(__dirname, 'python-client.py');
    const { stdout } = await promisify(execFile)(PYTHON, [script, router().socketUrl('/ws'), router().socketUrl('/agent'), router().token], { timeout: 60_000 });
    seen = JSON.parse(stdout) as Record<string, unknown>;
  });

  function object(name: string): Readonly<Record<string, unknown>> {
    const value = seen[name];
    assert.ok(typeof value === 'object' && value !== null, `${name}: ${JSON.stringify(value)}`);
    return value as Record<string, unknown>;
  }

  it('connects, names its thread, and is declined compression', () => {
    assert.equal(object('hello')['type'], 'connection_established');
    assert.deepEqual(object('hello')['threads'], [THREAD]);
    assert.deepEqual(seen['extensions'], []);
  });

  it('gets events unchanged, and the agent its receipt', () => {
    assert.equal(seen['unchanged'], true);
    assert.equal(object('receipt')['outcome'], 'delivered');
    assert.equal(object('receipt')['request_id'], 'r-2');
    assert.deepEqual(object('delivered')['payload'], { n: 2 });
    assert.ok(!('request_id' in object('delivered')));
  });

  it('sends fragments that are joined, and gets its pings answered', () => {
    assert.equal(object('fragments')['type'], 'pong');
    assert.equal(object('fragments')['id'], 'fragments é🙂');
    assert.equal(seen['pong'], true);
  });

  it('is told what is wrong with a message and stays connected', () => {
    assert.equal(object('fault')['type'], 'error');
    assert.equal(object('fault')['reason'], 'not_json');
    assert.equal(object('binary')['type'], 'error');
    assert.equal(object('binary')['reason'], 'binary');
  });

  it('gets what waited for a thread in order when it switches to it', () => {
    assert.deepEqual(seen['queued'], Array.from({ length: 10 }, () => 'queued'));
    assert.deepEqual(seen['flushed'], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is refused as an agent without the token, with 401', () => assert.equal(seen['refused'], 401));

  it('reads the reason of a close, and closes itself', () => {
    assert.deepEqual(seen['too_large'], [1009, 'message too large']);
    assert.deepEqual(seen['own_close'], [4002, 'done']);
  });
});
