import assert from 'node:assert/strict';
import { backendLog } from '../../../../src/core/scenario/backend-log';

describe('the log of a scenario', () => {
  it('does not let a mapping expire that the registry still answers by, in the very moment of its time to live', () => {
    const log = backendLog({
      startsAt: 0, behaviours: new Set(), registrationAge: 1000, clients: [],
      moments: [{ at: 0, what: 'registered', runId: 'run_x', threadId: 'thread_abc' }, { at: 1000, what: 'event', event: 1 }],
      events: [{ number: 1, at: 1000, type: 'agent_started', runId: 'run_x', agent: 'a', bytes: 1, receipt: { outcome: 'queued', threadId: 'thread_abc', connections: 0, source: 'thread_registry' } }],
    });
    assert.ok(log.some((line) => line.includes('PRIORITY 1 SUCCESS')));
    assert.ok(!log.some((line) => line.includes('EXPIRED')), log.join('\n'));
  });
});
