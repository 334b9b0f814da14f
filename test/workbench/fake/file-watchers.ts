import type * as vscode from 'vscode';
import { Disposable } from './disposable';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import { globToRegExp } from './glob';
import { RelativePattern } from './values';
import { strict } from './strict';

interface Watcher {
  readonly fits: (uri: vscode.Uri) => boolean;
  readonly created: Emitter<vscode.Uri>;
  readonly changed: Emitter<vscode.Uri>;
  readonly deleted: Emitter<vscode.Uri>;
}

/** `workspace.createFileSystemWatcher`: tells what a test says happened to a file. */
export class FileWatchers {
  private readonly watchers = new Set<Watcher>();

  constructor(private readonly ledger: Ledger) {}

  create = (pattern: vscode.GlobPattern): vscode.FileSystemWatcher => {
    const glob = globToRegExp(typeof pattern === 'string' ? pattern : pattern.pattern);
    const base = pattern instanceof RelativePattern ? `${pattern.baseUri.toString()}/` : '';
    const watcher: Watcher = {
      fits: (uri) => uri.toString().startsWith(base) && glob.test(base === '' ? uri.path : uri.toString().slice(base.length)),
      created: new Emitter(this.ledger, 'FileSystemWatcher.onDidCreate'),
      changed: new Emitter(this.ledger, 'FileSystemWatcher.onDidChange'),
      deleted: new Emitter(this.ledger, 'FileSystemWatcher.onDidDelete'),
    };
    this.watchers.add(watcher);
    const entry = this.ledger.enter('file system watcher');
    const disposable = new Disposable(() => {
      this.watchers.delete(watcher);
      entry.dispose();
    });
    return strict('FileSystemWatcher', {
      onDidCreate: watcher.created.event,
      onDidChange: watcher.changed.event,
      onDidDelete: watcher.deleted.event,
      dispose: () => disposable.dispose(),
    }) as unknown as vscode.FileSystemWatcher;
  };

  /** Something happened to a file. */
  tell(what: 'created' | 'changed' | 'deleted', uri: vscode.Uri): void {
    for (const watcher of this.watchers) if (watcher.fits(uri)) watcher[what].fire(uri);
  }
}
