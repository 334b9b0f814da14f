import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { COMMANDS } from '../../src/workbench/commands';
import { propertyRuns } from '../harness/property-runs';
import { hostileText, hostileValue } from '../unit/fuzz/hostile';
import { type Started, startWorkbench } from './start-workbench';

/** A mistake of ours; what a command throws on purpose says what it expected. */
const isMistake = (error: unknown): boolean =>
  !(error instanceof Error) || ([TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error.constructor === kind) && !error.message.includes('expected'));

const argument = fc.oneof(
  hostileText,
  hostileValue(['runId', 'threadId', 'id', 'port', 'uri', 'line', 'endLine', 'kind', 'type', 'payload', 'format', 'thread', 'connection', 'delivery', 'seq', 'run', 'filter', 'sort']),
  fc.constantFrom<unknown>(undefined, null, {}, [], 'run_user_123_abc12345', { kind: 'thread' }, { kind: 'connection', id: 'x' }, { kind: 'delivery', seq: 1 }, { uri: 'file:///no-such-file', line: 1 }, { port: -1 }),
);

/** Commands may be called by keybindings, tasks, links and other extensions with anything. */
describe('commands', () => {
  let started: Started;

  before(async () => {
    started = await startWorkbench();
  });
  after(() => started.end());

  const commands = Object.values(COMMANDS).filter((command) => !/router\.(?:start|restart)$/.test(command));
  for (const command of commands) {
    it(`${command} takes any argument, or refuses it in words`, async function () {
      const { parameters, timeoutMs } = propertyRuns(60);
      this.timeout(timeoutMs);
      await fc.assert(
        fc.asyncProperty(argument, fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, argument), async (first, second) => {
          try {
            await started.fake.commands.run(command, first, second);
          } catch (error) {
            if (isMistake(error)) throw error;
            assert.ok(error instanceof Error && error.message !== '', 'says why');
          }
        }),
        { ...parameters, interruptAfterTimeLimit: Math.min(parameters.interruptAfterTimeLimit ?? Infinity, 60_000) },
      );
    });
  }

  it('threadLens.explainRouting takes half a surrogate pair', async () => {
    await started.fake.commands.run('threadLens.explainRouting', 'thread_\ud800x');
    await started.fake.commands.run('threadLens.explainRouting', 'thread_\ud800x');
  });
});
