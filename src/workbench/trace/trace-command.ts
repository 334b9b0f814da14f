import type * as vscode from 'vscode';
import { clip } from '../../core/clip';
import { messageOf } from '../../core/message-of';
import { askForId, firstIdIn, textAtCursor } from '../ids/id-at-cursor';
import { labelText, noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { describeFault } from './describe-fault';
import { renderTrace } from './render-trace';
import { SourceError } from './search/byte-source';
import { readExcerpt } from './search/read-excerpt';
import type { Excerpt } from './trace-documents';
import type { Trace } from './trace-entry';
import { traceFrames } from './trace-frames';
import { traceLogs } from './trace-logs';
import type { TraceParts } from './trace-run';
import { TraceSources } from './trace-sources';

/** Between two reports of progress, in milliseconds. */
const REPORT_EVERY_MS = 100;

interface Scope {
  readonly uris: readonly vscode.Uri[];
}

/**
 * `Thread Lens: Trace Run…`. With an ID it asks nothing: it follows it over `folders` (files or folders, as paths or
 * URIs), without them over the open log and the logs of the workspace. What the running router knows always goes in.
 */
export async function traceCommand(parts: TraceParts, argument: unknown, folders: unknown): Promise<Trace | undefined> {
  const { api } = parts;
  const given = typeof argument === 'string' && argument.trim() !== '' ? argument : undefined;
  const { table } = parts.formats;
  const text = given ?? textAtCursor(api, table) ?? (await askForId(api, api.l10n.t('Trace Run'), table));
  if (text === undefined) return undefined;
  const id = firstIdIn(text, table);
  const sources = new TraceSources(api);
  const scope = given === undefined ? await askScope(parts, sources, id) : folders === undefined ? await defaultScope(sources) : { uris: readFolders(api, folders) };
  if (scope === undefined) return undefined;
  const trace = await traceWithProgress(parts, sources, id, scope);
  if (trace.cancelled && trace.entries.length === 0) return trace;
  const { text: content, links } = renderTrace(api, trace);
  await parts.documents().show(trace, content, links);
  return trace;
}

/** Takes the lines around an entry out of a log that editors cannot open. */
export function excerptFor(api: VscodeApi): Excerpt {
  return async ({ origin, line }) => {
    try {
      return await readExcerpt(new TraceSources(api).sourceOf(api.Uri.parse(origin.uri, true), origin.label), line);
    } catch (error) {
      void api.window.showWarningMessage(noticeText(api.l10n.t('{0}: {1}', origin.label, reasonWords(api, error))));
      return undefined;
    }
  };
}

function reasonWords(api: VscodeApi, error: unknown): string {
  return error instanceof SourceError ? describeFault(api, error.fault) : messageOf(error);
}

async function traceWithProgress({ api, live, model, formats: { table } }: TraceParts, sources: TraceSources, id: string, { uris }: Scope): Promise<Trace> {
  const shown = clip(id, 40);
  const options = { location: api.ProgressLocation.Notification, title: noticeText(api.l10n.t('Tracing {0}', shown)), cancellable: true };
  return api.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const found = await sources.of(uris);
      const journal = live.client === undefined ? undefined : await traceFrames(api, id, live.client, model, table);
      let reported = 0;
      let at = performance.now();
      return await traceLogs({
        api,
        table,
        id,
        sources: found.sources,
        notes: [...found.notes, ...(journal?.notes ?? [])],
        ...(journal === undefined ? {} : { journal: journal.entries, threadIds: journal.threadIds }),
        signal: abort.signal,
        onProgress: ({ done, lines }) => {
          if (performance.now() - at < REPORT_EVERY_MS) return;
          at = performance.now();
          progress.report({ increment: (done - reported) * 100, message: api.l10n.t('{0} lines', lines.toLocaleString('en')) });
          reported = done;
        },
      });
    } finally {
      listener.dispose();
    }
  });
}

async function defaultScope(sources: TraceSources): Promise<Scope> {
  const open = sources.openLog();
  const found = await sources.inWorkspace();
  return { uris: open !== undefined && sources.isLog(open) ? [open, ...found] : found };
}

/** Asks where to look; undefined when the user gives up. */
async function askScope({ api, live }: TraceParts, sources: TraceSources, id: string): Promise<Scope | undefined> {
  const { l10n, window } = api;
  const open = sources.openLog();
  const found = await sources.inWorkspace();
  const rows: { label: string; description?: string; uris: () => Promise<readonly vscode.Uri[] | undefined> }[] = [];
  if (open !== undefined) {
    rows.push({ label: `$(file) ${l10n.t('The Open File')}`, description: labelText(open.path.split('/').at(-1) ?? ''), uris: () => Promise.resolve([open]) });
  }
  if (found.length > 0) {
    const count = found.length === 1 ? l10n.t('1 file') : l10n.t('{0} files', String(found.length));
    rows.push({ label: `$(folder) ${l10n.t('Logs of the Workspace')}`, description: count, uris: () => Promise.resolve(found) });
  }
  rows.push(
    { label: `$(files) ${l10n.t('Choose Files…')}`, uris: () => choose(api, false) },
    { label: `$(folder-opened) ${l10n.t('Choose Folder…')}`, uris: () => choose(api, true) },
  );
  if (live.client !== undefined) {
    rows.push({ label: `$(broadcast) ${l10n.t('Only the Running Router')}`, description: l10n.t('its journal goes into every trace'), uris: () => Promise.resolve([]) });
  }
  const shown = clip(id, 60);
  const picked = await window.showQuickPick(rows, { title: l10n.t('Trace {0}', shown), placeHolder: l10n.t('Where to look'), ignoreFocusOut: true });
  const uris = await picked?.uris();
  return uris === undefined ? undefined : { uris };
}

async function choose(api: VscodeApi, folders: boolean): Promise<readonly vscode.Uri[] | undefined> {
  return api.window.showOpenDialog({
    title: api.l10n.t('Trace Run'),
    openLabel: api.l10n.t('Trace'),
    canSelectFiles: !folders,
    canSelectFolders: folders,
    canSelectMany: true,
  });
}

/** @throws {TypeError} naming what was expected and received */
function readFolders(api: VscodeApi, folders: unknown): vscode.Uri[] {
  const list: readonly unknown[] = Array.isArray(folders) ? folders : [folders];
  return list.map((folder) => {
    if (folder instanceof api.Uri) return folder;
    if (typeof folder !== 'string' || folder === '') throw new TypeError(`folders: expected paths or URIs, received ${typeof folder === 'string' ? 'an empty text' : typeof folder}`);
    // One letter and a colon is a drive.
    return /^[a-z][\w+.-]+:/i.test(folder) ? api.Uri.parse(folder, true) : api.Uri.file(folder);
  });
}
