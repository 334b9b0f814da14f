import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BEHAVIOURS, DIALECTS, PROFILE_NAMES } from '../../src/core';
import { COMMANDS } from '../../src/workbench/commands';
import { HOVER_SCHEMES } from '../../src/workbench/hover/id-hover-provider';
import { readRouterSettings } from '../../src/workbench/settings';
import { SOURCE_ICONS } from '../../src/workbench/sources/source';
import { createFakeVscode } from './fake/fake-vscode';

interface Menu {
  command?: string;
  submenu?: string;
  when?: string;
}

interface Manifest {
  main: string;
  icon: string;
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  dependencies: Record<string, string>;
  contributes: {
    commands: { command: string; title: string; category: string; icon?: string; enablement?: string }[];
    menus: Record<string, Menu[]>;
    views: Record<string, { id: string; icon?: string; contextualTitle?: string }[]>;
    viewsWelcome: { view: string; contents: string; when?: string }[];
    configuration: { properties: Record<string, { default?: unknown; scope?: string; order?: number; markdownDescription?: string; enum?: string[]; properties?: Record<string, { description: string }> }> };
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const root = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const nls = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;

describe('the manifest', () => {
  it('declares exactly the commands of the command table, each with category and title', () => {
    const declared = contributes.commands.map((command) => command.command).toSorted();
    assert.deepEqual(declared, Object.values(COMMANDS).toSorted());
    for (const command of contributes.commands) {
      assert.equal(command.category, 'Thread Lens', command.command);
      assert.ok(command.icon, command.command);
    }
  });

  it('names only declared commands in menus and welcome views', () => {
    const declared = new Set<string>(Object.values(COMMANDS));
    for (const menu of Object.values(contributes.menus).flat()) {
      if (menu.command !== undefined) assert.ok(declared.has(menu.command), menu.command);
    }
    for (const contents of Object.values(nls)) {
      for (const [, command] of contents.matchAll(/\(command:([\w.]+)/g)) {
        assert.ok(command === 'workbench.trust.manage' || declared.has(command ?? ''), command);
      }
    }
  });

  it('hides commands that need a row of a view from the palette', () => {
    const hidden = new Set(contributes.menus['commandPalette']?.filter((menu) => menu.when === 'false').map((menu) => menu.command));
    const rowCommands = (contributes.menus['view/item/context'] ?? []).map((menu) => menu.command);
    for (const command of rowCommands) {
      // These take what the row stands for, and ask for it without one.
      if (([COMMANDS.explainRouting, COMMANDS.traceRun, COMMANDS.registerMapping, COMMANDS.breakpointAdd, COMMANDS.scenarioRun, COMMANDS.scenarioOpen] as (string | undefined)[]).includes(command)) continue;
      assert.ok(hidden.has(command), command);
    }
  });

  it('uses every key of package.nls.json and has a text for every key it uses', () => {
    const used = new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? ''));
    assert.deepEqual([...used].toSorted(), Object.keys(nls).toSorted());
  });

  it('gives every view an icon, and every state of the router a welcome', () => {
    for (const view of Object.values(contributes.views).flat()) {
      assert.ok(view.icon && view.contextualTitle, view.id);
    }
    const conditions = contributes.viewsWelcome.map((welcome) => welcome.when ?? '').join('\n');
    for (const state of ['stopped', 'starting', 'running', 'failed']) assert.match(conditions, new RegExp(`'${state}'`));
    assert.match(conditions, /!isWorkspaceTrusted/);
    const threads = contributes.viewsWelcome.filter(({ view }) => view === 'threadLens.threads').map(({ when }) => when ?? '').join('\n');
    for (const kind of Object.keys(SOURCE_ICONS)) assert.ok(threads.includes(`threadLens.shownKind == '${kind}'`), kind);
    const deliveries = contributes.viewsWelcome.filter(({ view }) => view === 'threadLens.deliveries').map(({ when }) => when ?? '').join('\n');
    for (const condition of ["shownState == 'running'", "shownState != 'running'", '&& threadLens.failuresOnly']) assert.ok(deliveries.includes(condition), condition);
  });

  it('describes every setting, with default, scope and order, and restricts those of the listening socket', () => {
    for (const [id, setting] of Object.entries(contributes.configuration.properties)) {
      assert.notEqual(setting.default, undefined, id);
      assert.ok(setting.scope && setting.order !== undefined && setting.markdownDescription, id);
    }
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const id of ['host', 'port', 'autoStart', 'allowedOrigins']) assert.ok(restricted.includes(`threadLens.router.${id}`), id);
  });

  it('offers exactly the profiles and behaviours there are, in the words of the table', () => {
    const { 'threadLens.router.profile': profile, 'threadLens.router.behaviours': behaviours } = contributes.configuration.properties;
    assert.deepEqual(profile?.enum, PROFILE_NAMES);
    const described = Object.entries(behaviours?.properties ?? {}).map(([name, { description }]) => [name, nls[description.slice(1, -1)]]);
    assert.deepEqual(described, Object.entries(BEHAVIOURS).map(([name, { summary }]) => [name, summary]));
  });

  it('offers every dialect that the router can take IDs apart by', () => {
    assert.deepEqual(contributes.configuration.properties['threadLens.router.dialect']?.enum?.toSorted(), [...DIALECTS].toSorted());
    for (const dialect of DIALECTS) {
      const { api } = createFakeVscode({ settings: { 'threadLens.router.dialect': dialect } });
      assert.equal(readRouterSettings(api).dialect, dialect);
    }
  });

  it('has the one runtime dependency, and types no newer than the engine', () => {
    assert.deepEqual(Object.keys(manifest.dependencies), ['ws']);
    assert.equal(`^${manifest.devDependencies['@types/vscode']}`, manifest.engines.vscode);
  });

  it('never asks for every document: a bare * fires in chat inputs too', () => {
    assert.ok(!HOVER_SCHEMES.includes('*'));
  });
});
