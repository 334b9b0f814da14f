import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { commandLinks } from './command-links';
import { createFakeVscode, type FakeVscode } from './fake-vscode';

describe('language features of the fake VS Code', () => {
  let fake: FakeVscode;
  let api: typeof vscode;

  beforeEach(() => {
    fake = createFakeVscode();
    ({ api } = fake);
  });

  it('answer hovers through the command', async () => {
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

  it('asks every kind of language provider', async () => {
    const { languages, workspace, CodeLens, CodeAction, CodeActionKind, InlayHint, Diagnostic, Position, Range, WorkspaceEdit } = api;
    const first = new Range(0, 0, 0, 3);
    const collection = languages.createDiagnosticCollection('own');
    const registrations = [
      collection,
      languages.registerCodeLensProvider('log', {
        provideCodeLenses: () => [new CodeLens(first)],
        resolveCodeLens: (lens) => new CodeLens(lens.range, { title: 'resolved', command: 'x' }),
      }),
      languages.registerInlayHintsProvider('log', {
        provideInlayHints: (_, range) => [new InlayHint(range.end, 'end')],
      }),
      languages.registerCodeActionsProvider('log', {
        provideCodeActions: (document, range, { diagnostics }) =>
          diagnostics.map(({ message }) => {
            const action = new CodeAction(`Fix ${message}`, CodeActionKind.QuickFix.append('own'));
            action.edit = new WorkspaceEdit();
            action.edit.replace(document.uri, range, 'new');
            return action;
          }),
      }),
      languages.registerHoverProvider('log', {
        provideHover: () => {
          throw new Error('bad provider');
        },
      }),
    ];
    const document = await fake.documents.open({ content: 'old text', language: 'log' });
    collection.set(document.uri, [new Diagnostic(first, 'it')]);
    assert.equal((await fake.languages.codeLenses(document))[0]?.command?.title, 'resolved');
    assert.ok((await fake.languages.inlayHints(document))[0]?.position.isEqual(new Position(0, 8)));
    const [action] = (await fake.languages.codeActions(document, first)) as vscode.CodeAction[];
    assert.deepEqual([action?.title, action?.kind?.value], ['Fix it', 'quickfix.own']);
    assert.ok(CodeActionKind.QuickFix.contains(action!.kind!) && !CodeActionKind.Refactor.intersects(action!.kind!));
    assert.equal(await workspace.applyEdit(action!.edit!), true);
    assert.deepEqual([document.getText(), document.version, document.isDirty], ['new text', 2, true]);
    assert.deepEqual(await fake.languages.hover(document, new Position(0, 0)), []);
    assert.match(fake.ledger.takeProblem(/hover provider/) ?? '', /threw Error: bad provider/);
    api.Disposable.from(...registrations).dispose();
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
});
