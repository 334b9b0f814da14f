import type { Locator } from 'playwright-core';

export interface TextPoint {
  readonly x: number;
  readonly y: number;
  /** How far to the right the editor must be scrolled before the point is in view; negative to the left. */
  readonly scrollBy: number;
}

/**
 * The middle of a text in the rendered lines of an editor, in page coordinates. The editor breaks a line into spans, so
 * the text may begin in one and end in another.
 */
export function pointOfText(editor: Locator, text: string): Promise<TextPoint | undefined> {
  return editor.evaluate((root, wanted) => {
    const frame = root.getBoundingClientRect();
    const left = root.querySelector('.margin')?.getBoundingClientRect().right ?? frame.left;
    const minimap = root.querySelector('.minimap')?.getBoundingClientRect();
    const right = minimap !== undefined && minimap.width > 0 ? minimap.left : frame.right;
    for (const line of root.querySelectorAll('.view-line')) {
      const index = (line.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(wanted);
      if (index < 0) continue;
      const middle = index + Math.floor(wanted.length / 2);
      const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      let offset = 0;
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        const length = node.textContent?.length ?? 0;
        if (middle < offset + length) {
          const range = document.createRange();
          range.setStart(node, middle - offset);
          range.setEnd(node, middle - offset + 1);
          const box = range.getBoundingClientRect();
          const x = box.x + box.width / 2;
          const y = box.y + box.height / 2;
          if (y < frame.top || y > frame.bottom) break;
          const inView = x > left + 10 && x < right - 30;
          return { x, y, scrollBy: inView ? 0 : Math.round(x - (left + right) / 2) };
        }
        offset += length;
      }
    }
    return undefined;
  }, text);
}
