import assert from 'node:assert/strict';
import { createFakeVscode, type FakeVscode } from './fake-vscode';
import { Workbench } from '../../../src/workbench/workbench';

describe('the fake VS Code', () => {
  let fake: FakeVscode;

  beforeEach(() => {
    fake = createFakeVscode();
  });

  it('runs the whole extension and finds nothing left of it', async () => {
    const workbench = new Workbench(fake.api, fake.context);
    fake.context.subscriptions.push(workbench);
    assert.equal(fake.commands.contextKeys.get('threadLens.routerState'), 'stopped');
    const document = await fake.documents.open({ content: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09', language: 'log' });
    assert.match(await fake.languages.hoverText(document, new fake.api.Position(0, 20)), /thread_13679e4dcc38403a/);
    assert.equal(await fake.trees.treeText('threadLens.threads'), '');
    await workbench.stop();
    await fake.dispose();
  });
});
