import type * as vscode from 'vscode';
import { enums } from './enums';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import type { Manifest } from './manifest';
import { strict } from './strict';
import { Uri } from './uri';

/** The installed extensions: the one under test, and others a test adds. */
export class Extensions {
  /** The extension under test. Set `exports` to what its `activate` answered. */
  readonly own: { exports: unknown } & Omit<vscode.Extension<unknown>, 'exports'>;
  readonly others: vscode.Extension<unknown>[] = [];
  private readonly changed: Emitter<void>;

  constructor(ledger: Ledger, manifest: Manifest) {
    this.changed = new Emitter(ledger, 'extensions.onDidChange');
    const own = {
      id: manifest.extensionId,
      extensionPath: manifest.folder,
      extensionUri: Uri.file(manifest.folder),
      packageJSON: manifest.json,
      extensionKind: enums.ExtensionKind.Workspace,
      isActive: true,
      exports: undefined as unknown,
      activate: async () => own.exports,
    };
    this.own = own;
  }

  /** Another extension is installed. */
  add(extension: vscode.Extension<unknown>): void {
    this.others.push(extension);
    this.changed.fire();
  }

  get api(): object {
    const all = (): vscode.Extension<unknown>[] => [this.own, ...this.others];
    return strict('extensions', {
      get all() {
        return all();
      },
      // IDs do not tell upper from lower case.
      getExtension: (id: string) => all().find((extension) => extension.id.toLowerCase() === id.toLowerCase()),
      onDidChange: this.changed.event,
    });
  }
}
