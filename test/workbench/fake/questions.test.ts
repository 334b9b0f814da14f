import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { createFakeVscode, type FakeVscode } from './fake-vscode';
import { InputBox, QuickPick } from './quick-input';

describe('questions of the fake VS Code', () => {
  let fake: FakeVscode;
  let api: typeof vscode;

  beforeEach(() => {
    fake = createFakeVscode();
    ({ api } = fake);
  });

  it('are answered by the buttons the test clicks', async () => {
    const { window } = api;
    fake.messages.answer('Restart', { to: /crashed/ });
    fake.messages.answer('No');
    assert.equal(await window.showInformationMessage('Sure?', { modal: true, detail: 'really' }, 'Yes', 'No'), 'No');
    assert.equal(await window.showErrorMessage('It crashed', 'Restart', 'Show Log'), 'Restart');
    assert.equal(await window.showWarningMessage('Nobody answers', 'OK'), undefined);
    assert.deepEqual(fake.messages.texts, [
      'information: Sure? [Yes] [No]',
      'error: It crashed [Restart] [Show Log]',
      'warning: Nobody answers [OK]',
    ]);
    assert.deepEqual([fake.messages.shown[0]?.modal, fake.messages.shown[0]?.detail], [true, 'really']);
    fake.messages.answer('Retry');
    await assert.rejects(async () => window.showErrorMessage('x', 'OK'), /no button "Retry"/);
    fake.ledger.takeProblem(/no button/);
    await fake.dispose();
  });

  it('pick rows and type texts that are valid', async () => {
    const { window, QuickPickItemKind } = api;
    const items = [{ label: '$(edit) One' }, { label: 'Group', kind: QuickPickItemKind.Separator }, { label: 'Two', n: 2 }];
    fake.inputs.pick('One');
    assert.equal(await window.showQuickPick(items), items[0]);
    fake.inputs.pick(({ label }) => label.startsWith('T'));
    assert.equal(await window.showQuickPick(Promise.resolve(items), { title: 'Which?' }), items[2]);
    fake.inputs.pick(['Two', 'One']);
    assert.deepEqual(await window.showQuickPick(items, { canPickMany: true }), [items[2], items[0]]);
    assert.equal(await window.showQuickPick(['a']), undefined, 'Escape');
    assert.deepEqual(fake.inputs.asked[1]?.items, ['$(edit) One', '--- Group', 'Two']);

    const validateInput = (text: string): string | undefined => (text === '' ? 'Expected a name' : undefined);
    fake.inputs.type('x');
    assert.equal(await window.showInputBox({ validateInput }), 'x');
    fake.inputs.accept();
    assert.equal(await window.showInputBox({ value: 'given' }), 'given');
    fake.inputs.type('');
    await assert.rejects(async () => window.showInputBox({ validateInput }), /refuses "": Expected a name/);
    fake.inputs.type('Group');
    await assert.rejects(async () => window.showQuickPick(items), /next answer is .*Group/);
    fake.inputs.pick('Group');
    await assert.rejects(async () => window.showQuickPick(items), /no row "Group"/);
    await assert.rejects(fake.dispose(), /Expected a name[\s\S]*no row "Group"/, 'also where the extension caught it');
  });

  it('can stay open', async () => {
    const pick = api.window.createQuickPick();
    pick.items = [{ label: 'a' }, { label: 'b' }];
    const accepted = new Promise<string | undefined>((resolve) => pick.onDidAccept(() => resolve(pick.selectedItems[0]?.label)));
    pick.show();
    fake.inputs.last(QuickPick).userPicks('b');
    assert.equal(await accepted, 'b');
    const hidden: string[] = [];
    pick.onDidHide(() => hidden.push('hidden'));
    pick.dispose();
    assert.deepEqual(hidden, ['hidden']);
    const box = api.window.createInputBox();
    box.onDidChangeValue((value) => (box.validationMessage = value === '' ? 'empty' : undefined));
    box.show();
    fake.inputs.last(InputBox).userTypes('');
    assert.equal(fake.inputs.last(InputBox).problem, 'empty');
    box.dispose();
    await fake.dispose();
  });

  it('show progress that can be cancelled', async () => {
    const options = { location: api.ProgressLocation.Notification, title: 'Scanning', cancellable: true };
    const work = api.window.withProgress(options, async (progress, token) => {
      progress.report({ message: 'half', increment: 50 });
      await new Promise((resolve) => token.onCancellationRequested(resolve));
      return token.isCancellationRequested;
    });
    fake.progress.shown[0]?.cancel();
    assert.equal(await work, true);
    assert.deepEqual(fake.progress.shown[0]?.reports, [{ message: 'half', increment: 50 }]);
    await fake.dispose();
  });
});
