import type * as vscode from 'vscode';

/** The version of this extension. */
export function versionOf({ extension }: vscode.ExtensionContext): string {
  return String((extension.packageJSON as { version?: unknown }).version);
}
