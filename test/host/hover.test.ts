import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { poll } from '../harness/poll';
import { TestClient } from './clients';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const LINE = `2025-09-03 17:06:03.009 | WARNING  | manager:send_to_thread:1057 | No connections found for thread ${COMPOSITE}. Active connections: 1`;

async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

function untitled(content: string, language = 'log'): Thenable<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ content, language });
}

const onId = new vscode.Position(0, LINE.indexOf(COMPOSITE) + 10);

describe('hover in a real VS Code', () => {
  afterEach(() => vscode.commands.executeCommand('threadLens.router.stop'));

  it('tells what failed on a log line, then verdict and fields of the ID, without a router', async () => {
    const text = await hoverText(await untitled(LINE), onId);
    const [event = ''] = text.split('\n');
    assert.match(event, /\*\*Run ID used as thread key\*\*\. A composite run ID was used as the thread key; connections listen on `thread_13679e4dcc38403a`/);
    assert.match(text, /^\*\*Composite run ID\*\*\. Routes to `thread_13679e4dcc38403a`\./m);
    assert.match(text, /^Resolved by pattern extraction, pattern 1\.5/m);
    assert.equal(await hoverText(await untitled(LINE), new vscode.Position(0, LINE.indexOf('Active') + 2)).then((all) => all.includes('Run ID used as thread key')), true);
    assert.match(text, /2025-09-03T17:06:02\.904Z/);
    assert.match(text, /9adf1f09/);
    assert.match(text, /ago/);
    assert.match(text, /command:threadLens\.explainRouting/);
  });

  it('says how many connections are live', async () => {
    const running = await vscode.commands.executeCommand<RunningRouter>('threadLens.router.start', { port: 0 });
    const client = await TestClient.connect(`${running.clientUrl}?thread_id=thread_13679e4dcc38403a`);
    const text = await hoverText(await untitled(LINE), onId);
    assert.match(text, /^\*\*Composite run ID\*\*\. Routes to `thread_13679e4dcc38403a`\. 1 connection live\./m);
    assert.match(text.split('\n')[0] ?? '', /; 1 connection listens on `thread_13679e4dcc38403a`, so nothing can match\./);
    await client.close();
  });

  it('works in the output panel', async () => {
    const channel = vscode.window.createOutputChannel('some backend');
    try {
      channel.appendLine(LINE);
      channel.show();
      const document = await poll('the output document', () =>
        vscode.workspace.textDocuments.find(({ uri, lineCount }) => uri.scheme === 'output' && uri.path.includes('some backend') && lineCount > 1),
      );
      assert.match(await hoverText(document, onId), /Composite run ID/);
    } finally {
      channel.dispose();
    }
  });

  it('works in source and on very long lines', async () => {
    const source = await untitled(`const RUN_ID = '${COMPOSITE}';`, 'typescript');
    assert.match(await hoverText(source, new vscode.Position(0, 20)), /Composite run ID/);
    const long = await untitled(`${'x '.repeat(6000)}${COMPOSITE}${' y'.repeat(6000)}`);
    assert.match(await hoverText(long, new vscode.Position(0, 12_010)), /Composite run ID/);
    assert.equal(await hoverText(long, new vscode.Position(0, 100)), '');
  });

  it('works in the cells of a notebook', async () => {
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, `run_id = "${COMPOSITE}"`, 'python');
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData([cell]));
    assert.match(await hoverText(notebook.cellAt(0).document, new vscode.Position(0, 20)), /Composite run ID/);
  });

  for (const megabytes of [25, 48]) {
    it(`works in a file of ${megabytes} MB`, async function () {
      this.timeout(60_000);
      const folder = await mkdtemp(join(tmpdir(), 'thread-lens-'));
      try {
        const file = join(folder, 'big.log');
        const filler = `${'2025-09-03 17:06:03.009 | INFO | backend:tick:1 | nothing to see here'.padEnd(99, '.')}\n`;
        await writeFile(file, `${LINE}\n${filler.repeat(megabytes * 10_000)}${LINE}\n`);
        const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
        assert.match(await hoverText(document, onId), /Composite run ID/);
        assert.match(await hoverText(document, onId.translate(document.lineCount - 2)), /Composite run ID/);
        assert.equal(await hoverText(document, new vscode.Position(200_000, 40)), '');
      } finally {
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  it('works on both sides of a diff and in files of a virtual workspace', async () => {
    const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
    const bytes = new TextEncoder().encode(`${LINE}\n`);
    const refuse = (): never => {
      throw vscode.FileSystemError.NoPermissions();
    };
    const files = vscode.workspace.registerFileSystemProvider(
      'vscode-vfs',
      {
        onDidChangeFile: changed.event,
        watch: () => new vscode.Disposable(() => undefined),
        stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length }),
        readDirectory: () => [],
        readFile: () => bytes,
        createDirectory: refuse, writeFile: refuse, delete: refuse, rename: refuse,
      },
      { isReadonly: true },
    );
    // As the extension for Git serves what was committed; in these suites it serves nothing.
    const committed = vscode.workspace.registerTextDocumentContentProvider('git', { provideTextDocumentContent: () => `${LINE}\n` });
    try {
      const [before, after] = [vscode.Uri.parse('git:/some/repo/app.log?HEAD'), vscode.Uri.parse('vscode-vfs://github/some/repo/app.log')];
      await vscode.commands.executeCommand('vscode.diff', before, after);
      for (const uri of [before, after]) {
        const document = await poll('the side of the diff', () => vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString()));
        assert.match(await hoverText(document, onId), /Run ID used as thread key.*Composite run ID/s);
      }
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      files.dispose();
      committed.dispose();
    }
  });

  it('stays silent when the setting says so', async () => {
    const config = vscode.workspace.getConfiguration('threadLens');
    await config.update('hover.enabled', false, vscode.ConfigurationTarget.Global);
    try {
      assert.equal(await hoverText(await untitled(LINE), onId), '');
    } finally {
      await config.update('hover.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
