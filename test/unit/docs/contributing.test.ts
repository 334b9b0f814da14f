import assert from 'node:assert/strict';
import { VSIX_BUDGET } from '../../../scripts/lib/vsix';
import { codeIn, page, section, tableRows } from './pages';

const CONTRIBUTING = page('CONTRIBUTING.md');

describe('CONTRIBUTING.md', () => {
  it('has each file of dist/ that is shipped', () => {
    const told = tableRows(section(CONTRIBUTING, '## Map')).flatMap(([cell = '']) => codeIn(cell)).filter((name) => !name.includes('/'));
    const shipped = page('test/fixtures/vsix-files.txt').split('\n').filter((file) => file.startsWith('dist/')).map((file) => file.slice('dist/'.length));
    assert.deepEqual(told.toSorted(), shipped.toSorted());
  });

  it('names the budget of the VSIX', () => {
    assert.ok(CONTRIBUTING.includes(`the VSIX to ${VSIX_BUDGET / 1024} KB`));
  });
});
