import type * as vscode from 'vscode';
import type { VariantReport } from '../../core/index';
import { COMMANDS } from '../commands';
import { shownText } from '../documents/shown-text';
import { showInvisible } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';
import type { ScenarioEntry, ScenarioLibrary } from './scenario-library';
import type { ScenarioResults } from './scenario-results';
import { problemWords, variantWords } from './scenario-worker';

export type ScenarioNode =
  | { readonly kind: 'group'; readonly id: 'workspace' | 'shipped' }
  | { readonly kind: 'scenario'; readonly entry: ScenarioEntry }
  | { readonly kind: 'variant'; readonly entry: ScenarioEntry; readonly report: VariantReport };

/** The rows of the view Scenarios: files of the workspace and shipped ones, each with its last result. */
export class ScenarioRows {
  constructor(
    private readonly api: VscodeApi,
    private readonly library: ScenarioLibrary,
    private readonly results: ScenarioResults,
  ) {}

  async children(parent?: ScenarioNode): Promise<ScenarioNode[]> {
    if (parent?.kind === 'variant') return [];
    if (parent?.kind === 'scenario') {
      const report = this.results.get(parent.entry.uri.toString())?.report;
      return report?.variants.map((variant) => ({ kind: 'variant', entry: parent.entry, report: variant })) ?? [];
    }
    const entries = await this.library.all();
    const of = (shipped: boolean): ScenarioNode[] => entries.filter((entry) => entry.shipped === shipped).map((entry) => ({ kind: 'scenario', entry }));
    if (parent) return of(parent.id === 'shipped');
    // One kind alone needs no heading.
    return entries.every(({ shipped }) => shipped) ? of(true) : [{ kind: 'group', id: 'workspace' }, { kind: 'group', id: 'shipped' }];
  }

  item(node: ScenarioNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return this.groupItem(node.id);
      case 'scenario':
        return this.scenarioItem(node.entry);
      case 'variant':
        return this.variantItem(node.entry, node.report);
    }
  }

  private groupItem(id: 'workspace' | 'shipped'): vscode.TreeItem {
    const { l10n, TreeItem, TreeItemCollapsibleState } = this.api;
    const item = new TreeItem(id === 'workspace' ? l10n.t('Workspace') : l10n.t('Built-in'), TreeItemCollapsibleState.Expanded);
    item.id = id;
    item.contextValue = 'group';
    return item;
  }

  private scenarioItem(entry: ScenarioEntry): vscode.TreeItem {
    const { l10n, TreeItem, TreeItemCollapsibleState } = this.api;
    const id = entry.uri.toString();
    const report = this.results.get(id)?.report;
    const title = showInvisible(entry.title);
    const item = new TreeItem(title, report ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
    // A row that may be opened from now on is another row to the editor.
    item.id = report ? `${id}#ran` : id;
    item.iconPath = this.iconOf(entry, report?.passed);
    const result = this.resultWords(entry, report?.passed);
    item.description = result;
    const text = new this.api.MarkdownString();
    text.appendText(shownText([entry.description ?? entry.title, ...(entry.fault === undefined ? [] : [l10n.t('Fault: {0}', entry.fault)]), ...(entry.problem ? [problemWords(this.api, entry.problem)] : [])].join('\n\n')));
    item.tooltip = text;
    item.command = report
      ? { title: l10n.t('Show Report'), command: COMMANDS.scenarioReport, arguments: [{ kind: 'scenario', entry }] }
      : { title: l10n.t('Open'), command: COMMANDS.scenarioOpen, arguments: [{ kind: 'scenario', entry }] };
    item.contextValue = `scenario${entry.variants.length === 2 ? '.both' : ''}${report ? '.ran' : ''}`;
    item.accessibilityInformation = { label: showInvisible([entry.title, result, entry.fault ?? ''].filter((part) => part !== '').join(', ')) };
    return item;
  }

  private variantItem(entry: ScenarioEntry, report: VariantReport): vscode.TreeItem {
    const { l10n } = this.api;
    const { variant, passed, problem, assertions } = report;
    const item = new this.api.TreeItem(variant === undefined ? l10n.t('Run') : variant === 'fault' ? l10n.t('With the fault') : l10n.t('With the fix'));
    item.id = `${entry.uri.toString()}#${variant ?? 'run'}`;
    const failed = assertions.filter((assertion) => !assertion.passed);
    item.description = problem ?? (passed ? l10n.t('as expected') : l10n.t('{0} of {1} expectations not met', failed.length, assertions.length));
    item.iconPath = this.resultIcon(passed);
    item.tooltip = report.description ?? '';
    item.command = { title: l10n.t('Show Report'), command: COMMANDS.scenarioReport, arguments: [{ kind: 'scenario', entry }] };
    item.contextValue = 'variant';
    item.accessibilityInformation = { label: `${variant === undefined ? entry.title : variantWords(l10n, variant)}, ${item.description}` };
    return item;
  }

  private resultWords({ uri, shipped, problem }: ScenarioEntry, passed: boolean | undefined): string {
    const { l10n, workspace } = this.api;
    if (this.results.isRunning(uri.toString())) return l10n.t('running');
    if (problem) return l10n.t('no scenario');
    if (!shipped && !workspace.isTrusted) return l10n.t('needs a trusted workspace');
    return passed === undefined ? '' : passed ? l10n.t('as expected') : l10n.t('not as expected');
  }

  private iconOf({ uri, shipped, problem }: ScenarioEntry, passed: boolean | undefined): vscode.ThemeIcon {
    const { ThemeIcon, ThemeColor, workspace } = this.api;
    if (this.results.isRunning(uri.toString())) return new ThemeIcon('sync~spin');
    if (problem) return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
    if (passed !== undefined) return this.resultIcon(passed);
    return new ThemeIcon(!shipped && !workspace.isTrusted ? 'lock' : 'beaker');
  }

  private resultIcon(passed: boolean): vscode.ThemeIcon {
    const { ThemeIcon, ThemeColor } = this.api;
    return passed ? new ThemeIcon('pass', new ThemeColor('charts.green')) : new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  }
}
