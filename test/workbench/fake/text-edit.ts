import type * as vscode from 'vscode';
import { Range } from './range';

/** `vscode.TextEdit`. */
export class TextEdit implements vscode.TextEdit {
  newEol?: vscode.EndOfLine;

  constructor(
    public range: vscode.Range,
    public newText: string,
  ) {}

  static replace(range: vscode.Range, newText: string): TextEdit {
    return new TextEdit(range, newText);
  }

  static insert(position: vscode.Position, newText: string): TextEdit {
    return new TextEdit(new Range(position, position), newText);
  }

  static delete(range: vscode.Range): TextEdit {
    return new TextEdit(range, '');
  }
}

/** `vscode.WorkspaceEdit`, for text edits. */
export class WorkspaceEdit {
  private readonly edits = new Map<string, { uri: vscode.Uri; edits: vscode.TextEdit[] }>();

  get size(): number {
    return this.edits.size;
  }

  replace(uri: vscode.Uri, range: vscode.Range, newText: string): void {
    this.add(uri, TextEdit.replace(range, newText));
  }

  insert(uri: vscode.Uri, position: vscode.Position, newText: string): void {
    this.add(uri, TextEdit.insert(position, newText));
  }

  delete(uri: vscode.Uri, range: vscode.Range): void {
    this.add(uri, TextEdit.delete(range));
  }

  has(uri: vscode.Uri): boolean {
    return this.edits.has(uri.toString());
  }

  set(uri: vscode.Uri, edits: readonly vscode.TextEdit[] | undefined): void {
    if (edits) this.edits.set(uri.toString(), { uri, edits: [...edits] });
    else this.edits.delete(uri.toString());
  }

  get(uri: vscode.Uri): vscode.TextEdit[] {
    return this.edits.get(uri.toString())?.edits ?? [];
  }

  entries(): [vscode.Uri, vscode.TextEdit[]][] {
    return [...this.edits.values()].map(({ uri, edits }) => [uri, edits]);
  }

  private add(uri: vscode.Uri, edit: vscode.TextEdit): void {
    this.set(uri, [...this.get(uri), edit]);
  }
}
