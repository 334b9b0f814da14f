import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../harness/repository';

const FOLDER = join(ROOT, 'test', 'fixtures', 'explain');

/** Compares a text with its golden file, or writes it with UPDATE_GOLDEN=1. */
export function assertGolden(name: string, text: string): void {
  const file = join(FOLDER, `${name}.md`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `${file} is missing; UPDATE_GOLDEN=1 writes it`);
  assert.equal(text, readFileSync(file, 'utf8'));
}
