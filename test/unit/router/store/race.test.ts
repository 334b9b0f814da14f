import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';
import { openStore } from '../../../../src/router/store/open-store';
import { memoryLog } from './samples';
import { useTemporaryDirectory } from './temporary-directory';

const ROUTERS = 4;
const ROUNDS = 4;

describe('several routers that start on one file at the same time', () => {
  const directory = useTemporaryDirectory();

  /** Each opens the store when told, says where it keeps its state, and registers a run under its number when told again. */
  function build(): string {
    const bundle = join(directory(), 'router.cjs');
    buildSync({
      stdin: {
        contents: `
          import { openStore } from './src/router/store/open-store';
          let store;
          process.stdin.on('data', (chunk) => {
            for (const command of chunk.toString()) {
              if (command === 'o') {
                store = openStore(process.argv[2], () => {}, { limits: { busyTimeoutMs: 20 } });
                console.log(store.kind + ' ' + (store.notice ?? ''));
              } else {
                store.putRegistration({ runId: 'run_' + process.argv[3] + store.kind, threadId: 't', createdAt: 1, lastAccessedAt: 1, accessCount: 0 });
                store.close();
                process.exit();
              }
            }
          });
          console.log('ready');`,
        resolveDir: resolve('.'),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      outfile: bundle,
      logLevel: 'error',
    });
    return bundle;
  }

  async function race(file: string): Promise<string[]> {
    const bundle = join(directory(), 'router.cjs');
    const routers = Array.from({ length: ROUTERS }, (_, n) => spawn(process.execPath, [bundle, file, String(n)], { stdio: ['pipe', 'pipe', 'inherit'] }));
    const outputs = routers.map((router) => text(router.stdout));
    const nextLine = (): Promise<unknown> => Promise.all(routers.map((router) => once(router.stdout, 'data')));
    let heard = nextLine();
    await heard;
    heard = nextLine();
    for (const router of routers) router.stdin.write('o');
    await heard;
    for (const router of routers) router.stdin.write('r');
    return (await Promise.all(outputs)).map((output) => output.replace('ready\n', '').trim());
  }

  for (const [state, content] of [
    ['new', undefined],
    ['damaged', 'garbage'.repeat(1000)],
  ] as const) {
    it(`a ${state} one: one of them has it, the others are told and work in memory`, async function () {
      this.timeout(30_000);
      build();
      for (let round = 0; round < ROUNDS; round += 1) {
        const file = join(directory(), `round-${round}.db`);
        if (content !== undefined) writeFileSync(file, content);
        const answers = await race(file);
        const owners = answers.filter((answer) => answer.startsWith('sqlite'));
        assert.equal(owners.length, 1, answers.join('\n'));
        for (const answer of answers) {
          if (!answer.startsWith('sqlite')) assert.match(answer, /^memory .+ is in use by another router/);
        }
        const store = openStore(file, memoryLog().log);
        assert.deepEqual(store.load().registrations.map((row) => row.runId.replace(/\d/, '')), ['run_sqlite']);
        store.close();
        const aside = readdirSync(directory()).filter((name) => name.startsWith(`round-${round}.db.damaged`) && !name.endsWith('-shm'));
        assert.equal(aside.length, content === undefined ? 0 : 1, aside.join());
      }
    });
  }
});
