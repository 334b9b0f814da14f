import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Workbench } from '../../../src/workbench/workbench';
import { createFakeVscode, type FakeVscode, type FakeVscodeOptions } from './fake-vscode';

const RUN_ID = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';

describe('the fake VS Code', () => {
  let fake: FakeVscode;
  let api: typeof vscode;

  const start = (options: FakeVscodeOptions = {}): void => {
    fake = createFakeVscode(options);
    ({ api } = fake);
  };

  beforeEach(() => start());

  it('runs the whole extension and finds nothing left of it', async () => {
    const workbench = new Workbench(api, fake.context);
    fake.context.subscriptions.push(workbench);
    assert.equal(fake.commands.contextKeys.get('threadLens.routerState'), 'stopped');
    const document = await fake.documents.open({ content: RUN_ID, language: 'log' });
    assert.match(await fake.languages.hoverText(document, new api.Position(0, 20)), /thread_13679e4dcc38403a/);
    assert.equal(await fake.trees.treeText('threadLens.threads'), '');
    await workbench.stop();
    await fake.dispose();
  });

  it('says what is not faked', async () => {
    assert.throws(() => api.window.createTerminal('x'), /fake vscode: window\.createTerminal is not faked/);
    assert.throws(() => api.debug, /fake vscode: debug is not faked/);
    assert.throws(() => fake.context.environmentVariableCollection, /context\.environmentVariableCollection is not faked/);
    assert.equal(await Promise.resolve(api), api, 'it is no promise');
    await fake.dispose();
  });

  it('names everything that is left at the end', async () => {
    api.commands.registerCommand('left.command', () => undefined);
    api.window.createTreeView('threadLens.threads', {
      treeDataProvider: { getChildren: () => [], getTreeItem: () => new api.TreeItem('') },
    });
    api.window.createStatusBarItem('left.item');
    api.window.createOutputChannel('left channel', { log: true });
    api.languages.registerHoverProvider('*', { provideHover: () => undefined });
    api.workspace.onDidChangeConfiguration(() => undefined);
    new api.EventEmitter<void>().event(() => undefined);
    fake.messages.answer('never asked');
    await assert.rejects(fake.dispose(), (error: Error) => {
      const expected = [
        'command left.command',
        'view threadLens.threads',
        'status bar item left.item',
        'output channel left channel',
        'hover provider',
        'listener of workspace.onDidChangeConfiguration',
        'listener of an EventEmitter of the extension',
        'the answer "never asked"',
        'fake-vscode.test.ts',
      ];
      for (const text of expected) assert.ok(error.message.includes(text), `${text} in ${error.message}`);
      return true;
    });
  });

  it('disposes of the subscriptions in their order', async () => {
    const order: number[] = [];
    fake.context.subscriptions.push({ dispose: () => order.push(1) }, { dispose: () => order.push(2) });
    await fake.dispose();
    assert.deepEqual(order, [1, 2]);
  });

  it('delivers events in order, whoever throws', async () => {
    const emitter = new api.EventEmitter<number>();
    const heard: string[] = [];
    const disposables: vscode.Disposable[] = [];
    emitter.event(
      (event) => {
        heard.push(`a${event}`);
        if (event === 1) emitter.fire(2);
      },
      undefined,
      disposables,
    );
    emitter.event(() => {
      throw new Error('bad listener');
    });
    const last = emitter.event((event) => heard.push(`b${event}`));
    emitter.fire(1);
    assert.deepEqual(heard, ['a1', 'b1', 'a2', 'b2']);
    assert.match(fake.ledger.takeProblem(/bad listener/) ?? '', /threw Error: bad listener/);
    assert.ok(fake.ledger.takeProblem(/bad listener/), 'it threw for both events');
    last.dispose();
    emitter.dispose();
    emitter.fire(3);
    assert.equal(heard.length, 4);
    assert.equal(disposables.length, 1);
    await fake.dispose();
  });

  it('has the enums of the API', async () => {
    const { ViewColumn, LogLevel, EndOfLine, TreeItemCollapsibleState, StatusBarAlignment, ConfigurationTarget, QuickPickItemKind, FileType } = api;
    assert.deepEqual(
      [ViewColumn.Active, ViewColumn.Beside, LogLevel.Off, EndOfLine.LF, TreeItemCollapsibleState.Collapsed, StatusBarAlignment.Right],
      [-1, -2, 0, 1, 1, 2],
    );
    assert.deepEqual([ConfigurationTarget.WorkspaceFolder, QuickPickItemKind.Separator, FileType.SymbolicLink], [3, -1, 64]);
    assert.deepEqual([api.DiagnosticSeverity.Hint, api.ProgressLocation.Notification, api.InlayHintKind.Parameter], [3, 15, 2]);
    assert.equal(TreeItemCollapsibleState[2], 'Expanded');
    await fake.dispose();
  });

  describe('commands', () => {
    it('run, answer, and are refused as in VS Code', async () => {
      const { commands } = api;
      const registration = commands.registerCommand('own.add', (a: number, b: number) => a + b);
      assert.equal(await commands.executeCommand('own.add', 1, 2), 3);
      assert.throws(() => commands.registerCommand('own.add', () => 0), /command 'own\.add' already exists/);
      registration.dispose();
      await assert.rejects(async () => commands.executeCommand('own.add'), /command 'own\.add' not found/);
      await commands.executeCommand('setContext', 'own.key', 1);
      assert.equal(fake.commands.contextKeys.get('own.key'), 1);
      assert.ok((await commands.getCommands(true)).includes('vscode.open'));
      await fake.dispose();
    });
  });

  it('shows status bar items by side and priority', async () => {
    const { window, StatusBarAlignment, ThemeColor } = api;
    const items = [
      window.createStatusBarItem('low', StatusBarAlignment.Left, 1),
      window.createStatusBarItem('right', StatusBarAlignment.Right, 9),
      window.createStatusBarItem('high', StatusBarAlignment.Left, 2),
    ];
    for (const item of items) {
      item.text = item.id;
      item.show();
    }
    assert.equal(fake.statusBar.text, 'high | low | right');
    const [low, right] = items;
    low!.hide();
    right!.backgroundColor = new ThemeColor('charts.red');
    assert.equal(right!.backgroundColor, undefined, 'not an allowed colour');
    const registration = api.commands.registerCommand('own.click', () => 'clicked');
    right!.command = 'own.click';
    assert.equal(await fake.statusBar.click('right'), 'clicked');
    await assert.rejects(fake.statusBar.click('low'), /no status bar item low is visible/);
    api.Disposable.from(registration, ...items).dispose();
    window.setStatusBarMessage('Copied', 4000);
    assert.equal(fake.statusBar.text, 'Copied');
    await fake.dispose();
  });

  it('writes logs by level and closes them', async () => {
    const log = api.window.createOutputChannel('Log', { log: true });
    log.info('port %d', 1, { a: 1 });
    log.error(new Error('bad'));
    fake.output.channel('Log').setLogLevel(api.LogLevel.Warning);
    log.info('not written');
    log.warn('written');
    const [first, second, third] = fake.output.log('Log');
    assert.deepEqual([first, third, log.logLevel], ['info: port %d 1 { a: 1 }', 'warn: written', api.LogLevel.Warning]);
    assert.match(second ?? '', /^error: Error: bad\n/);
    log.dispose();
    assert.throws(() => log.info('late'), /Channel has been closed/);
    await fake.dispose();
  });

  it('fills in translated texts', async () => {
    start({ l10nBundle: { 'Hello {0}': 'Hallo {0}', 'Port {port}/a number': 'Anschluss {port}' } });
    const { t } = api.l10n;
    assert.equal(t('Hello {0}', 'you'), 'Hallo you');
    assert.equal(t('{0} of {1}', 1), '1 of {1}');
    assert.equal(t('{a}', { a: 'named' }), 'named');
    assert.equal(t({ message: 'Port {port}', args: { port: 1 }, comment: ['a number'] }), 'Anschluss 1');
    assert.ok(fake.l10n.keys.has('Port {port}/a number'));
    await fake.dispose();
  });

  it('keeps state and secrets over a reload', async () => {
    await fake.context.globalState.update('list', [1]);
    await fake.context.secrets.store('token', 'x');
    const { storage } = fake;
    await fake.dispose();
    start({ storage });
    assert.deepEqual(fake.context.globalState.get('list'), [1]);
    assert.notEqual(fake.context.globalState.get('list'), fake.context.globalState.get('list'), 'a copy each time');
    assert.equal(await fake.context.secrets.get('token'), 'x');
    assert.equal(api.extensions.getExtension(fake.manifest.extensionId.toUpperCase())?.id, 'thread-lens.thread-lens');
    await api.env.clipboard.writeText('copied');
    assert.equal(fake.environment.clipboard, 'copied');
    await fake.dispose();
  });
});
