import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { assertNoGrowth, countHeld, holdings } from '../harness/leaks';
import { TestClient } from '../host/clients';
import { startWorkbench } from './start-workbench';

const CYCLES = 100;
/** A worker thread takes a tenth of a second. */
const CYCLES_PER_ROUTER = 10;
/** Before it is counted, everything that is loaded once is loaded. */
const WARM_UP = 10;
/** Held by what the last cycle left on the stack, and by the last garbage collection. */
const MOST_HELD = 3;
const LINE = 'No connections found for thread thread_13679e4dcc38403a_run_1756919162904_9adf1f09. Active connections: 1';

/** One window: opened, used, closed. `end` fails when anything is still registered. */
async function cycle(withRouter: boolean): Promise<WeakRef<object>> {
  const { fake, workbench, end } = await startWorkbench();
  const document = await fake.documents.open({ content: LINE, language: 'log' });
  await fake.languages.hover(document, document.positionAt(50));
  await fake.commands.run('threadLens.decodeId', 'run_user_123_abc12345');
  if (withRouter) {
    const { clientUrl } = (await fake.commands.run('threadLens.router.start')) as { clientUrl: string };
    const client = await TestClient.connect(`${clientUrl}?thread_id=thread_user_123`);
    await fake.commands.run('threadLens.openTraffic');
    await client.close();
  }
  const held = new WeakRef(workbench);
  await end();
  return held;
}

describe('a window that is opened and closed again and again', () => {
  it(`leaves nothing behind, ${CYCLES} times`, async function () {
    this.timeout(120_000);
    for (let i = 0; i < WARM_UP; i++) await cycle(true);
    const before = holdings();
    const folders = readdirSync(tmpdir()).length;
    const workbenches: WeakRef<object>[] = [];
    for (let i = 0; i < CYCLES; i++) workbenches.push(await cycle(i % CYCLES_PER_ROUTER === 0));
    const held = await countHeld(workbenches);
    assert.ok(held <= MOST_HELD, `${held} of ${CYCLES} workbenches are still held`);
    assertNoGrowth(before, holdings(), 5);
    // Other programs of the machine have theirs.
    assert.ok(readdirSync(tmpdir()).length < folders + CYCLES / 2, 'temporary folders');
  });
});
