import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestTap } from '../tap/tap-harness';
import { missingWebsockets, PYTHON } from './python';

type Seen = Readonly<Record<string, unknown>>;

describe("the tap between Python's websockets on both sides", () => {
  let backend: ChildProcess | undefined;
  let tap: TestTap | undefined;
  let direct: Seen = {};
  let tapped: Seen = {};

  before(async function () {
    this.timeout(180_000);
    const why = missingWebsockets();
    if (why !== undefined) {
      // A skipped test must not look like a passed one.
      console.error(`The tap was NOT tested with Python's websockets: ${why}`);
      this.skip();
    }
    backend = spawn(PYTHON, [join(__dirname, 'python-backend.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(backend.stdout!, 'data')) as [Buffer];
    const url = `ws://127.0.0.1:${Number(line.toString())}`;
    tap = await TestTap.start(`${url}/ws`);
    const look = async (at: string, key: string): Promise<Seen> => {
      const { stdout } = await promisify(execFile)(PYTHON, [join(__dirname, 'python-tap-client.py'), at, key], { timeout: 80_000 });
      return JSON.parse(stdout) as Seen;
    };
    direct = await look(url, 'direct');
    tapped = await look(tap.ws, 'tapped');
  });

  after(async () => {
    await tap?.stop();
    if (!backend) return;
    const ended = once(backend, 'exit');
    backend.stdin!.end();
    await ended;
  });

  it('negotiates no extension, where both sides would', () => {
    assert.deepEqual(direct['extensions'], ['PerMessageDeflate']);
    assert.deepEqual(tapped['extensions'], []);
    assert.equal((tapped['headers'] as Seen)['extensions'], null);
  });

  it('passes text, binary, empty and 1 MiB messages unchanged and in order', () => {
    assert.deepEqual(tapped['echoes'], tapped['sent']);
    assert.deepEqual(tapped['echoes'], direct['echoes']);
  });

  it('passes fragmented messages both ways', () => {
    assert.equal(tapped['fragments_up'], 'sent in pieces é🙂');
    assert.equal(tapped['binary_fragments_up'], 'bytes in pieces');
    assert.equal(tapped['fragments_down'], 'in pieces: é🙂 and so on');
  });

  it('passes pings and pongs of both sides', () => {
    assert.equal(tapped['pong'], true);
    assert.equal(tapped['ping'], 'ponged');
  });

  it('mirrors the subprotocol, the path and the headers', () => {
    assert.equal(tapped['subprotocol'], 'chat.v1');
    assert.equal(tapped['no_subprotocol'], null);
    const { extensions: _direct, ...expected } = direct['headers'] as Seen;
    const { extensions: _tapped, ...received } = tapped['headers'] as Seen;
    assert.deepEqual(received, expected);
    assert.equal(received['app'], 'yes');
  });

  it('mirrors close codes and reasons both ways', () => {
    assert.deepEqual(tapped['closed_by_backend'], direct['closed_by_backend']);
    assert.equal((direct['closed_by_backend'] as unknown[]).length, 9);
    assert.deepEqual(tapped['closed_by_client'], [[1000, 'mine'], [1001, ''], [3001, 'lib'], [4002, 'ü']]);
    assert.deepEqual(tapped['closed_by_client'], direct['closed_by_client']);
  });

  it('says 1011 where a side that vanished would leave 1006', () => {
    assert.equal(direct['aborted_by_backend'], 1006);
    assert.equal(tapped['aborted_by_backend'], 1011);
    assert.deepEqual(direct['client_gone'], [1006]);
    assert.deepEqual(tapped['client_gone'], [1011]);
  });

  it('mirrors refused handshakes', () => {
    assert.deepEqual(tapped['forbidden'], [403, 'not you']);
    assert.deepEqual(tapped['forbidden'], direct['forbidden']);
    assert.deepEqual(tapped['plain'], direct['plain']);
  });

  it('holds the backend back while the client does not read, and loses nothing', () => {
    assert.equal(tapped['held_back'], true);
    assert.equal(tapped['flooded'], 400 * 262_144);
  });
});
