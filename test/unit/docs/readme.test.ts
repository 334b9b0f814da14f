import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { BEHAVIOUR_NAMES } from '../../../src/core';
import { COMMANDS } from '../../../src/router/commands/commands';
import { ROOT } from '../../harness/repository';
import { codeIn, page, section, tableRows } from './pages';

interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly version: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly name: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown; readonly enum?: readonly string[] }>> };
  };
}

const README = page('README.md');
const manifest = JSON.parse(page('package.json')) as Manifest;
const nls = JSON.parse(page('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;
const words = (key: string): string => nls[key.slice(1, -1)] ?? assert.fail(key);

/** Commands that need a row of a view. */
const ofRows = new Set(contributes.menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command));

describe('README.md', () => {
  it('has each command of the palette, by its title and ID, and no others', () => {
    const told = tableRows(section(README, '## Commands')).map(([title = '', id = '']) => `${title}: threadLens.${codeIn(id)[0]}`);
    const there = contributes.commands.filter(({ command }) => !ofRows.has(command)).map(({ command, title }) => `${words(title)}: ${command}`);
    assert.deepEqual(told.toSorted(), there.toSorted());
  });

  it('has each view, and each command of their rows', () => {
    const rows = tableRows(section(README, '## Views'));
    assert.deepEqual(rows.map(([name]) => name), Object.values(contributes.views).flat().map(({ name }) => words(name)));
    const actions = rows.flatMap(([, , cell = '']) => cell.split(', '));
    const titles = contributes.commands.filter(({ command }) => ofRows.has(command)).map(({ title }) => words(title));
    assert.deepEqual(titles.filter((title) => !actions.includes(title)), []);
  });

  it('has each setting with its default and its values, and no others', () => {
    const rows = tableRows(section(README, '## Settings')).map(([name = '', value = '', meaning = '']) => ({ name: codeIn(name)[0], value: codeIn(value)[0], meaning }));
    const there = Object.entries(contributes.configuration.properties).map(([name, { default: value }]) => [name, value === '' ? '""' : typeof value === 'string' ? value : JSON.stringify(value)]);
    assert.deepEqual(rows.map(({ name, value }) => [name, value]), there);
    for (const { name = '', value, meaning } of rows) {
      const named = [value, ...codeIn(meaning)];
      const values = contributes.configuration.properties[name]?.enum ?? [];
      // Of a switch it is enough to say what it is for.
      if (values.length > 2) assert.deepEqual(values.filter((each) => !named.includes(each)), [], name);
    }
  });

  it('has each command of the router with exactly its options', () => {
    const usage = section(README, '## The router as a command').split('\n').filter((line) => line.startsWith('    ')).join('\n');
    const told = new Map<string, Set<string>>();
    for (const call of usage.split('node dist/router.js ').slice(1)) {
      const name = /^\[?(\w+)/.exec(call)?.[1] ?? '';
      const options = told.get(name) ?? new Set();
      for (const [option] of call.matchAll(/--[a-z-]+/g)) options.add(option);
      told.set(name, options);
    }
    assert.deepEqual([...told.keys()].toSorted(), COMMANDS.map(({ name }) => name).toSorted());
    for (const { name, usage: help } of COMMANDS) {
      const options = new Set(Array.from(help.matchAll(/--[a-z-]+/g), ([option]) => option));
      for (const same of ['--help', '--version']) options.delete(same);
      assert.deepEqual([...(told.get(name) ?? [])].toSorted(), [...options].toSorted(), name);
    }
  });

  it('counts the scenarios and behaviours there are', () => {
    const shipped = globSync('media/scenarios/*.threadlens.json', { cwd: ROOT }).length;
    assert.ok(README.includes(`${shipped - 1} more scenarios`) && page('CHANGELOG.md').includes(`; ${shipped} are built in`), String(shipped));
    assert.ok(README.includes(`these ${BEHAVIOUR_NAMES.length} behaviours`));
  });

  it('names the VS Code and the VSIX there are', () => {
    assert.ok(README.includes(`VS Code ${/\d+\.\d+/.exec(manifest.engines.vscode)?.[0]} or later`));
    assert.ok(README.includes(`thread-lens-${manifest.version}.vsix`));
    assert.ok(page('CHANGELOG.md').includes(`\n## ${manifest.version}\n`));
  });
});
