/** What of a list of rows of one height is on the screen. Lengths are CSS pixels. */
export interface RowWindow {
  /** First row that is built. */
  readonly first: number;
  /** How many rows are built. */
  readonly count: number;
}

/** Rows built above and below what is visible, so that a short scroll shows no gap. */
const OVERSCAN = 8;

/** The rows to build for a scroll position. */
export function rowWindow(rows: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  const top = Math.min(Math.max(0, scrollTop), Math.max(0, rows * rowHeight - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(rows, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  return { first, count: Math.max(0, last - first) };
}

/** The smallest change of a scroll position that shows a row in full. */
export function scrollToShow(row: number, rowHeight: number, scrollTop: number, height: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return Math.max(0, top + rowHeight - height);
  return scrollTop;
}

/** Whether a position is at the end, give or take a part of a row: browsers round positions. */
export function isAtEnd(rows: number, rowHeight: number, scrollTop: number, height: number): boolean {
  return scrollTop + height >= rows * rowHeight - rowHeight / 2;
}

/** How many whole rows fit; Page Up and Page Down move by one less. */
export function rowsPerPage(rowHeight: number, height: number): number {
  return Math.max(1, Math.floor(height / rowHeight));
}

/** The row that a key moves to from `active` (-1: none yet); undefined for other keys. */
export function rowForKey(key: string, active: number, rows: number, page: number): number | undefined {
  if (rows === 0) return undefined;
  const last = rows - 1;
  const clamp = (row: number): number => Math.min(last, Math.max(0, row));
  switch (key) {
    case 'ArrowDown':
      return clamp(active + 1);
    case 'ArrowUp':
      return active < 0 ? last : clamp(active - 1);
    case 'PageDown':
      return clamp(Math.max(0, active) + Math.max(1, page - 1));
    case 'PageUp':
      return clamp((active < 0 ? last : active) - Math.max(1, page - 1));
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
