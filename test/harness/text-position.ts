import type { Locator } from 'playwright-core';

/**
 * The middle of a text in the visible lines of an editor, in page coordinates. The editor breaks a line into spans, so
 * the text may begin in one and end in another.
 */
export function pointOfText(editor: Locator, text: string): Promise<{ x: number; y: number } | undefined> {
  return editor.evaluate((root, wanted) => {
    const frame = root.getBoundingClientRect();
    for (const line of root.querySelectorAll('.view-line')) {
      const index = (line.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(wanted);
      if (index < 0) continue;
      const range = document.createRange();
      const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      let offset = 0;
      const middle = index + Math.floor(wanted.length / 2);
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        const length = node.textContent?.length ?? 0;
        if (middle < offset + length) {
          range.setStart(node, middle - offset);
          range.setEnd(node, middle - offset + 1);
          const box = range.getBoundingClientRect();
          const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
          const inView = point.x > frame.left && point.x < frame.right && point.y > frame.top && point.y < frame.bottom;
          if (inView) return point;
          break;
        }
        offset += length;
      }
    }
    return undefined;
  }, text);
}
