import { describeValue } from '../errors';
import { isRecord } from '../is-record';

/** Something wrong in a JSON value that came from outside. */
export interface ShapeProblem {
  /** Where, e.g. `steps[2].client`; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** Collects problems, each once; no more than `most` are kept, the value is refused all the same. */
export class ShapeReport {
  readonly problems: ShapeProblem[] = [];

  constructor(private readonly most = 50) {}

  add(path: string, expected: string, received: unknown): void {
    this.take({ path, expected, received: describeValue(received) });
  }

  take(problem: ShapeProblem): void {
    const known = this.problems.some(({ path, expected }) => path === problem.path && expected === problem.expected);
    if (!known && this.problems.length < this.most) this.problems.push(problem);
  }
}

/** Reports what is wrong with a value. Never throws. */
export type Shape = (value: unknown, path: string, report: ShapeReport) => void;

/** The path of a member, quoted where its name is no plain one. */
export function member(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name.slice(0, 60))}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** Text of `least` to `most` UTF-16 units that matches, when a pattern is given; `words` says what is meant. */
export function text(most: number, options: { readonly least?: number; readonly pattern?: RegExp; readonly words?: string } = {}): Shape {
  const { least = 1, pattern } = options;
  const words = options.words ?? `text of ${least} to ${most} characters`;
  return (value, path, report) => {
    if (typeof value !== 'string' || value.length < least || value.length > most || pattern?.test(value) === false) report.add(path, words, value);
  };
}

/** A whole number within bounds, which count. */
export function integer(least: number, most: number): Shape {
  return (value, path, report) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) report.add(path, `an integer from ${least} to ${most}`, value);
  };
}

export const flag: Shape = (value, path, report) => {
  if (typeof value !== 'boolean') report.add(path, 'true or false', value);
};

/** One of some strings. */
export function choice(choices: readonly string[]): Shape {
  return (value, path, report) => {
    if (typeof value !== 'string' || !choices.includes(value)) report.add(path, `one of ${choices.join(', ')}`, value);
  };
}

/** `null`, or what the shape says. */
export function orNull(shape: Shape): Shape {
  return (value, path, report) => {
    if (value !== null) shape(value, path, report);
  };
}

/** A list of `least` to `most` entries of one shape. */
export function list(shape: Shape, most: number, least = 0): Shape {
  return (value, path, report) => {
    if (!Array.isArray(value)) report.add(path, 'a list', value);
    else if (value.length < least || value.length > most) report.add(path, `a list of ${least} to ${most} entries`, value.length);
    else value.forEach((item: unknown, i) => shape(item, `${path}[${i}]`, report));
  };
}

/** An object with entries of one kind under names of the caller's. */
export function table(name: Shape, shape: Shape, most: number): Shape {
  return (value, path, report) => {
    if (!isRecord(value)) return report.add(path, 'an object', value);
    const entries = Object.entries(value);
    if (entries.length > most) return report.add(path, `at most ${most} entries`, entries.length);
    for (const [key, item] of entries) {
      name(key, member(path, key), report);
      shape(item, member(path, key), report);
    }
  };
}

/** An object with these members and no others; those in `required` must be there. */
export function object(members: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape {
  const known = Object.keys(members).join(', ');
  return (value, path, report) => {
    if (!isRecord(value)) return report.add(path, 'an object', value);
    for (const name of required) if (!Object.hasOwn(value, name)) report.add(member(path, name), `"${name}"`, undefined);
    for (const [name, item] of Object.entries(value)) {
      if (Object.hasOwn(members, name)) members[name]?.(item, member(path, name), report);
      else report.add(member(path, name), `one of ${known}`, name);
    }
  };
}

/** An object whose shape its member `tag` chooses. */
export function tagged(tag: string, shapes: Readonly<Record<string, Shape>>): Shape {
  const known = Object.keys(shapes).join(', ');
  return (value, path, report) => {
    if (!isRecord(value)) return report.add(path, `an object with "${tag}"`, value);
    const name = value[tag];
    const shape = typeof name === 'string' && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape) shape(value, path, report);
    else report.add(member(path, tag), `one of ${known}`, name);
  };
}
