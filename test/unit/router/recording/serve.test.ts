import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { type RecordingEntry, recordingLine } from '../../../../src/core/index';
import { ReplayServer, type ReplayServerOptions } from '../../../../src/router/replay/replay-server';
import { frame, HEADER } from '../../core/recording/entries';
import { Peer, T1, until } from '../harness';
import { useTemporaryDirectory } from '../store/temporary-directory';
import { recordingIn, T2 } from './record-run';

const out = (seq: number, connection: string, type: string): RecordingEntry => frame(seq, { direction: 'out', connection, type, body: { type, thread_id: T1 } });
const RECORDING: readonly RecordingEntry[] = [
  { kind: 'connection_opened', t: 0, connection: 'main_00000001', threads: [T1], user: 'anna' },
  { kind: 'connection_opened', t: 0, connection: 'main_00000002', threads: [T2], user: 'ben' },
  out(1, 'main_00000001', 'connection_established'),
  out(2, 'main_00000002', 'hello_ben'),
  frame(3, { connection: 'main_00000001', body: { type: 'chat' } }),
  out(4, 'main_00000001', 'ack'),
  { kind: 'connection_closed', t: 60, connection: 'main_00000001', code: 4003, reason: 'done' },
];

describe('standing in for a recorded server', () => {
  const directory = useTemporaryDirectory();
  let server: ReplayServer & { readonly url: string };

  async function start(more: Partial<ReplayServerOptions> = {}, entries = RECORDING): Promise<void> {
    const file = recordingIn(directory(), 'served');
    writeFileSync(file, [HEADER, ...entries].map(recordingLine).join(''));
    server = await ReplayServer.start(file, { port: 0, timing: { kind: 'none' }, allowedOrigins: [], ...more });
  }

  async function connect(query = '', options: ConstructorParameters<typeof WebSocket>[2] = {}): Promise<Peer> {
    const peer = new Peer(new WebSocket(`${server.url}${query}`, options));
    await until(() => peer.socket.readyState === WebSocket.OPEN || peer.failed !== undefined || peer.status !== undefined, 'an answer');
    return peer;
  }

  afterEach(() => server.stop());

  it('sends a client what the recorded one of its thread or user got, and answers after it has asked', async () => {
    await start();
    const anna = await connect(`?thread_id=${T1}`);
    const ben = await connect('?user_id=ben');
    await ben.nextOf('hello_ben');
    await anna.nextOf('connection_established');
    assert.equal(anna.messages.length, 1);
    anna.send({ type: 'something' });
    await anna.nextOf('ack');
    await anna.closing();
    assert.deepEqual(anna.closed, { code: 4003, reason: 'done' });
    assert.equal(ben.closed, undefined);
  });

  it('gives IDs anew where that is wanted', async () => {
    await start({ remint: { seed: 's' } });
    const peer = await connect();
    const { thread_id: thread } = await peer.nextOf('connection_established');
    assert.match(String(thread), /^thread_[0-9a-f]{16}$/);
    assert.notEqual(thread, T1);
  });

  it('lets in whom a router lets in: no page of another origin, no rebound name, no plain HTTP without the token', async () => {
    await start({ allowedOrigins: ['https://app.example'] });
    assert.equal((await connect('', { origin: 'https://evil.example' })).status, 403);
    assert.equal((await connect('', { headers: { host: 'evil.example' } })).status, 403);
    assert.equal((await connect('', { origin: 'https://app.example' })).socket.readyState, WebSocket.OPEN);
    assert.equal((await connect('', { origin: 'http://localhost:3000' })).socket.readyState, WebSocket.OPEN);
    const http = server.url.replace('ws:', 'http:');
    assert.equal((await fetch(http)).status, 401);
    const other = new WebSocket(http.replace('http:', 'ws:').replace('/ws', '/inspect'));
    const [error] = (await once(other, 'error')) as [Error];
    assert.match(error.message, /401/);
  });

  it('says when nobody was connected in the recording', async () => {
    await start({}, []);
    assert.equal((await connect()).status, 404);
  });

  it('listens on loopback only and leaves nothing behind', async () => {
    await start({ timing: { kind: 'original' } });
    assert.match(server.url, /^ws:\/\/127\.0\.0\.1:\d+\/ws$/);
    const peer = await connect();
    await server.stop();
    await peer.closing();
    await assert.rejects(fetch(server.url.replace('ws:', 'http:')));
  });
});
