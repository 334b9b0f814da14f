import type * as vscode from 'vscode';
import { Position } from './position';
import { Range } from './range';

/** The text of a document cut into lines. Ends of lines are made the same, as VS Code's text model does at load. */
export class TextLines {
  readonly lines: readonly string[];
  readonly eol: '\n' | '\r\n';
  readonly text: string;
  /** Offset of each line's first character. */
  private readonly starts: number[] = [];

  constructor(text: string) {
    const crlf = text.match(/\r\n/g)?.length ?? 0;
    const all = text.match(/\r\n|\r|\n/g)?.length ?? 0;
    this.eol = crlf > all / 2 ? '\r\n' : '\n';
    this.lines = text.split(/\r\n|\r|\n/);
    this.text = this.lines.join(this.eol);
    let offset = 0;
    for (const line of this.lines) {
      this.starts.push(offset);
      offset += line.length + this.eol.length;
    }
  }

  /** The nearest position that exists. */
  clamp(position: vscode.Position): Position {
    if (position.line >= this.lines.length) {
      const last = this.lines.length - 1;
      return new Position(last, this.length(last));
    }
    return new Position(position.line, Math.min(position.character, this.length(position.line)));
  }

  clampRange(range: vscode.Range): Range {
    return new Range(this.clamp(range.start), this.clamp(range.end));
  }

  offsetAt(position: vscode.Position): number {
    const { line, character } = this.clamp(position);
    return (this.starts[line] ?? 0) + character;
  }

  /** An offset inside `\r\n` is the end of its line. */
  positionAt(offset: number): Position {
    const wanted = Math.max(0, Math.floor(offset));
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= wanted) low = middle;
      else high = middle;
    }
    return this.clamp(new Position(low, wanted - (this.starts[low] ?? 0)));
  }

  slice(range: vscode.Range): string {
    return this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end));
  }

  private length(line: number): number {
    return this.lines[line]?.length ?? 0;
  }
}
