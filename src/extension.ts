import * as vscode from 'vscode';
import type { ThreadLensApi } from './workbench/api';
import { Workbench } from './workbench/workbench';

/** Called once by VS Code. What it returns is the API for other extensions. */
export function activate(context: vscode.ExtensionContext): ThreadLensApi {
  const workbench = new Workbench(vscode, context);
  context.subscriptions.push(workbench);
  return workbench.api;
}
