import { PatternError, type PatternNode } from './pattern-node';
import { parsePattern } from './parse-pattern';

/** One instruction of a compiled pattern. `next` and `other` are addresses. */
type Instruction =
  | { readonly op: 'unit'; readonly accepts: (code: number) => boolean }
  | { op: 'split'; next: number; other: number }
  | { op: 'jump'; next: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'match' };

/** A pattern that matches whole texts in time linear in their length, whatever the pattern (Thompson 1968, Pike 1987). */
export interface LinearPattern {
  readonly source: string;
  /** Names of its groups, in order. */
  readonly names: readonly string[];
  /** The text every match starts with; may be empty. */
  readonly prefix: string;
  /** Its named groups when all of `text` matches. A group that took no part is left out. */
  match(text: string): Readonly<Record<string, string>> | undefined;
}

/** Work for one text is at most instructions times characters: 128,000 steps, a millisecond. */
const MOST_INSTRUCTIONS = 500;
/** Longer texts do not match: no ID is that long. */
export const LONGEST_MATCHED = 256;

class Compiler {
  readonly program: Instruction[] = [];
  #emitted = 0;

  emit(node: PatternNode): void {
    // Counted here and not only per instruction: repetitions of nothing inside each other would write none and never end.
    if (++this.#emitted > MOST_INSTRUCTIONS * 4) this.#failTooBig();
    switch (node.type) {
      case 'literal': {
        const wanted = node.character.charCodeAt(0);
        this.#add({ op: 'unit', accepts: (code) => code === wanted });
        break;
      }
      case 'unit':
        this.#add({ op: 'unit', accepts: node.accepts });
        break;
      case 'sequence':
        for (const item of node.items) this.emit(item);
        break;
      case 'choice':
        this.#emitChoice(node.options);
        break;
      case 'capture':
        this.#add({ op: 'save', slot: node.group * 2 });
        this.emit(node.item);
        this.#add({ op: 'save', slot: node.group * 2 + 1 });
        break;
      case 'repeat':
        this.#emitRepeat(node);
        break;
    }
  }

  finish(): void {
    this.#add({ op: 'match' });
  }

  #add<T extends Instruction>(instruction: T): T {
    if (this.program.length >= MOST_INSTRUCTIONS) this.#failTooBig();
    this.program.push(instruction);
    return instruction;
  }

  #failTooBig(): never {
    throw new PatternError('too-big', `expected a pattern of at most ${MOST_INSTRUCTIONS} steps with its repetitions written out`, 0);
  }

  #emitChoice(options: readonly PatternNode[]): void {
    const jumps: { next: number }[] = [];
    for (const [i, option] of options.entries()) {
      if (i === options.length - 1) {
        this.emit(option);
        break;
      }
      const split = this.#split(true);
      this.emit(option);
      jumps.push(this.#add({ op: 'jump', next: 0 }));
      split.skip();
    }
    for (const jump of jumps) jump.next = this.program.length;
  }

  #emitRepeat({ item, min, max, greedy }: PatternNode & { type: 'repeat' }): void {
    for (let i = 0; i < min; i++) this.emit(item);
    if (max === Infinity) {
      const start = this.program.length;
      const split = this.#split(greedy);
      this.emit(item);
      this.#add({ op: 'jump', next: start });
      split.skip();
      return;
    }
    const splits = [];
    for (let i = min; i < max; i++) {
      splits.push(this.#split(greedy));
      this.emit(item);
    }
    for (const split of splits) split.skip();
  }

  /** Goes on with what follows first if `here`, with what `skip` marks otherwise. */
  #split(here: boolean): { skip(): void } {
    const split = this.#add({ op: 'split', next: 0, other: 0 });
    const address = this.program.length;
    if (here) split.next = address;
    else split.other = address;
    return {
      skip: () => {
        if (here) split.other = this.program.length;
        else split.next = this.program.length;
      },
    };
  }
}

/** The states a match may be in at one place of the text, in order of preference, each at most once. */
class States {
  readonly addresses: number[] = [];
  readonly captures: (readonly number[])[] = [];
  readonly #seen: Uint8Array;

  constructor(readonly program: readonly Instruction[]) {
    this.#seen = new Uint8Array(program.length);
  }

  clear(): void {
    this.addresses.length = 0;
    this.captures.length = 0;
    this.#seen.fill(0);
  }

  /** Adds the state at `address` and those it reaches without reading a character. */
  add(address: number, captures: readonly number[], at: number): void {
    const pending: [number, readonly number[]][] = [[address, captures]];
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      const [next, held] = state;
      if (this.#seen[next] === 1) continue;
      this.#seen[next] = 1;
      const instruction = this.program[next];
      switch (instruction?.op) {
        case 'jump':
          pending.push([instruction.next, held]);
          break;
        case 'split':
          // The preferred branch is pushed last, so that it is taken first.
          pending.push([instruction.other, held], [instruction.next, held]);
          break;
        case 'save':
          pending.push([next + 1, held.with(instruction.slot, at)]);
          break;
        default:
          this.addresses.push(next);
          this.captures.push(held);
      }
    }
  }
}

function literalPrefix(node: PatternNode): string {
  switch (node.type) {
    case 'literal':
      return node.character;
    case 'sequence': {
      let prefix = '';
      for (const item of node.items) {
        prefix += literalPrefix(item);
        if (item.type !== 'literal') break;
      }
      return prefix;
    }
    default:
      return '';
  }
}

/**
 * Compiles a pattern. It matches whole texts only, by following all alternatives at once instead of one after the other, so
 * no pattern and no text make it slow.
 * @throws {PatternError} when it cannot be read, needs backtracking, or is too big.
 */
export function compilePattern(source: string): LinearPattern {
  const { node, names } = parsePattern(source);
  const compiler = new Compiler();
  compiler.emit(node);
  compiler.finish();
  const { program } = compiler;
  const noCaptures: readonly number[] = Array.from({ length: names.length * 2 }, () => -1);

  function run(text: string): readonly number[] | undefined {
    let current = new States(program);
    let following = new States(program);
    current.add(0, noCaptures, 0);
    for (let at = 0; at < text.length && current.addresses.length > 0; at++) {
      const code = text.charCodeAt(at);
      following.clear();
      for (const [i, address] of current.addresses.entries()) {
        const instruction = program[address];
        if (instruction?.op === 'unit' && instruction.accepts(code)) following.add(address + 1, current.captures[i] ?? noCaptures, at + 1);
      }
      [current, following] = [following, current];
    }
    return current.captures[current.addresses.indexOf(program.length - 1)];
  }

  return {
    source,
    names,
    prefix: literalPrefix(node),
    match(text) {
      const captures = text.length > LONGEST_MATCHED ? undefined : run(text);
      if (!captures) return undefined;
      const groups: Record<string, string> = {};
      for (const [i, name] of names.entries()) {
        const [start = -1, end = -1] = captures.slice(i * 2, i * 2 + 2);
        if (end !== -1) groups[name] = text.slice(start, end);
      }
      return groups;
    },
  };
}
