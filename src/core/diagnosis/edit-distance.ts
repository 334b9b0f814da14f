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
  let above: number[] = Array.from({ length: columns + 1 }, (_, column) => Math.min(column, over));
  for (let row = 1; row <= rows; row++) {
    const from = Math.max(1, row - limit);
    const to = Math.min(columns, row + limit);
    const current = above.map(() => over);
    if (from === 1) current[0] = Math.min(row, over);
    let best = current[0] ?? over;
    const char = left.charCodeAt(start + row - 1);
    for (let column = from; column <= to; column++) {
      const replaced = (above[column - 1] ?? over) + (char === right.charCodeAt(start + column - 1) ? 0 : 1);
      const cost = Math.min(replaced, (above[column] ?? over) + 1, (current[column - 1] ?? over) + 1, over);
      current[column] = cost;
      if (cost < best) best = cost;
    }
    if (best > limit) return over;
    above = current;
  }
  return Math.min(over, above[columns] ?? over);
}
