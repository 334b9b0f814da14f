import type * as vscode from 'vscode';
import { Position } from './position';

/** `vscode.Range`: start and end are put in order. */
export class Range implements vscode.Range {
  readonly start: Position;
  readonly end: Position;

  constructor(start: vscode.Position, end: vscode.Position);
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number);
  constructor(a: vscode.Position | number, b: vscode.Position | number, endLine?: number, endCharacter?: number) {
    const [from, to] = readPositions(a, b, endLine, endCharacter);
    [this.start, this.end] = from.isBeforeOrEqual(to) ? [from, to] : [to, from];
  }

  get isEmpty(): boolean {
    return this.start.isEqual(this.end);
  }

  get isSingleLine(): boolean {
    return this.start.line === this.end.line;
  }

  contains(other: vscode.Position | vscode.Range): boolean {
    if ('start' in other) return this.contains(other.start) && this.contains(other.end);
    return this.start.isBeforeOrEqual(other) && this.end.isAfterOrEqual(other);
  }

  isEqual(other: vscode.Range): boolean {
    return this.start.isEqual(other.start) && this.end.isEqual(other.end);
  }

  intersection(other: vscode.Range): Range | undefined {
    const start = this.start.isAfter(other.start) ? this.start : other.start;
    const end = this.end.isBefore(other.end) ? this.end : other.end;
    return start.isAfter(end) ? undefined : new Range(start, end);
  }

  union(other: vscode.Range): Range {
    const start = this.start.isBefore(other.start) ? this.start : other.start;
    const end = this.end.isAfter(other.end) ? this.end : other.end;
    return new Range(start, end);
  }

  with(start?: vscode.Position | { start?: vscode.Position; end?: vscode.Position }, end?: vscode.Position): Range {
    if (start !== undefined && !('line' in start)) return this.with(start.start, start.end);
    return new Range(start ?? this.start, end ?? this.end);
  }

  toJSON(): unknown {
    return [this.start, this.end];
  }
}

/** `vscode.Selection`: a range that knows which end the cursor is at. */
export class Selection extends Range implements vscode.Selection {
  readonly anchor: Position;
  readonly active: Position;

  constructor(anchor: vscode.Position, active: vscode.Position);
  constructor(anchorLine: number, anchorCharacter: number, activeLine: number, activeCharacter: number);
  constructor(a: vscode.Position | number, b: vscode.Position | number, activeLine?: number, activeCharacter?: number) {
    const [anchor, active] = readPositions(a, b, activeLine, activeCharacter);
    super(anchor, active);
    this.anchor = anchor;
    this.active = active;
  }

  get isReversed(): boolean {
    return this.anchor === this.end && !this.isEmpty;
  }

  override toJSON(): unknown {
    return { start: this.start, end: this.end, active: this.active, anchor: this.anchor };
  }
}

/** `vscode.Location`. */
export class Location implements vscode.Location {
  readonly range: vscode.Range;

  constructor(
    readonly uri: vscode.Uri,
    rangeOrPosition: vscode.Range | vscode.Position,
  ) {
    this.range = 'start' in rangeOrPosition ? rangeOrPosition : new Range(rangeOrPosition, rangeOrPosition);
  }
}

function readPositions(
  a: vscode.Position | number,
  b: vscode.Position | number,
  line: number | undefined,
  character: number | undefined,
): [Position, Position] {
  if (typeof a === 'number' && typeof b === 'number' && typeof line === 'number' && typeof character === 'number') {
    return [new Position(a, b), new Position(line, character)];
  }
  if (a instanceof Position && b instanceof Position) return [a, b];
  throw new Error('Invalid arguments');
}
