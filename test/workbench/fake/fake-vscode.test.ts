import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Workbench } from '../../../src/workbench/workbench';
import { commandLinks } from './command-links';
import { createFakeVscode, type FakeVscode, type FakeVscodeOptions } from './fake-vscode';
import { InputBox, QuickPick } from './quick-input';

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

    it('include the hover command', async () => {
      const hover = new api.Hover(new api.MarkdownString('x'));
      const providers = [
        api.languages.registerHoverProvider({ scheme: 'untitled' }, { provideHover: () => hover }),
        api.languages.registerHoverProvider({ scheme: 'file' }, { provideHover: () => new api.Hover('not here') }),
        api.languages.registerHoverProvider('*', { provideHover: () => new api.Hover([]) }),
      ];
      const document = await fake.documents.open({ content: 'word' });
      const hovers = await api.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, new api.Position(0, 1));
      assert.deepEqual(hovers, [hover]);
      assert.ok(hover.range?.isEqual(new api.Range(0, 0, 0, 4)), 'the range of the word');
      api.Disposable.from(...providers).dispose();
      await fake.dispose();
    });
  });

  describe('settings', () => {
    it('have the defaults of package.json and are refused when not declared', async () => {
      const config = api.workspace.getConfiguration('threadLens');
      assert.equal(config.get('router.port'), 8787);
      assert.equal(config.get<{ host: string }>('router')?.host, '127.0.0.1');
      assert.equal((config['router'] as { port: number }).port, 8787);
      assert.equal(api.workspace.getConfiguration().get('threadLens.hover.enabled'), true);
      assert.equal(config.has('router.none'), false);
      assert.throws(() => config.get('router.none'), /threadLens\.router\.none is not declared/);
      await assert.rejects(async () => config.update('none', 1), /threadLens\.none is not declared/);
      await assert.rejects(async () => config.update('router.port', 1), /no workspace is opened/);
      await fake.dispose();
    });

    it('are layered, tell of changes, and wait for trust', async () => {
      start({ workspaceFolders: ['/project'], trusted: false, settings: { 'threadLens.router.port': 1 } });
      const events: string[] = [];
      fake.context.subscriptions.push(
        api.workspace.onDidChangeConfiguration((event) => {
          const asked = ['threadLens', 'threadLens.router', 'threadLens.router.port', 'threadLens.hover'];
          events.push(asked.map((section) => Number(event.affectsConfiguration(section))).join(''));
        }),
        api.workspace.onDidGrantWorkspaceTrust(() => events.push('trusted')),
      );
      const port = (): unknown => api.workspace.getConfiguration('threadLens').get('router.port');
      fake.configuration.set('threadLens.router.port', 2, 'workspace');
      assert.equal(port(), 1, 'restricted in an untrusted workspace');
      fake.grantTrust();
      assert.equal(port(), 2);
      await api.workspace.getConfiguration('threadLens').update('router.port', undefined, api.ConfigurationTarget.Workspace);
      assert.equal(port(), 1);
      fake.configuration.set('threadLens.router.port', 1);
      assert.deepEqual(events, ['1110', 'trusted', '1110']);
      assert.equal(api.workspace.getConfiguration('threadLens').inspect('router.port')?.globalValue, 1);
      await fake.dispose();
    });
  });

  describe('questions', () => {
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

  it('talks with webviews', async () => {
    const panel = api.window.createWebviewPanel('own.panel', 'Panel', api.ViewColumn.Active, { enableScripts: true });
    const page = fake.webviews.panel('own.panel');
    assert.equal(await panel.webview.postMessage({ early: true }), false, 'no page yet');
    panel.webview.html = '<p>';
    assert.equal(await panel.webview.postMessage({ a: 1, gone: undefined, bytes: new Uint8Array([1]) }), true);
    assert.deepEqual(page.webview.received, [{ a: 1, bytes: new Uint8Array([1]) }]);
    const heard: unknown[] = [];
    panel.webview.onDidReceiveMessage((message) => heard.push(message));
    page.webview.send({ ready: true });
    assert.deepEqual(heard, [{ ready: true }]);
    page.setState({ active: false, visible: false });
    assert.equal(await panel.webview.postMessage({}), false, 'hidden and not kept');
    assert.equal(panel.webview.asWebviewUri(api.Uri.file('/a.js')).toString(true), 'https://file+.vscode-resource.vscode-cdn.net/a.js');
    let ended = false;
    panel.onDidDispose(() => (ended = true));
    panel.dispose();
    assert.ok(ended);
    assert.throws(() => panel.webview.html, /Webview is disposed/);
    await fake.dispose();
  });

  it('lets users follow links', async () => {
    const { window, languages, TerminalLink, DocumentLink, Range, Uri, MarkdownString } = api;
    const handled: string[] = [];
    const registrations = [
      window.registerTerminalLinkProvider({
        provideTerminalLinks: ({ line }) => [new TerminalLink(line.indexOf('run_'), 5, 'Decode')],
        handleTerminalLink: (link) => void handled.push(link.tooltip ?? ''),
      }),
      window.registerUriHandler({ handleUri: (uri) => void handled.push(`${uri.path}?${uri.query}`) }),
      languages.registerDocumentLinkProvider('log', {
        provideDocumentLinks: () => [new DocumentLink(new Range(0, 0, 0, 1))],
        resolveDocumentLink: (link) => {
          link.target = Uri.parse('https://example.com');
          return link;
        },
      }),
    ];
    const [link] = await fake.terminalLinks.at('see run_1 here');
    assert.equal(link?.text, 'run_1');
    await link?.open();
    await fake.uriHandlers.open('/decode?id=run_1');
    assert.deepEqual(handled, ['Decode', '/decode?id=run_1']);
    const document = await fake.documents.open({ content: 'x', language: 'log' });
    assert.equal((await fake.languages.links(document))[0]?.target?.authority, 'example.com');
    const markdown = new MarkdownString(`[Copy](command:own.copy?${encodeURIComponent('["a b"]')}) [Bad](command:other)`);
    markdown.isTrusted = { enabledCommands: ['own.copy'] };
    assert.deepEqual(commandLinks(markdown), [
      { title: 'Copy', command: 'own.copy', args: ['a b'], enabled: true },
      { title: 'Bad', command: 'other', args: [], enabled: false },
    ]);
    api.Disposable.from(...registrations).dispose();
    await fake.dispose();
  });

  it('collects diagnostics', async () => {
    const { languages, Diagnostic, Range, Uri } = api;
    const collection = languages.createDiagnosticCollection('own');
    const uri = Uri.file('/a.log');
    const changes: string[] = [];
    const listener = languages.onDidChangeDiagnostics(({ uris }) => changes.push(...uris.map(String)));
    const diagnostic = new Diagnostic(new Range(0, 0, 0, 1), 'bad');
    collection.set(uri, [diagnostic]);
    assert.deepEqual(languages.getDiagnostics(uri), [diagnostic]);
    listener.dispose();
    collection.dispose();
    assert.deepEqual(languages.getDiagnostics(uri), []);
    assert.deepEqual(changes, ['file:///a.log']);
    assert.throws(() => collection.get(uri), /object is disposed/);
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
