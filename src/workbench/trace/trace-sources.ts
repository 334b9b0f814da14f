import type * as vscode from 'vscode';
import { messageOf } from '../../core/message-of';
import type { VscodeApi } from '../vscode-api';
import { BytesSource } from './search/bytes-source';
import { SourceError, type ByteSource } from './search/byte-source';
import { FileSource } from './search/file-source';
import { isLogName } from './search/source-order';
import type { TraceNote } from './trace-entry';

/** A file of a virtual workspace comes as a whole; a bigger one is not asked for. */
const MOST_VIRTUAL_BYTES = 64 << 20;
const MOST_FILES = 2000;
const DEEPEST = 10;
const LEFT_OUT = new Set(['node_modules', '.git', '.hg', '.svn', '__pycache__', '.venv']);
/** `vscode.FileType`. */
const DIRECTORY = 2;
const SYMBOLIC_LINK = 64;

/** Logs to be searched, and what could not be taken. */
export interface FoundSources {
  readonly sources: readonly ByteSource[];
  readonly notes: readonly TraceNote[];
}

/** Turns files and folders into logs that can be read, whatever file system they are on. */
export class TraceSources {
  constructor(private readonly api: VscodeApi) {}

  /** Files are taken whatever their names; of folders what is named like a log. */
  async of(uris: readonly vscode.Uri[]): Promise<FoundSources> {
    const notes: TraceNote[] = [];
    const files = new Map<string, vscode.Uri>();
    for (const uri of uris) {
      if (await this.isFolder(uri)) await this.walk(uri, files, notes, 0);
      else files.set(uri.toString(), uri);
    }
    const labels = this.labelsOf([...files.values()]);
    return { sources: [...files].map(([key, uri]) => this.sourceOf(uri, labels.get(key) ?? uri.path)), notes };
  }

  /** Logs of the workspace, by their names. */
  async inWorkspace(): Promise<vscode.Uri[]> {
    const { workspace } = this.api;
    if (workspace.workspaceFolders === undefined) return [];
    const found = await workspace.findFiles('**/*.{log,log.*,log-*,jsonl,ndjson,gz}', `**/{${[...LEFT_OUT].join(',')}}/**`, MOST_FILES);
    return found.filter((uri) => isLogName(nameOf(uri)));
  }

  /** The log in the active editor, also one that is too big for extensions to see. */
  openLog(): vscode.Uri | undefined {
    const { window } = this.api;
    const input = window.tabGroups.activeTabGroup.activeTab?.input as { uri?: vscode.Uri } | undefined;
    const uri = window.activeTextEditor?.document.uri ?? (input?.uri instanceof this.api.Uri ? input.uri : undefined);
    return uri === undefined || uri.scheme === 'thread-lens' ? undefined : uri;
  }

  /** Whether the document reads as a log rather than as source code. */
  isLog(uri: vscode.Uri): boolean {
    const document = this.documentOf(uri);
    return isLogName(nameOf(uri)) || uri.scheme === 'output' || document?.languageId.toLowerCase() === 'log';
  }

  sourceOf(uri: vscode.Uri, label: string): ByteSource {
    const key = uri.toString();
    const document = this.documentOf(uri);
    if (document !== undefined && (uri.scheme !== 'file' || document.isDirty)) {
      return new BytesSource(key, label, () => Promise.resolve(Buffer.from(document.getText())));
    }
    if (uri.scheme === 'file') return new FileSource(uri.fsPath, key, label);
    return new BytesSource(key, label, () => this.readVirtual(uri));
  }

  private documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
    const key = uri.toString();
    return this.api.workspace.textDocuments.find((document) => document.uri.toString() === key);
  }

  private async readVirtual(uri: vscode.Uri): Promise<Uint8Array> {
    const { fs } = this.api.workspace;
    try {
      const { size } = await fs.stat(uri);
      if (size > MOST_VIRTUAL_BYTES) {
        throw new SourceError({ reason: 'too-large', most: MOST_VIRTUAL_BYTES, size, scheme: uri.scheme });
      }
      return await fs.readFile(uri);
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const { code, message: detail = String(error) } = error as { code?: string; message?: string };
      throw new SourceError(code === 'FileNotFound' ? { reason: 'vanished' } : { reason: 'unreadable', code: '', detail });
    }
  }

  private async isFolder(uri: vscode.Uri): Promise<boolean> {
    if (this.documentOf(uri) !== undefined) return false;
    try {
      return ((await this.api.workspace.fs.stat(uri)).type & DIRECTORY) !== 0;
    } catch {
      // Whatever is wrong with it is said when it is opened.
      return false;
    }
  }

  private async walk(folder: vscode.Uri, files: Map<string, vscode.Uri>, notes: TraceNote[], depth: number): Promise<void> {
    const { l10n } = this.api;
    let names: [string, vscode.FileType][];
    try {
      names = await this.api.workspace.fs.readDirectory(folder);
    } catch (error) {
      notes.push({ source: nameOf(folder), reason: 'unreadable', message: l10n.t('expected a readable folder, received {0}', messageOf(error)) });
      return;
    }
    for (const [name, type] of names.sort(([a], [b]) => (a < b ? -1 : 1))) {
      const uri = this.api.Uri.joinPath(folder, name);
      if ((type & DIRECTORY) !== 0) {
        // Links between folders may lead in circles.
        if ((type & SYMBOLIC_LINK) === 0 && depth < DEEPEST && !LEFT_OUT.has(name)) await this.walk(uri, files, notes, depth + 1);
      } else if (isLogName(name)) {
        if (files.size >= MOST_FILES) {
          if (!notes.some(({ reason }) => reason === 'too-many-files')) {
            notes.push({ source: '', reason: 'too-many-files', message: l10n.t('expected at most {0} logs, received more: the others are left out', MOST_FILES) });
          }
          return;
        }
        files.set(uri.toString(), uri);
      }
    }
  }

  /** Names as short as they can be told apart. */
  private labelsOf(uris: readonly vscode.Uri[]): Map<string, string> {
    const counts = new Map<string, number>();
    for (const uri of uris) counts.set(nameOf(uri), (counts.get(nameOf(uri)) ?? 0) + 1);
    return new Map(
      uris.map((uri) => {
        const isUnique = counts.get(nameOf(uri)) === 1;
        // Blanks would end a place such as "app.log:12" for whoever reads it.
        return [uri.toString(), (isUnique ? nameOf(uri) : this.api.workspace.asRelativePath(uri)).replaceAll(/\s/g, '_')];
      }),
    );
  }
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}
