import type * as vscode from 'vscode';

/** `vscode.Position`: zero-based, never negative. */
export class Position implements vscode.Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {
    if (line < 0) throw new Error('illegal argument: line must be non-negative');
    if (character < 0) throw new Error('illegal argument: character must be non-negative');
  }

  isBefore(other: vscode.Position): boolean {
    return this.compareTo(other) < 0;
  }

  isBeforeOrEqual(other: vscode.Position): boolean {
    return this.compareTo(other) <= 0;
  }

  isAfter(other: vscode.Position): boolean {
    return this.compareTo(other) > 0;
  }

  isAfterOrEqual(other: vscode.Position): boolean {
    return this.compareTo(other) >= 0;
  }

  isEqual(other: vscode.Position): boolean {
    return this.compareTo(other) === 0;
  }

  compareTo(other: vscode.Position): number {
    return Math.sign(this.line - other.line || this.character - other.character);
  }

  translate(lineDelta?: number | { lineDelta?: number; characterDelta?: number }, characterDelta = 0): Position {
    if (typeof lineDelta === 'object') return this.translate(lineDelta.lineDelta ?? 0, lineDelta.characterDelta ?? 0);
    return new Position(this.line + (lineDelta ?? 0), this.character + characterDelta);
  }

  with(line?: number | { line?: number; character?: number }, character = this.character): Position {
    if (typeof line === 'object') return this.with(line.line ?? this.line, line.character ?? this.character);
    return new Position(line ?? this.line, character);
  }

  toJSON(): object {
    return { line: this.line, character: this.character };
  }
}
