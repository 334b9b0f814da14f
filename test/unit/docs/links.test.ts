import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../../harness/repository';
import { codeIn, page, PAGES } from './pages';

/** As Markdown renderers make them of headings. */
function anchorsOf(file: string): string[] {
  return Array.from(page(file).matchAll(/^#+ (.+)$/gm), ([, heading = '']) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

describe('the pages for people', () => {
  it('lead to files and headings that are there', () => {
    const dead: string[] = [];
    let links = 0;
    for (const file of PAGES) {
      for (const [, target = ''] of page(file).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        links++;
        const [path = '', anchor] = target.split('#');
        const found = path === '' ? file : normalize(join(dirname(file), path));
        if (!existsSync(join(ROOT, found)) || (anchor !== undefined && !anchorsOf(found).includes(anchor))) dead.push(`${file}: ${target}`);
      }
    }
    assert.ok(links > 10);
    assert.deepEqual(dead, []);
  });

  it('name only files and folders that are there', () => {
    const missing: string[] = [];
    for (const file of PAGES) {
      for (const code of codeIn(page(file))) {
        // Pictures of test runs are made by them.
        if (code.startsWith('test/e2e/screenshots') || !/^(?:src|test|scripts|demo|media|docs)\/[\w./*-]+$/.test(code)) continue;
        if (code.includes('*') ? globSync(code, { cwd: ROOT }).length === 0 : !existsSync(join(ROOT, code))) missing.push(`${file}: ${code}`);
      }
    }
    assert.deepEqual(missing, []);
  });
});
