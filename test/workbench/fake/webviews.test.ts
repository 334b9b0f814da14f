import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { createFakeVscode, type FakeVscode } from './fake-vscode';

describe('webviews of the fake VS Code', () => {
  let fake: FakeVscode;
  let api: typeof vscode;

  beforeEach(() => {
    fake = createFakeVscode();
    ({ api } = fake);
  });

  it('talks with webviews', async () => {
    const panel = api.window.createWebviewPanel('own.panel', 'Panel', api.ViewColumn.Active, { enableScripts: true });
    const page = fake.webviews.panel('own.panel');
    assert.equal(await panel.webview.postMessage({ early: true }), false, 'no page yet');
    panel.webview.html = '<p>';
    assert.equal(await panel.webview.postMessage({ a: 1, gone: undefined, bytes: new Uint8Array([1]) }), true);
    assert.deepEqual(page.webview.received, [{ a: 1, bytes: new Uint8Array([1]) }]);
    const heard: unknown[] = [];
    panel.webview.onDidReceiveMessage((message) => heard.push(message));
    page.webview.send({ ready: true });
    assert.deepEqual(heard, [{ ready: true }]);
    page.setState({ active: false, visible: false });
    assert.equal(await panel.webview.postMessage({}), false, 'hidden and not kept');
    assert.equal(panel.webview.asWebviewUri(api.Uri.file('/a.js')).toString(true), 'https://file+.vscode-resource.vscode-cdn.net/a.js');
    let ended = false;
    panel.onDidDispose(() => (ended = true));
    panel.dispose();
    assert.ok(ended);
    assert.throws(() => panel.webview.html, /Webview is disposed/);
    await fake.dispose();
  });

  it('brings back panels and opens webview views', async () => {
    const states: unknown[] = [];
    const registrations = [
      api.window.registerWebviewPanelSerializer('own.panel', {
        deserializeWebviewPanel: async (panel, state) => {
          states.push(state);
          panel.title = 'Again';
        },
      }),
      api.window.registerWebviewViewProvider('threadLens.deliveries', {
        resolveWebviewView: (view) => {
          view.webview.options = { enableScripts: true };
          view.webview.html = '<p>';
        },
      }),
    ];
    const panel = await fake.webviews.restore('own.panel', { filter: 'x' });
    assert.deepEqual([states, panel.title], [[{ filter: 'x' }], 'Again']);
    assert.equal(api.window.tabGroups.all[0]?.tabs[0]?.label, 'Again');
    const view = await fake.webviews.resolveView('threadLens.deliveries');
    assert.equal(await view.webview.postMessage(1), true);
    view.visible = false;
    assert.equal(await view.webview.postMessage(2), false);
    assert.deepEqual(view.webview.received, [1]);
    for (const disposable of [panel, view, ...registrations]) disposable.dispose();
    await fake.dispose();
  });
});
