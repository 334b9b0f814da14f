import * as vscode from 'vscode';
import type { ThreadLensApi } from './workbench/api';
import { Workbench } from './workbench/workbench';

let workbench: Workbench | undefined;

/** Called once by VS Code. What it returns is the API for other extensions. */
export function activate(context: vscode.ExtensionContext): ThreadLensApi {
  workbench = new Workbench(vscode, context);
  context.subscriptions.push(workbench);
  return workbench.api;
}

/** VS Code waits for this, so the router's port is free when the window has gone or is loaded again. */
export async function deactivate(): Promise<void> {
  await workbench?.stop();
  workbench = undefined;
}
