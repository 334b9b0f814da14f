import type * as vscode from 'vscode';

/** The editor's API as a value. The workbench gets it as an argument, so all of it runs against a fake in plain Node. */
export type VscodeApi = typeof vscode;

/** The part of it that says things in the language of the window. */
export type L10nApi = Pick<VscodeApi, 'l10n'>;
