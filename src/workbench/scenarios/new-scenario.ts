import type * as vscode from 'vscode';
import { SCENARIO_TEMPLATE } from '../../core/index';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { SCENARIO_SUFFIX } from './scenario-library';

/** Asks where a new scenario is to be kept, writes it there and opens it; without a folder it is an untitled document. */
export async function newScenario(api: VscodeApi): Promise<vscode.Uri | undefined> {
  const { workspace, window } = api;
  if (workspace.workspaceFolders === undefined) {
    const document = await workspace.openTextDocument({ language: 'json', content: SCENARIO_TEMPLATE });
    await window.showTextDocument(document);
    return document.uri;
  }
  return saveScenario(api, 'run', SCENARIO_TEMPLATE);
}

/** Asks for a file of the workspace, writes the scenario to it and opens it. Undefined when dismissed. */
export async function saveScenario(api: VscodeApi, name: string, content: string): Promise<vscode.Uri | undefined> {
  const { workspace, window, l10n, Uri } = api;
  const [folder] = workspace.workspaceFolders ?? [];
  const chosen = await window.showSaveDialog({
    ...(folder ? { defaultUri: Uri.joinPath(folder.uri, name + SCENARIO_SUFFIX) } : {}),
    // Dialogs know only the last part of an ending.
    filters: { [l10n.t('Thread Lens scenarios')]: ['json'] },
    title: l10n.t('Save Scenario'),
  });
  if (!chosen) return undefined;
  const uri = chosen.path.endsWith(SCENARIO_SUFFIX) ? chosen : chosen.with({ path: chosen.path.replace(/(?:\.threadlens)?(?:\.json)?$/, SCENARIO_SUFFIX) });
  if (uri !== chosen && !(await mayReplace(api, uri))) return undefined;
  await workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  await window.showTextDocument(await workspace.openTextDocument(uri));
  return uri;
}

/** Whether a file can be written that is not the one that the dialog asked about. */
async function mayReplace({ workspace, window, l10n }: VscodeApi, uri: vscode.Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
  } catch {
    // There is none.
    return true;
  }
  const replace = l10n.t('Replace');
  const name = uri.path.split('/').at(-1) ?? '';
  return (await window.showWarningMessage(noticeText(l10n.t('{0} exists. Replace it?', name)), { modal: true }, replace)) === replace;
}
