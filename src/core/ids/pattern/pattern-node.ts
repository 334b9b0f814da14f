/** A regular expression as a tree. `group` is the index of a capture among the named groups. */
export type PatternNode =
  | { readonly type: 'literal'; readonly character: string }
  | { readonly type: 'unit'; readonly accepts: (code: number) => boolean }
  | { readonly type: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly type: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number; readonly greedy: boolean }
  | { readonly type: 'capture'; readonly item: PatternNode; readonly group: number };

/** A pattern that cannot be used. `at` is the offset in the pattern. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  constructor(
    readonly reason: 'syntax' | 'unsupported' | 'too-long' | 'too-big',
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}
