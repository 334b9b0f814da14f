import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { missingWebsockets, PYTHON } from './python';
import { useRouter } from './router-command';

const THREAD = 'thread_13679e4dcc38403a';

describe("Python's websockets with the router", () => {
  const router = useRouter();
  let seen: Readonly<Record<string, unknown>> = {};

  before(async function () {
    this.timeout(120_000);
    const why = missingWebsockets();
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
