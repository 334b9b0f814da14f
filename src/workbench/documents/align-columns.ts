/** A column is not made wider than this many characters for the sake of one cell. */
const MAX_WIDTH = 70;
const GAP = '  ';

/** Lines in which the cells of each column start at the same place. Empty columns take no room. */
export function alignColumns(rows: readonly (readonly string[])[], maxWidth = MAX_WIDTH): string[] {
  const [header = []] = rows;
  const widths = header.map((_, column) => rows.reduce((widest, row) => Math.max(widest, Math.min(row[column]?.length ?? 0, maxWidth)), 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .filter((_, column) => (widths[column] ?? 0) > 0)
      .join(GAP)
      .trimEnd(),
  );
}
