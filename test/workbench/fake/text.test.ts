import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type * as vscode from 'vscode';
import { createFakeVscode, type FakeVscode } from './fake-vscode';
import { wordAt } from './word-at';

describe('texts and addresses of the fake VS Code', () => {
  let fake: FakeVscode;

  beforeEach(() => {
    fake = createFakeVscode();
  });

  afterEach(() => fake.dispose());

  it('reads and writes URIs as VS Code does', () => {
    const { Uri } = fake.api;
    const cases: [string, string][] = [
      ['http://127.0.0.1:8787', 'http://127.0.0.1:8787/'],
      ['https://USER:p@Host.example:80/a b?x=1&y=2#f:g', 'https://USER:p@host.example:80/a%20b?x%3D1%26y%3D2#f%3Ag'],
      ['/c:/x', 'file:///c%3A/x'],
      ['file:///C:/x', 'file:///c%3A/x'],
      ['thread-lens:/Routing of thread_1.md', 'thread-lens:/Routing%20of%20thread_1.md'],
      ['untitled:Untitled-1', 'untitled:Untitled-1'],
      ['file:///a%zz%20b', 'file:///a%25zz%20b'],
    ];
    for (const [text, formatted] of cases) assert.equal(Uri.parse(text).toString(), formatted);
    assert.equal(Uri.parse('ws://h/a?x=1&y').toString(true), 'ws://h/a?x=1&y');
    assert.equal(Uri.file('//server/share/f').authority, 'server');
    assert.equal(Uri.joinPath(Uri.parse('http://h/a/b?q'), '../c').toString(true), 'http://h/a/c?q');
    assert.throws(() => Uri.joinPath(Uri.parse('x:'), 'a'), /without path/);
    assert.throws(() => Uri.parse('/a', true), /Scheme is missing/);
    assert.throws(() => Uri.from({ scheme: 'a b' }), /illegal characters/);
    assert.throws(() => Uri.from({ scheme: 'x', authority: 'h', path: 'a' }), /begin with a slash/);
    assert.throws(() => Uri.parse('file:///a').with({ scheme: 'x', path: '//a' }), /two slash/);
    const uri = Uri.parse('a:/b');
    assert.equal(uri.with({ path: '/b' }), uri);
    assert.equal(uri.with({ fragment: 'f' }).fragment, 'f');
    assert.equal(Uri.file('/a/b').fsPath, '/a/b');
  });

  it('gives back any component of a URI', () => {
    const { Uri } = fake.api;
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(text, text, text, (name, query, fragment) => {
        const uri = Uri.from({ scheme: 'x', path: `/p${name}`, query, fragment });
        const again = Uri.parse(uri.toString());
        assert.deepEqual([again.path, again.query, again.fragment], [uri.path, query, fragment]);
      }),
    );
  });

  it('orders positions and ranges', () => {
    const { Position, Range, Selection } = fake.api;
    const range = new Range(3, 5, 1, 2);
    assert.deepEqual([range.start.line, range.end.line], [1, 3]);
    assert.ok(range.contains(new Position(3, 5)) && !range.contains(new Position(3, 6)));
    assert.equal(range.intersection(new Range(4, 0, 5, 0)), undefined);
    assert.ok(range.intersection(new Range(3, 5, 9, 0))?.isEmpty);
    assert.ok(range.union(new Range(0, 0, 0, 1)).isEqual(new Range(0, 0, 3, 5)));
    assert.ok(new Selection(2, 0, 1, 0).isReversed);
    assert.ok(new Position(1, 2).translate({ characterDelta: 3 }).isEqual(new Position(1, 5)));
    assert.throws(() => new Position(-1, 0), /non-negative/);
    assert.throws(() => new Position(0, 0).translate(0, -1), /non-negative/);
  });

  it('cuts documents into lines', async () => {
    const { Position, Range, EndOfLine } = fake.api;
    const document = await fake.documents.open({ content: 'ab\r\n  cd\r\n\nx' });
    assert.equal(document.eol, EndOfLine.CRLF);
    assert.equal(document.getText(), 'ab\r\n  cd\r\n\r\nx');
    assert.equal(document.lineCount, 4);
    const line = document.lineAt(1);
    assert.deepEqual([line.text, line.firstNonWhitespaceCharacterIndex, line.isEmptyOrWhitespace], ['  cd', 2, false]);
    assert.ok(line.rangeIncludingLineBreak.isEqual(new Range(1, 0, 2, 0)));
    assert.throws(() => document.lineAt(4), /Illegal value for `line`/);
    assert.ok(document.positionAt(3).isEqual(new Position(0, 2)), 'inside the end of a line');
    assert.ok(document.validatePosition(new Position(9, 9)).isEqual(new Position(3, 1)));
    assert.equal(document.getText(new Range(0, 1, 1, 3)), 'b\r\n  c');
    fc.assert(
      fc.property(fc.nat(document.getText().length), (offset) => {
        const back = document.offsetAt(document.positionAt(offset));
        assert.ok(back === offset || (back === offset - 1 && document.getText()[offset] === '\n'));
      }),
    );
  });

  it('finds the word at a position', async () => {
    const { Position, Range } = fake.api;
    const document = await fake.documents.open({ content: 'go thread_1-run, x' });
    const at = (character: number, expression?: RegExp) => document.getWordRangeAtPosition(new Position(0, character), expression);
    assert.ok(at(5)?.isEqual(new Range(0, 3, 0, 11)));
    assert.ok(at(11)?.isEqual(new Range(0, 3, 0, 11)), 'the end of a word still touches it');
    assert.ok(at(14, /[\w-]+/)?.isEqual(new Range(0, 3, 0, 15)));
    assert.equal(at(16), undefined);
    assert.throws(() => at(3, /\w*/), /matches the empty string/);
    const long = `${'-'.repeat(600)}${'w'.repeat(1200)}`;
    assert.deepEqual(wordAt(long, 1200), { start: 701, end: 1701 }, 'words of long lines are cut');
  });

  it('escapes text in Markdown', () => {
    const { MarkdownString } = fake.api;
    const text = (value: string, icons = false): string => new MarkdownString('', icons).appendText(value).value;
    assert.equal(text('a_b *c* [d](e) <f>\n- g-h'), 'a\\_b&nbsp;\\*c\\*&nbsp;\\[d\\]\\(e\\)&nbsp;<f\\>\n\n\\-&nbsp;g-h');
    assert.equal(text('$(zap)'), '$\\(zap\\)');
    assert.equal(text('$(zap)', true), '\\\\$\\(zap\\)');
    assert.equal(new MarkdownString().appendCodeblock('a\n````', 'log').value, '\n`````log\na\n````\n`````\n');
  });

  it('opens documents of providers and follows their changes', async () => {
    const { workspace, EventEmitter, Uri } = fake.api;
    const changed = new EventEmitter<vscode.Uri>();
    let text = 'one';
    const registration = workspace.registerTextDocumentContentProvider('own', {
      onDidChange: changed.event,
      provideTextDocumentContent: () => text,
    });
    const uri = Uri.parse('own:/a.md');
    const document = await workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'markdown');
    assert.equal(await workspace.openTextDocument(uri), document);
    const versions: number[] = [];
    const listener = workspace.onDidChangeTextDocument((event) => versions.push(event.document.version));
    changed.fire(uri);
    text = 'two';
    changed.fire(uri);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(document.getText(), 'two');
    assert.deepEqual(versions, [2]);
    await assert.rejects(async () => workspace.openTextDocument(Uri.parse('other:/x')), /Unable to resolve resource other:\/x/);
    for (const disposable of [listener, registration, changed]) disposable.dispose();
  });

  it('keeps selections on their text through edits', async () => {
    const { window, Position, Range, Selection } = fake.api;
    const editor = await window.showTextDocument(await fake.documents.open({ content: 'abc def' }));
    editor.selection = new Selection(0, 4, 0, 7);
    assert.equal(await editor.edit((edit) => edit.replace(editor.selection, 'thread_1')), true);
    assert.equal(editor.document.getText(editor.selection), 'thread_1');
    await editor.edit((edit) => edit.insert(new Position(0, 0), '> '));
    assert.equal(editor.document.getText(editor.selection), 'thread_1');
    await assert.rejects(async () =>
      editor.edit((edit) => {
        edit.delete(new Range(0, 0, 0, 3));
        edit.delete(new Range(0, 2, 0, 4));
      }),
    /Overlapping/);
    const output = fake.documents.add(fake.api.Uri.parse('output:log'), 'x', 'Log');
    const readOnly = await window.showTextDocument(output);
    assert.equal(await readOnly.edit((edit) => edit.insert(new Position(0, 0), 'y')), false);
  });

  it('scores selectors and finds files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fake-vscode-files-'));
    try {
      for (const name of ['a.log', 'b.txt']) writeFileSync(join(folder, name), name);
      const { languages, workspace, RelativePattern } = fake.api;
      const document = await workspace.openTextDocument(join(folder, 'a.log'));
      const scores = ['*', 'log', 'json', { scheme: 'file' }, { scheme: 'file', language: 'json' }, { pattern: '**/*.log' }, [{ language: '*' }, 'log']];
      assert.deepEqual(
        scores.map((selector) => languages.match(selector, document)),
        [5, 10, 0, 10, 0, 10, 10],
      );
      const found = await workspace.findFiles(new RelativePattern(folder, '*.{log,txt}'), '**/b.*');
      assert.deepEqual(found.map(({ fsPath }) => fsPath), [join(folder, 'a.log')]);
      assert.equal(new TextDecoder().decode(await workspace.fs.readFile(found[0]!)), 'a.log');
      await assert.rejects(async () => workspace.fs.stat(fake.api.Uri.file(join(folder, 'c'))), { code: 'FileNotFound' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
