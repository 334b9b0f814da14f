import assert from 'node:assert/strict';
import { DebugApi } from '../../../src/workbench/attach/debug-api';
import { PolledLog } from '../../../src/workbench/attach/polled-log';

/** A backend where nobody is connected, so that every delivery waits. */
class Waiting extends DebugApi {
  newest = 1_000;
  /** Those up to here were delivered after all. */
  settled = 0;

  override get(_path: string, { after = Math.max(0, this.newest - 1_000), limit = 1_000 }: Readonly<Record<string, string | number | undefined>> = {}): Promise<Record<string, unknown>> {
    const length = Math.min(Number(limit), this.newest - Number(after));
    const deliveries = Array.from({ length }, (_, at) => Number(after) + at + 1).map((seq) => ({ seq, at: seq, type: 'agent_started', outcome: seq <= this.settled ? 'delivered' : 'queued', connections: 0, bytes: 100 }));
    return Promise.resolve({ deliveries, newest: this.newest });
  }
}

describe('deliveries of a polled backend', () => {
  it('are all told, however many wait, and those that settle again', async () => {
    const backend = new Waiting('http://127.0.0.1', undefined);
    const log = new PolledLog(backend, 'deliveries');
    let told = (await log.look()).length;
    backend.newest = 150_000;
    while (told < backend.newest) told += (await log.look()).length;
    assert.equal(told, backend.newest);
    assert.deepEqual(await log.look(), []);
    backend.settled = 140_100;
    const again = await log.look();
    assert.deepEqual([again.at(0)?.['seq'], again.length], [140_001, 100]);
  });
});
