/** Two rows of the table, reused: a call ends before the next begins. */
let above = new Uint16Array(512);
let current = new Uint16Array(512);

/**
 * How many characters must be inserted, removed or replaced to turn one text into the other, or `limit + 1` when it
 * takes more than `limit`. Only a band of `2 * limit + 1` cells is computed in each row and a hopeless row ends the
 * work, so the cost is bounded by `limit` times the length.
 */
export function editDistance(left: string, right: string, limit: number): number {
  const over = limit + 1;
  if (Math.abs(left.length - right.length) > limit) return over;
  let start = 0;
  let a = left.length;
  let b = right.length;
  while (start < a && start < b && left.charCodeAt(start) === right.charCodeAt(start)) start++;
  while (a > start && b > start && left.charCodeAt(a - 1) === right.charCodeAt(b - 1)) {
    a--;
    b--;
  }
  const rows = a - start;
  const columns = b - start;
  if (rows === 0 || columns === 0) return Math.min(over, rows + columns);
  if (columns + 2 > above.length) {
    above = new Uint16Array(columns + 2);
    current = new Uint16Array(columns + 2);
  }
  for (let column = 0; column <= Math.min(columns, over); column++) above[column] = column;
  for (let row = 1; row <= rows; row++) {
    const from = Math.max(1, row - limit);
    const to = Math.min(columns, row + limit);
    // The cells beside the band stand for "more than the limit".
    current[from - 1] = from === 1 ? Math.min(row, over) : over;
    if (to > row + limit - 1) above[to] = over;
    let best = current[from - 1] ?? over;
    const char = left.charCodeAt(start + row - 1);
    for (let column = from; column <= to; column++) {
      const replaced = (above[column - 1] ?? over) + (char === right.charCodeAt(start + column - 1) ? 0 : 1);
      const cost = Math.min(replaced, (above[column] ?? over) + 1, (current[column - 1] ?? over) + 1, over);
      current[column] = cost;
      if (cost < best) best = cost;
    }
    if (best > limit) return over;
    [above, current] = [current, above];
  }
  return Math.min(over, above[columns] ?? over);
}
