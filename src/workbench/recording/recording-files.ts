import { basename, dirname, extname, join } from 'node:path';
import type * as vscode from 'vscode';
import { RECORDING_EXTENSION } from '../../core/index';
import { labelText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';

/** Recordings offered for a choice. */
const MOST_OFFERED = 200;
/** Dialogs know only the last part of an ending: they would append a longer one a second time, or show no file. */
const FILTER_EXTENSION = extname(RECORDING_EXTENSION).slice(1);

/** The file that a command was called with: a path, a URI of the explorer, or an object with `file`. */
export function fileOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument === '' ? undefined : argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('fsPath' in argument && typeof argument.fsPath === 'string' && 'scheme' in argument) return argument.scheme === 'file' ? argument.fsPath : undefined;
  return 'file' in argument && typeof argument.file === 'string' ? argument.file : undefined;
}

/** A file name without the extension of recordings. */
export function recordingName(file: string): string {
  const name = basename(file);
  return name.endsWith(RECORDING_EXTENSION) ? name.slice(0, -RECORDING_EXTENSION.length) : name;
}

/** Asks for one of the workspace's recordings, or any other; undefined when the user declines. */
export async function chooseRecording(api: VscodeApi, title: string, except?: string): Promise<string | undefined> {
  const { l10n, window, workspace } = api;
  const found = await workspace.findFiles(`**/*${RECORDING_EXTENSION}`, undefined, MOST_OFFERED);
  const files = found.map(({ fsPath }) => fsPath).filter((file) => file !== except);
  if (files.length === 0) return openDialog(api, title, { [l10n.t('Thread Lens Recordings')]: [FILTER_EXTENSION] });
  const rows = files.map((file) => ({ label: `$(record) ${labelText(recordingName(file))}`, description: workspace.asRelativePath(dirname(file)), file }));
  const other = { label: `$(folder-opened) ${l10n.t('Another File…')}`, description: '', file: undefined };
  const picked = await window.showQuickPick([...rows, other], { title, ignoreFocusOut: except !== undefined });
  if (!picked) return undefined;
  return picked.file ?? openDialog(api, title, { [l10n.t('Thread Lens Recordings')]: [FILTER_EXTENSION] });
}

/** Asks for a file; undefined when the user declines. */
export async function openDialog(api: VscodeApi, title: string, filters: Record<string, string[]>): Promise<string | undefined> {
  const picked = await api.window.showOpenDialog({ title, filters, canSelectMany: false });
  return picked?.[0]?.fsPath;
}

/**
 * Asks where to write a new file. One that exists, and whose replacement the dialog has confirmed, is deleted: nothing of
 * ours ever writes over a file.
 */
export async function saveDialog(api: VscodeApi, title: string, suggested: string, extension: string): Promise<string | undefined> {
  const { window, workspace, Uri, l10n } = api;
  const last = extension.slice(extension.lastIndexOf('.'));
  const picked = await window.showSaveDialog({ title, defaultUri: Uri.file(suggested), filters: { [extension === '.har' ? 'HAR' : l10n.t('Thread Lens Recordings')]: [last.slice(1)] } });
  if (!picked) return undefined;
  const named = picked.fsPath.endsWith(extension) ? picked : Uri.file(`${picked.fsPath.endsWith(last) ? picked.fsPath.slice(0, -last.length) : picked.fsPath}${extension}`);
  if (named === picked) {
    await workspace.fs.delete(picked).then(undefined, () => {});
  }
  return named.fsPath;
}

/** Where new files are suggested: beside a file, or in the workspace. */
export function suggestedFolder(api: VscodeApi, beside?: string): string {
  if (beside !== undefined) return dirname(beside);
  return api.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath ?? '';
}

/** A name that tells when, as files can have it. */
export function timedName(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
}

/** A folder of ours for files that are not the user's, made when it is not there; undefined where there is no disk. */
export async function ownFolder(api: VscodeApi, context: vscode.ExtensionContext, name: string): Promise<string | undefined> {
  const base = context.storageUri ?? context.globalStorageUri;
  if (base.scheme !== 'file') return undefined;
  const folder = join(base.fsPath, name);
  await api.workspace.fs.createDirectory(api.Uri.file(folder));
  return folder;
}

/** Deletes the oldest files of a folder of ours until few are left; names tell the time. */
export async function keepNewest(api: VscodeApi, folder: string, most: number): Promise<void> {
  const entries = await api.workspace.fs.readDirectory(api.Uri.file(folder));
  const names = entries.map(([name]) => name).sort();
  for (const name of names.slice(0, Math.max(0, names.length - most))) await api.workspace.fs.delete(api.Uri.file(join(folder, name))).then(undefined, () => {});
}
