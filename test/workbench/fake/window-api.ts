import type * as vscode from 'vscode';
import type { Editors } from './editors';
import { enums } from './enums';
import { Emitter } from './event-emitter';
import type { Inputs } from './inputs';
import type { Ledger } from './ledger';
import type { Messages } from './messages';
import type { OutputChannels } from './output-channels';
import type { Progresses } from './progress';
import { InputBox, QuickPick } from './quick-input';
import type { StatusBar } from './status-bar';
import { strict } from './strict';
import type { TerminalLinks } from './terminal-links';
import type { Trees } from './trees';
import type { UriHandlers } from './uri-handlers';
import { TabInputText, TabInputWebview } from './values';
import type { Webviews } from './webviews';

interface WindowParts {
  readonly ledger: Ledger;
  readonly editors: Editors;
  readonly inputs: Inputs;
  readonly messages: Messages;
  readonly output: OutputChannels;
  readonly progress: Progresses;
  readonly statusBar: StatusBar;
  readonly terminalLinks: TerminalLinks;
  readonly trees: Trees;
  readonly uriHandlers: UriHandlers;
  readonly webviews: Webviews;
}

interface Group {
  readonly viewColumn: vscode.ViewColumn;
  readonly isActive: boolean;
  readonly tabs: { label: string | undefined; input: object; isActive: boolean }[];
}

type WindowMember = keyof typeof vscode.window;

/** `vscode.window`. */
export function createWindowApi(parts: WindowParts): object {
  const { ledger, editors, inputs, messages, output, progress, statusBar, terminalLinks, trees, uriHandlers, webviews } = parts;
  const theme = new Emitter<vscode.ColorTheme>(ledger, 'window.onDidChangeActiveColorTheme');
  const windowState = new Emitter<vscode.WindowState>(ledger, 'window.onDidChangeWindowState');
  return strict('window', {
    get activeTextEditor() {
      return editors.active;
    },
    get visibleTextEditors() {
      return editors.visible;
    },
    onDidChangeActiveTextEditor: editors.changedActive.event,
    onDidChangeVisibleTextEditors: editors.changedVisible.event,
    onDidChangeTextEditorSelection: editors.changedSelection.event,
    showTextDocument: editors.show,
    tabGroups: createTabGroups(parts),
    createTreeView: <T>(viewId: string, options: vscode.TreeViewOptions<T>) => trees.create(viewId, options),
    registerTreeDataProvider: <T>(viewId: string, treeDataProvider: vscode.TreeDataProvider<T>) =>
      trees.create(viewId, { treeDataProvider }),
    createStatusBarItem: statusBar.createItem,
    setStatusBarMessage: statusBar.setMessage,
    createOutputChannel: output.create,
    showInformationMessage: (message: string, ...rest: unknown[]) => messages.show('information', message, ...rest),
    showWarningMessage: (message: string, ...rest: unknown[]) => messages.show('warning', message, ...rest),
    showErrorMessage: (message: string, ...rest: unknown[]) => messages.show('error', message, ...rest),
    showQuickPick: inputs.showQuickPick,
    showInputBox: inputs.showInputBox,
    showOpenDialog: inputs.showOpenDialog,
    showSaveDialog: inputs.showSaveDialog,
    createQuickPick: () => inputs.opened(new QuickPick(ledger, inputs)),
    createInputBox: () => inputs.opened(new InputBox(ledger)),
    withProgress: progress.withProgress,
    createWebviewPanel: webviews.createPanel,
    registerWebviewPanelSerializer: webviews.registerSerializer,
    registerWebviewViewProvider: webviews.registerViewProvider,
    registerTerminalLinkProvider: terminalLinks.register,
    registerUriHandler: uriHandlers.register,
    activeColorTheme: { kind: enums.ColorThemeKind.Dark },
    onDidChangeActiveColorTheme: theme.event,
    state: { focused: true, active: true },
    onDidChangeWindowState: windowState.event,
  } satisfies Partial<Record<WindowMember, unknown>>);
}

/** A group for each column with an editor; panels stand in the first. */
function createTabGroups({ editors, webviews }: WindowParts): object {
  const all = () => {
    const groups: Group[] = editors.visible.map(({ viewColumn = enums.ViewColumn.One, document }) => ({
      viewColumn,
      isActive: viewColumn === editors.active?.viewColumn,
      tabs: [{ label: document.uri.path.split('/').at(-1), input: new TabInputText(document.uri), isActive: true }],
    }));
    if (groups.length === 0) groups.push({ viewColumn: enums.ViewColumn.One, isActive: true, tabs: [] });
    const panels = webviews.panels.map(({ title, viewType, active }) => ({
      label: title,
      input: new TabInputWebview(viewType),
      isActive: active,
    }));
    groups[0]?.tabs.push(...panels);
    return groups;
  };
  return strict('window.tabGroups', {
    get all() {
      return all();
    },
    get activeTabGroup() {
      return all().find(({ isActive }) => isActive) ?? all()[0];
    },
  });
}
