import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isAtEnd, rowForKey, rowsPerPage, rowWindow, scrollToShow } from '../../../src/webview/list/row-window';

const ROW = 22;

describe('the window of a list', () => {
  it('covers what is visible with a bounded number of rows, at any size and position', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(5_000_000), fc.integer({ min: 0, max: 3000 }), (rows, scrollTop, height) => {
        const { first, count } = rowWindow(rows, ROW, scrollTop, height);
        assert.ok(first >= 0 && first + count <= rows);
        assert.ok(count <= height / ROW + 20);
        const top = Math.min(scrollTop, Math.max(0, rows * ROW - height));
        const firstSeen = Math.floor(top / ROW);
        const lastSeen = Math.min(rows, Math.ceil((top + height) / ROW)) - 1;
        if (lastSeen >= firstSeen && height > 0) assert.ok(first <= firstSeen && first + count > lastSeen);
      }),
    );
  });

  it('scrolls as little as it takes to show a row in full', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(200_000), fc.integer({ min: ROW, max: 2000 }), (row, scrollTop, height) => {
        const to = scrollToShow(row, ROW, scrollTop, height);
        assert.ok(to <= row * ROW && to + height >= (row + 1) * ROW);
        const visible = scrollTop <= row * ROW && scrollTop + height >= (row + 1) * ROW;
        if (visible) assert.equal(to, scrollTop);
      }),
    );
  });

  it('knows its end, give or take a part of a row', () => {
    assert.ok(isAtEnd(100, ROW, 100 * ROW - 500, 500));
    assert.ok(isAtEnd(100, ROW, 100 * ROW - 500 - 10, 500));
    assert.ok(!isAtEnd(100, ROW, 100 * ROW - 500 - ROW, 500));
    assert.ok(isAtEnd(0, ROW, 0, 500));
  });

  it('moves by keys and stays within the rows', () => {
    const page = rowsPerPage(ROW, 220);
    assert.equal(page, 10);
    assert.equal(rowForKey('ArrowDown', -1, 50, page), 0);
    assert.equal(rowForKey('ArrowUp', -1, 50, page), 49);
    assert.equal(rowForKey('ArrowDown', 49, 50, page), 49);
    assert.equal(rowForKey('PageDown', 3, 50, page), 12);
    assert.equal(rowForKey('PageUp', 3, 50, page), 0);
    assert.equal(rowForKey('Home', 30, 50, page), 0);
    assert.equal(rowForKey('End', 30, 50, page), 49);
    assert.equal(rowForKey('x', 30, 50, page), undefined);
    assert.equal(rowForKey('End', -1, 0, page), undefined);
  });
});
