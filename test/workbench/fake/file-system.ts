import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type * as vscode from 'vscode';
import { enums } from './enums';
import { globToRegExp } from './glob';
import { strict } from './strict';
import { Uri } from './uri';
import { RelativePattern } from './values';

/** `vscode.FileSystemError`. */
export class FileSystemError extends Error implements vscode.FileSystemError {
  constructor(
    messageOrUri?: string | vscode.Uri,
    readonly code = 'Unknown',
  ) {
    super(typeof messageOrUri === 'object' ? messageOrUri.toString(true) : messageOrUri);
    this.name = code === 'Unknown' ? 'Error' : `${code} (FileSystemError)`;
  }

  static FileNotFound(messageOrUri?: string | vscode.Uri): FileSystemError {
    return new FileSystemError(messageOrUri, 'FileNotFound');
  }

  static FileExists(messageOrUri?: string | vscode.Uri): FileSystemError {
    return new FileSystemError(messageOrUri, 'FileExists');
  }

  static FileNotADirectory(messageOrUri?: string | vscode.Uri): FileSystemError {
    return new FileSystemError(messageOrUri, 'FileNotADirectory');
  }

  static FileIsADirectory(messageOrUri?: string | vscode.Uri): FileSystemError {
    return new FileSystemError(messageOrUri, 'FileIsADirectory');
  }

  static NoPermissions(messageOrUri?: string | vscode.Uri): FileSystemError {
    return new FileSystemError(messageOrUri, 'NoPermissions');
  }

  static Unavailable(messageOrUri?: string | vscode.Uri): FileSystemError {
    return new FileSystemError(messageOrUri, 'Unavailable');
  }
}

const CODES: Readonly<Record<string, (uri: vscode.Uri) => FileSystemError>> = {
  ENOENT: (uri) => FileSystemError.FileNotFound(uri),
  EEXIST: (uri) => FileSystemError.FileExists(uri),
  EISDIR: (uri) => FileSystemError.FileIsADirectory(uri),
  ENOTDIR: (uri) => FileSystemError.FileNotADirectory(uri),
  EACCES: (uri) => FileSystemError.NoPermissions(uri),
};

async function on<T>(uri: vscode.Uri, work: (path: string) => Promise<T>): Promise<T> {
  if (uri.scheme !== 'file') throw FileSystemError.Unavailable(uri);
  try {
    return await work(uri.fsPath);
  } catch (error) {
    throw CODES[(error as NodeJS.ErrnoException).code ?? '']?.(uri) ?? error;
  }
}

/** `workspace.fs` over real files. */
export function createFileSystem() {
  return strict('workspace.fs', {
    readFile: (uri) => on(uri, async (path) => new Uint8Array(await readFile(path))),
    writeFile: (uri, content) =>
      on(uri, async (path) => {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content);
      }),
    stat: (uri) =>
      on(uri, async (path) => {
        const found = await stat(path);
        const type = found.isDirectory() ? enums.FileType.Directory : enums.FileType.File;
        return { type, size: found.size, mtime: Math.floor(found.mtimeMs), ctime: Math.floor(found.birthtimeMs) };
      }),
    readDirectory: (uri) =>
      on(uri, async (path) => {
        const entries = await readdir(path, { withFileTypes: true });
        return entries.map((entry) => [entry.name, entry.isDirectory() ? enums.FileType.Directory : enums.FileType.File]);
      }),
    createDirectory: (uri) => on(uri, async (path) => void (await mkdir(path, { recursive: true }))),
    delete: (uri, options) => on(uri, (path) => rm(path, { recursive: options?.recursive === true })),
    rename: (from, to) => on(from, (path) => rename(path, to.fsPath)),
    isWritableFileSystem: (scheme) => (scheme === 'file' ? true : undefined),
  } satisfies Partial<vscode.FileSystem>);
}

/** Files of the folders that fit a glob, without `node_modules`-like rules: only `exclude` leaves out. */
export async function findFiles(
  folders: readonly vscode.Uri[],
  include: vscode.GlobPattern,
  exclude: vscode.GlobPattern | null | undefined,
  maxResults = Infinity,
  token?: vscode.CancellationToken,
): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const bases = include instanceof RelativePattern ? [include.baseUri] : folders;
  for (const base of bases) {
    const entries = await readdir(base.fsPath, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.toSorted()) {
      if (token?.isCancellationRequested || found.length >= maxResults) return found;
      const inside = relative(base.fsPath, path).replaceAll('\\', '/');
      if (fits(include, inside) && !(exclude && fits(exclude, inside))) found.push(Uri.file(path));
    }
  }
  return found;
}

function fits(pattern: vscode.GlobPattern, path: string): boolean {
  return globToRegExp(typeof pattern === 'string' ? pattern : pattern.pattern).test(path);
}
