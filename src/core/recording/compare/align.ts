/** What became of the elements of two sequences: pairs of places, -1 where there is no partner. */
export interface Pair {
  readonly a: number;
  readonly b: number;
}

/** Cells of the table that finds the longest common subsequence; larger rests are aligned as they come. */
const MOST_CELLS = 4_000_000;

/**
 * Aligns two sequences: the longest common subsequence of equal elements as pairs, everything else alone, in order.
 * What stands between two pairs comes as first the rest of `a`, then that of `b`.
 */
export function align(a: readonly unknown[], b: readonly unknown[]): Pair[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const pairs: Pair[] = Array.from({ length: start }, (_, at) => ({ a: at, b: at }));
  const middle = (endA - start) * (endB - start) <= MOST_CELLS ? common(a, b, start, endA, endB) : greedy(a, b, start, endA, endB);
  let atA = start;
  let atB = start;
  for (const pair of [...middle, { a: endA, b: endB }]) {
    for (; atA < pair.a; atA++) pairs.push({ a: atA, b: -1 });
    for (; atB < pair.b; atB++) pairs.push({ a: -1, b: atB });
    if (pair.a < endA) {
      pairs.push(pair);
      atA++;
      atB++;
    }
  }
  for (let at = 0; endA + at < a.length; at++) pairs.push({ a: endA + at, b: endB + at });
  return pairs;
}

function common(a: readonly unknown[], b: readonly unknown[], start: number, endA: number, endB: number): Pair[] {
  const width = endB - start + 1;
  const lengths = new Uint32Array((endA - start + 1) * width);
  for (let i = endA - 1; i >= start; i--) {
    for (let j = endB - 1; j >= start; j--) {
      const at = (i - start) * width + (j - start);
      lengths[at] = a[i] === b[j] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  const pairs: Pair[] = [];
  for (let i = start, j = start; i < endA && j < endB; ) {
    const at = (i - start) * width + (j - start);
    if (a[i] === b[j]) pairs.push({ a: i++, b: j++ });
    else if ((lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0)) i++;
    else j++;
  }
  return pairs;
}

/** Each element of `a` with the next equal one of `b`, where that is near. */
function greedy(a: readonly unknown[], b: readonly unknown[], start: number, endA: number, endB: number): Pair[] {
  const NEAR = 1000;
  const pairs: Pair[] = [];
  let next = start;
  for (let i = start; i < endA; i++) {
    const last = Math.min(endB, next + NEAR);
    for (let j = next; j < last; j++) {
      if (a[i] !== b[j]) continue;
      pairs.push({ a: i, b: j });
      next = j + 1;
      break;
    }
  }
  return pairs;
}
