import { type CharSet, type Node, parsePattern, PatternError } from './pattern-parser';

/** Most instructions; counted repetitions multiply. */
const MAX_PROGRAM = 5_000;
/** Most states kept; beyond it they are built anew, which costs time but stays linear. */
const MAX_STATES = 400;

type Instruction =
  | { readonly kind: 'char'; readonly set: CharSet }
  | { readonly kind: 'start' | 'end' | 'match' }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number };

/** A set of places in the program at which a match may go on. */
interface State {
  readonly places: readonly number[];
  readonly matches: boolean;
  readonly matchesAtEnd: boolean;
  readonly next: Map<number, State>;
}

/**
 * A regular expression that is matched in time linear in the text (SECURITY 14): all alternatives advance together, one
 * character at a time (Thompson's construction), and sets of places met before are remembered.
 */
export class LinearPattern {
  private readonly program: Instruction[] = [];
  private states = new Map<string, State>();
  private readonly first: State;
  /** Of the empty text, the only one whose start is its end. */
  private readonly matchesEmpty: boolean;

  /** @throws {PatternError} for what is no regular expression, too long, or not matchable in linear time. */
  constructor(source: string) {
    this.compile(parsePattern(source));
    this.emit({ kind: 'match' });
    this.first = this.state(this.closure([0], true, false));
    this.matchesEmpty = this.includesMatch(this.closure([0], true, true));
  }

  /** Whether the expression matches anywhere in the text. */
  test(text: string): boolean {
    if (text === '') return this.matchesEmpty;
    let state = this.first;
    for (let at = 0; ; at++) {
      if (state.matches) return true;
      if (at === text.length) return state.matchesAtEnd;
      const code = text.charCodeAt(at);
      let next = state.next.get(code);
      if (!next) {
        next = this.step(state, code);
        state.next.set(code, next);
      }
      state = next;
    }
  }

  private step(state: State, code: number): State {
    const reached: number[] = [];
    for (const place of state.places) {
      const instruction = this.program[place];
      if (instruction?.kind === 'char' && has(instruction.set, code)) reached.push(place + 1);
    }
    // A match may also begin after this character.
    return this.state(this.closure([...reached, 0], false, false));
  }

  private state(places: readonly number[]): State {
    const key = places.join();
    const known = this.states.get(key);
    if (known) return known;
    if (this.states.size >= MAX_STATES) {
      for (const state of this.states.values()) state.next.clear();
      this.states = new Map();
    }
    const state: State = {
      places,
      matches: this.includesMatch(places),
      matchesAtEnd: this.includesMatch(this.closure(places, false, true)),
      next: new Map(),
    };
    this.states.set(key, state);
    return state;
  }

  private includesMatch(places: readonly number[]): boolean {
    return places.some((place) => this.program[place]?.kind === 'match');
  }

  /** All places reached from these without a character, in order. */
  private closure(from: readonly number[], atStart: boolean, atEnd: boolean): number[] {
    const seen = new Set<number>();
    const open = [...from];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (seen.has(place)) continue;
      seen.add(place);
      const instruction = this.program[place];
      if (instruction?.kind === 'split') open.push(instruction.first, instruction.second);
      else if (instruction?.kind === 'jump') open.push(instruction.to);
      else if (instruction?.kind === 'start' && atStart) open.push(place + 1);
      else if (instruction?.kind === 'end' && atEnd) open.push(place + 1);
    }
    return [...seen].filter((place) => {
      const kind = this.program[place]?.kind;
      return kind === 'char' || kind === 'match' || kind === 'end';
    }).sort((a, b) => a - b);
  }

  private emit(instruction: Instruction): number {
    if (this.program.length >= MAX_PROGRAM) throw new PatternError('not_linear', 'expected a regular expression with fewer repetitions in one another');
    return this.program.push(instruction) - 1;
  }

  private compile(node: Node): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'char':
        this.emit({ kind: 'char', set: node.set });
        return;
      case 'start':
      case 'end':
        this.emit({ kind: node.kind });
        return;
      case 'sequence':
        for (const part of node.parts) this.compile(part);
        return;
      case 'choice':
        this.compileChoice(node.parts);
        return;
      case 'repeat':
        this.compileRepeat(node.part, node.min, node.max);
    }
  }

  private compileChoice(parts: readonly Node[]): void {
    const ends: number[] = [];
    parts.forEach((part, index) => {
      if (index === parts.length - 1) {
        this.compile(part);
        return;
      }
      const split = this.emit({ kind: 'split', first: 0, second: 0 });
      this.compile(part);
      ends.push(this.emit({ kind: 'jump', to: 0 }));
      this.program[split] = { kind: 'split', first: split + 1, second: this.program.length };
    });
    for (const end of ends) this.program[end] = { kind: 'jump', to: this.program.length };
  }

  private compileRepeat(part: Node, min: number, max: number): void {
    for (let count = 0; count < min; count++) {
      const before = this.program.length;
      this.compile(part);
      // Repeated nothing is nothing; nested, its copies would never come to an end.
      if (this.program.length === before) break;
    }
    if (max === Infinity) {
      const split = this.emit({ kind: 'split', first: 0, second: 0 });
      this.compile(part);
      this.emit({ kind: 'jump', to: split });
      this.program[split] = { kind: 'split', first: split + 1, second: this.program.length };
      return;
    }
    const splits: number[] = [];
    for (let count = min; count < max; count++) {
      splits.push(this.emit({ kind: 'split', first: 0, second: 0 }));
      this.compile(part);
    }
    for (const split of splits) this.program[split] = { kind: 'split', first: split + 1, second: this.program.length };
  }
}

function has(set: CharSet, code: number): boolean {
  for (const [from, to] of set.ranges) if (code >= from && code <= to) return !set.negated;
  return set.negated;
}
