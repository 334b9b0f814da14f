/** Which ID of one recording stands for which of another: each for one only, as first met. */
export class IdPairs {
  private readonly toB = new Map<string, string>();
  private readonly toA = new Map<string, string>();

  get renamed(): number {
    let count = 0;
    for (const [a, b] of this.toB) if (a !== b) count++;
    return count;
  }

  /** Notes that the IDs of two messages that say the same stand for each other; answers the first pair that contradicts, or undefined. */
  match(a: readonly string[], b: readonly string[]): { readonly a: string; readonly b: string; readonly expected: string } | undefined {
    for (const [at, left] of a.entries()) {
      const right = b[at];
      if (right === undefined) continue;
      const known = this.toB.get(left);
      if (known === undefined && !this.toA.has(right)) {
        this.toB.set(left, right);
        this.toA.set(right, left);
      } else if (known !== right) return { a: left, b: right, expected: known ?? '' };
    }
    return undefined;
  }
}
