import type * as vscode from 'vscode';
import { messageOf } from '../../core/message-of';
import type { HeldFrame } from '../../protocol/breakpoints';
import type { InspectionClient } from '../live/inspection-client';
import type { Sources } from '../sources/sources';
import type { VscodeApi } from '../vscode-api';

const HELD_SCHEME = 'threadlens-held';
/** Editors that can still be saved; the oldest is forgotten first. */
const MAX_OPEN = 100;

/** Which frame of which tap: numbers begin anew in another tap. */
interface Opened {
  readonly client: InspectionClient;
  readonly heldId: number;
  /** When it was opened or sent, in milliseconds since 1970. */
  at: number;
  /** What went on; it stays readable, and is saved no more. */
  sent?: Uint8Array;
}

/**
 * Held frames as files: opened in a normal editor, and saving one lets the frame go on with that text. Secrets are masked;
 * a mask that still stands when it is saved becomes the secret again, in the tap.
 */
export class HeldDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  private readonly registration: vscode.Disposable;
  private readonly opened = new Map<number, Opened>();
  private lastNumber = 0;

  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;

  constructor(
    private readonly api: VscodeApi,
    private readonly sources: Sources,
  ) {
    this.changed = new api.EventEmitter();
    this.onDidChangeFile = this.changed.event;
    this.registration = api.workspace.registerFileSystemProvider(HELD_SCHEME, this, { isCaseSensitive: true });
  }

  /** Opens a held frame in an editor. */
  async open(frame: HeldFrame): Promise<void> {
    const name = (frame.type ?? 'message').replaceAll(/[^\w.-]/g, '_').slice(0, 80);
    const { client } = this.sources;
    if (!client) return;
    const number = this.numberOf(client, frame.id);
    const uri = this.api.Uri.from({ scheme: HELD_SCHEME, path: `/${number}/${name}.json` });
    await this.api.window.showTextDocument(await this.api.workspace.openTextDocument(uri), { preview: false });
    this.api.window.setStatusBarMessage(this.api.l10n.t('Saving sends the frame on; until then it is held.'), 10_000);
  }

  /** The held frame that an editor shows; undefined when the argument is no such editor, or its tap is not the one that is shown. */
  heldIdOf(argument: unknown): number | undefined {
    if (typeof argument !== 'object' || argument === null || !('scheme' in argument) || argument.scheme !== HELD_SCHEME) return undefined;
    const opened = this.openedOf(argument as vscode.Uri);
    return opened && opened.client === this.sources.client ? opened.heldId : undefined;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const content = await this.readFile(uri);
    const { at = 0, sent } = this.openedOf(uri) ?? {};
    const { FileType, FilePermission } = this.api;
    return { type: FileType.File, ctime: at, mtime: at, size: content.length, ...(sent ? { permissions: FilePermission.Readonly } : {}) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const sent = this.openedOf(uri)?.sent;
    if (sent) return sent;
    const { text } = await this.ask(uri, (client, id) => client.request('heldBody', { id }));
    if (text === undefined) throw this.api.FileSystemError.Unavailable(this.api.l10n.t('A binary frame can be released or dropped, not edited.'));
    return new TextEncoder().encode(text);
  }

  /** Saving releases: the frame goes on with this text. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const text = new TextDecoder().decode(content);
    await this.ask(uri, (client, id) => client.request('releaseEdited', { id, text }));
    this.api.window.setStatusBarMessage(this.api.l10n.t('The edited frame was sent on'), 4000);
    const opened = this.openedOf(uri);
    if (opened) Object.assign(opened, { sent: content, at: Date.now() });
    this.changed.fire([{ type: this.api.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new this.api.Disposable(() => {});
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw this.api.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw this.api.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw this.api.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private numberOf(client: InspectionClient, heldId: number): number {
    for (const [number, opened] of this.opened) if (opened.client === client && opened.heldId === heldId) return number;
    this.opened.set(++this.lastNumber, { client, heldId, at: Date.now() });
    for (const oldest of this.opened.keys()) {
      if (this.opened.size <= MAX_OPEN) break;
      this.opened.delete(oldest);
    }
    return this.lastNumber;
  }

  private openedOf(uri: vscode.Uri): Opened | undefined {
    return this.opened.get(Number(/^\/(\d+)\//.exec(uri.path)?.[1]));
  }

  private async ask<T>(uri: vscode.Uri, question: (client: InspectionClient, id: number) => Promise<T>): Promise<T> {
    const { FileSystemError, l10n } = this.api;
    const opened = this.openedOf(uri);
    if (!opened) throw FileSystemError.FileNotFound(uri);
    try {
      return await question(opened.client, opened.heldId);
    } catch (error) {
      const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
      if (reason === 'not_found') throw FileSystemError.FileNotFound(l10n.t('This frame is no longer held: it went on, or its connection is closed.'));
      throw FileSystemError.Unavailable(messageOf(error));
    }
  }
}
