import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { createFakeVscode, type FakeVscode, type FakeVscodeOptions } from './fake-vscode';

describe('settings of the fake VS Code', () => {
  let fake: FakeVscode;
  let api: typeof vscode;

  const start = (options: FakeVscodeOptions = {}): void => {
    fake = createFakeVscode(options);
    ({ api } = fake);
  };

  beforeEach(() => start());

  it('have the defaults of package.json and are refused when not declared', async () => {
    const config = api.workspace.getConfiguration('threadLens');
    assert.equal(config.get('router.port'), 8787);
    assert.equal(config.get<{ host: string }>('router')?.host, '127.0.0.1');
    assert.equal((config['router'] as { port: number }).port, 8787);
    assert.equal(api.workspace.getConfiguration().get('threadLens.hover.enabled'), true);
    assert.equal(config.has('router.none'), false);
    assert.throws(() => config.get('router.none'), /threadLens\.router\.none is not declared/);
    await assert.rejects(async () => config.update('none', 1), /threadLens\.none is not declared/);
    await assert.rejects(async () => config.update('router.port', 1), /no workspace is opened/);
    await fake.dispose();
  });

  it('are layered, tell of changes, and wait for trust', async () => {
    start({ workspaceFolders: ['/project'], trusted: false, settings: { 'threadLens.router.port': 1 } });
    const events: string[] = [];
    fake.context.subscriptions.push(
      api.workspace.onDidChangeConfiguration((event) => {
        const asked = ['threadLens', 'threadLens.router', 'threadLens.router.port', 'threadLens.hover'];
        events.push(asked.map((section) => Number(event.affectsConfiguration(section))).join(''));
      }),
      api.workspace.onDidGrantWorkspaceTrust(() => events.push('trusted')),
    );
    const port = (): unknown => api.workspace.getConfiguration('threadLens').get('router.port');
    fake.configuration.set('threadLens.router.port', 2, 'workspace');
    assert.equal(port(), 1, 'restricted in an untrusted workspace');
    fake.grantTrust();
    assert.equal(port(), 2);
    await api.workspace.getConfiguration('threadLens').update('router.port', undefined, api.ConfigurationTarget.Workspace);
    assert.equal(port(), 1);
    fake.configuration.set('threadLens.router.port', 1);
    assert.deepEqual(events, ['1110', 'trusted', '1110']);
    assert.equal(api.workspace.getConfiguration('threadLens').inspect('router.port')?.globalValue, 1);
    await fake.dispose();
  });
});
