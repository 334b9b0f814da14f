import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { assertNoGrowth, countHeld, holdings } from '../../harness/leaks';
import { TestClient } from '../../host/clients';

/** What dist/extension.js exports. */
interface Entry {
  activate(context: vscode.ExtensionContext): object;
  deactivate(): Promise<void>;
}

const CYCLES = 100;
/** A worker thread takes a tenth of a second. */
const CYCLES_PER_ROUTER = 10;
const WARM_UP = 10;
/** By the last cycle, and the last garbage collection. */
const MOST_HELD = 3;

/** Runs in an extension host whose Thread Lens does nothing but hand over its context, see cycles.test.ts. */
describe('the built extension in an extension host', () => {
  it(`leaves nothing behind when it is activated and deactivated ${CYCLES} times`, async function () {
    this.timeout(120_000);
    const stub = vscode.extensions.getExtension<vscode.ExtensionContext>('thread-lens.thread-lens');
    assert.ok(stub, 'the extension is there');
    const context = await stub.activate();
    const ownCommands = async (): Promise<string[]> => (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('threadLens.')).toSorted();
    const commandsBefore = await ownCommands();
    // oxlint-disable-next-line typescript/no-require-imports -- the file under test is found when it runs
    const extension = require(join(context.extensionPath, 'dist', 'extension.js')) as Entry;

    const cycle = async (withRouter: boolean): Promise<WeakRef<object>> => {
      const api = new WeakRef(extension.activate(context));
      const document = await vscode.workspace.openTextDocument({ language: 'log', content: 'No connections found for thread thread_13679e4dcc38403a_run_1756919162904_9adf1f09.' });
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, new vscode.Position(0, 40));
      assert.equal(hovers.length, 1, 'one hover: none of an earlier cycle');
      if (withRouter) {
        const { clientUrl } = await vscode.commands.executeCommand<{ clientUrl: string }>('threadLens.router.start');
        const client = await TestClient.connect(`${clientUrl}?thread_id=thread_user_123`);
        await client.close();
      }
      await extension.deactivate();
      for (const subscription of context.subscriptions.splice(0)) await (subscription.dispose() as unknown);
      return api;
    };

    for (let i = 0; i < WARM_UP; i++) await cycle(true);
    const before = holdings();
    const apis: WeakRef<object>[] = [];
    for (let i = 0; i < CYCLES; i++) apis.push(await cycle(i % CYCLES_PER_ROUTER === 0));
    const held = await countHeld(apis);
    assert.ok(held <= MOST_HELD, `${held} of ${CYCLES} activations are still held`);
    assertNoGrowth(before, holdings(), 10);
    assert.deepEqual(await ownCommands(), commandsBefore, 'commands');
  });
});
