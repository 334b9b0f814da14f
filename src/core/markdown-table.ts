/** A column is not padded to more than this many characters for the sake of one cell. */
const MAX_WIDTH = 90;

/**
 * A Markdown table that can be read as text too: the cells of a column begin at the same place. The last one is not filled up, so that no line is
 * longer than what it says. The first row is the header.
 */
export function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const [header = []] = rows;
  const cells = rows.map((row) => header.map((_, column) => tableCell(row[column] ?? '')));
  const widths = header.map((_, column) => Math.min(MAX_WIDTH, Math.max(3, ...cells.map((row) => row[column]?.length ?? 0))));
  const last = header.length - 1;
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`;
  return [line(cells[0] ?? []), `| ${widths.map((width, column) => '-'.repeat(column === last ? 3 : width)).join(' | ')} |`, ...cells.slice(1).map(line)];
}

/** Text that stays within its cell. */
function tableCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/**
 * Text from anywhere, on one line, in which nothing begins a link, an image, HTML or code. Only what could mean something to Markdown is escaped,
 * because the text is read as it stands, too: an underscore within a word does not.
 */
export function plainText(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\\`*<~&]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_|\](?=[([:])|!(?=\[)/g, '\\$&')
    .replaceAll('://', ':\\//');
}

/** Text from anywhere as inline code on one line. */
export function codeText(text: string): string {
  const shown = text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll('`', "'");
  return `\`${shown === '' ? ' ' : shown}\``;
}
