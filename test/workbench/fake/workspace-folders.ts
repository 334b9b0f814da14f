import type * as vscode from 'vscode';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import { Uri } from './uri';

/** The folders of the workspace, in their order. */
export class WorkspaceFolders {
  all: readonly vscode.WorkspaceFolder[];
  readonly changed: Emitter<vscode.WorkspaceFoldersChangeEvent>;

  constructor(ledger: Ledger, paths: readonly string[]) {
    this.all = paths.map((path, index) => folderAt(path, index));
    this.changed = new Emitter(ledger, 'workspace.onDidChangeWorkspaceFolders');
  }

  /** A further folder. Only where there are several already does VS Code go on with the same extension host. */
  add(path: string): void {
    const added = folderAt(path, this.all.length);
    this.all = [...this.all, added];
    this.changed.fire({ added: [added], removed: [] });
  }
}

function folderAt(path: string, index: number): vscode.WorkspaceFolder {
  const uri = Uri.file(path);
  return { uri, index, name: uri.path.split('/').at(-1) ?? '' };
}
