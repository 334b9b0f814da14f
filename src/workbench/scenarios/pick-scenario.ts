import type * as vscode from 'vscode';
import { labelText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { type ScenarioLibrary, SCENARIO_SUFFIX } from './scenario-library';

/** Asks for one of the scenarios; that of the active editor stands first. Answers its file. */
export async function pickScenario(api: VscodeApi, library: ScenarioLibrary): Promise<vscode.Uri | undefined> {
  const { window, l10n, QuickPickItemKind } = api;
  const active = window.activeTextEditor?.document.uri;
  const entries = await library.all();
  const item = ({ uri, title, fault, description }: (typeof entries)[number]): vscode.QuickPickItem & { readonly uri: vscode.Uri } => ({
    uri, label: labelText(title), description: labelText(fault ?? ''), detail: labelText(description ?? ''),
  });
  const heading = (label: string): vscode.QuickPickItem & { readonly uri?: undefined } => ({ label, kind: QuickPickItemKind.Separator });
  const current = active?.path.endsWith(SCENARIO_SUFFIX) === true ? entries.filter(({ uri }) => uri.toString() === active.toString()) : [];
  const rest = entries.filter((entry) => !current.includes(entry));
  const own = rest.filter(({ shipped }) => !shipped);
  const items = [
    ...(current.length > 0 ? [heading(l10n.t('Active editor')), ...current.map(item)] : []),
    ...(own.length > 0 ? [heading(l10n.t('Workspace')), ...own.map(item)] : []),
    heading(l10n.t('Built-in')),
    ...rest.filter(({ shipped }) => shipped).map(item),
  ];
  const picked = await window.showQuickPick(items, { title: l10n.t('Scenarios'), placeHolder: l10n.t('Scripted agents and clients at a router of their own'), matchOnDescription: true, matchOnDetail: true });
  return picked?.uri;
}
