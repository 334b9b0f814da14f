import type * as vscode from 'vscode';
import { enums } from './enums';
import { Position } from './position';
import { Range } from './range';
import { TextLines } from './text-lines';
import { wordAt } from './word-at';

/** One open document. Its text changes only through `edit` and `setText`, which the documents of the fake call. */
export class TextDocument implements vscode.TextDocument {
  private content: TextLines;
  version = 1;
  isDirty = false;
  isClosed = false;
  readonly encoding = 'utf8';

  constructor(
    readonly uri: vscode.Uri,
    public languageId: string,
    text: string,
    private readonly write: (document: TextDocument) => Promise<boolean>,
  ) {
    this.content = new TextLines(text);
  }

  get fileName(): string {
    return this.uri.fsPath;
  }

  get isUntitled(): boolean {
    return this.uri.scheme === 'untitled';
  }

  get eol(): vscode.EndOfLine {
    return this.content.eol === '\n' ? enums.EndOfLine.LF : enums.EndOfLine.CRLF;
  }

  get lineCount(): number {
    return this.content.lines.length;
  }

  getText(range?: vscode.Range): string {
    return range ? this.content.slice(this.validateRange(range)) : this.content.text;
  }

  lineAt(lineOrPosition: number | vscode.Position): vscode.TextLine {
    const line = typeof lineOrPosition === 'number' ? lineOrPosition : lineOrPosition.line;
    const text = this.content.lines[line];
    if (text === undefined) throw new Error('Illegal value for `line`');
    const isLast = line === this.lineCount - 1;
    const firstNonWhitespaceCharacterIndex = /^\s*/.exec(text)?.[0].length ?? 0;
    return {
      lineNumber: line,
      text,
      range: new Range(line, 0, line, text.length),
      rangeIncludingLineBreak: isLast ? new Range(line, 0, line, text.length) : new Range(line, 0, line + 1, 0),
      firstNonWhitespaceCharacterIndex,
      isEmptyOrWhitespace: firstNonWhitespaceCharacterIndex === text.length,
    };
  }

  offsetAt(position: vscode.Position): number {
    return this.content.offsetAt(this.validatePosition(position));
  }

  positionAt(offset: number): Position {
    return this.content.positionAt(offset);
  }

  validatePosition(position: vscode.Position): Position {
    if (!(position instanceof Position)) throw new Error('Invalid argument');
    return this.content.clamp(position);
  }

  validateRange(range: vscode.Range): Range {
    if (!(range instanceof Range)) throw new Error('Invalid argument');
    return this.content.clampRange(range);
  }

  getWordRangeAtPosition(position: vscode.Position, expression?: RegExp): Range | undefined {
    const { line, character } = this.validatePosition(position);
    const word = wordAt(this.content.lines[line] ?? '', character, expression);
    return word ? new Range(line, word.start, line, word.end) : undefined;
  }

  save(): Promise<boolean> {
    return this.write(this);
  }

  /**
   * Applies edits made against one and the same text.
   * @throws when two of them overlap.
   */
  edit(edits: readonly { range: vscode.Range; text: string }[]): vscode.TextDocumentContentChangeEvent[] {
    const changes = edits
      .map(({ range, text }) => {
        const valid = this.validateRange(range);
        const rangeOffset = this.offsetAt(valid.start);
        return { range: valid, rangeOffset, rangeLength: this.offsetAt(valid.end) - rangeOffset, text };
      })
      .toSorted((a, b) => b.rangeOffset - a.rangeOffset);
    let whole = this.content.text;
    let before = Infinity;
    for (const { rangeOffset, rangeLength, text } of changes) {
      if (rangeOffset + rangeLength > before) throw new Error('Overlapping ranges are not allowed!');
      whole = whole.slice(0, rangeOffset) + text + whole.slice(rangeOffset + rangeLength);
      before = rangeOffset;
    }
    this.content = new TextLines(whole);
    this.version += 1;
    return changes;
  }

  /** Replaces all of it; answers the change, or nothing when the text is the same. */
  setText(text: string): vscode.TextDocumentContentChangeEvent[] {
    if (new TextLines(text).text === this.content.text) return [];
    return this.edit([{ range: new Range(0, 0, this.lineCount, 0), text }]);
  }
}
