import { join } from 'node:path';
import type * as vscode from 'vscode';
import { enums } from './enums';
import type { Ledger } from './ledger';
import type { Manifest } from './manifest';
import { Memento, SecretStorage, type Storage } from './storage';
import { strict } from './strict';
import { Uri } from './uri';

/** `vscode.ExtensionContext` of the extension in the manifest's folder; what it writes goes below `scratch`. */
export function createContext(
  ledger: Ledger,
  manifest: Manifest,
  extension: vscode.Extension<unknown>,
  storage: Storage,
  scratch: string,
  hasWorkspace: boolean,
): vscode.ExtensionContext {
  const folder = (name: string): Uri => Uri.file(join(scratch, name));
  const context = {
    subscriptions: [] as { dispose: () => unknown }[],
    extension,
    extensionPath: manifest.folder,
    extensionUri: Uri.file(manifest.folder),
    extensionMode: enums.ExtensionMode.Test,
    asAbsolutePath: (path: string) => join(manifest.folder, path),
    globalState: new Memento(storage.globalState),
    workspaceState: new Memento(storage.workspaceState),
    secrets: new SecretStorage(ledger, storage.secrets),
    // Without a workspace there is nowhere to store for one.
    storageUri: hasWorkspace ? folder('workspace-storage') : undefined,
    globalStorageUri: folder('global-storage'),
    logUri: folder('logs'),
    storagePath: hasWorkspace ? join(scratch, 'workspace-storage') : undefined,
    globalStoragePath: join(scratch, 'global-storage'),
    logPath: join(scratch, 'logs'),
  } satisfies Partial<vscode.ExtensionContext>;
  return strict('context', context) as unknown as vscode.ExtensionContext;
}
