import type * as vscode from 'vscode';
import type { Configuration } from './configuration';
import type { Documents } from './documents';
import { createFileSystem, findFiles } from './file-system';
import type { FileWatchers } from './file-watchers';
import { strict } from './strict';
import type { Trust } from './trust';
import type { WorkspaceFolders } from './workspace-folders';

interface WorkspaceParts {
  readonly trust: Trust;
  readonly workspaceFolders: WorkspaceFolders;
  readonly configuration: Configuration;
  readonly documents: Documents;
  readonly fileWatchers: FileWatchers;
}

/** `vscode.workspace`. Without folders the window has no workspace. */
export function createWorkspaceApi(parts: WorkspaceParts): object {
  const { trust, documents, configuration, workspaceFolders: folders } = parts;
  const folderOf = (uri: vscode.Uri): vscode.WorkspaceFolder | undefined =>
    folders.all
      .filter((folder) => uri.toString() === folder.uri.toString() || uri.toString().startsWith(`${folder.uri.toString()}/`))
      .toSorted((a, b) => b.uri.path.length - a.uri.path.length)[0];
  return strict('workspace', {
    get isTrusted() {
      return trust.isTrusted;
    },
    onDidGrantWorkspaceTrust: trust.granted.event,
    name: folders.all[0]?.name,
    workspaceFile: undefined,
    get workspaceFolders() {
      return folders.all.length > 0 ? folders.all : undefined;
    },
    onDidChangeWorkspaceFolders: folders.changed.event,
    getWorkspaceFolder: folderOf,
    asRelativePath: (pathOrUri: string | vscode.Uri, includeFolder = folders.all.length > 1) => {
      const path = typeof pathOrUri === 'string' ? pathOrUri : pathOrUri.fsPath;
      const folder = folders.all.find(({ uri }) => path.startsWith(`${uri.fsPath}/`));
      if (!folder) return path;
      const inside = path.slice(folder.uri.fsPath.length + 1);
      return includeFolder ? `${folder.name}/${inside}` : inside;
    },
    getConfiguration: (section?: string) => configuration.getConfiguration(section),
    onDidChangeConfiguration: configuration.onDidChange,
    get textDocuments() {
      return documents.all;
    },
    openTextDocument: documents.open,
    applyEdit: documents.applyEdit,
    registerTextDocumentContentProvider: documents.registerProvider,
    registerFileSystemProvider: documents.registerFileSystem,
    onDidOpenTextDocument: documents.opened.event,
    onDidCloseTextDocument: documents.closed.event,
    onDidChangeTextDocument: documents.changed.event,
    onDidSaveTextDocument: documents.saved.event,
    createFileSystemWatcher: parts.fileWatchers.create,
    fs: createFileSystem(),
    findFiles: (
      include: vscode.GlobPattern,
      exclude?: vscode.GlobPattern | null,
      maxResults?: number,
      token?: vscode.CancellationToken,
    ) => findFiles(folders.all.map(({ uri }) => uri), include, exclude, maxResults, token),
  } satisfies Partial<Record<keyof typeof vscode.workspace, unknown>>);
}
