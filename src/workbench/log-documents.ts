import type * as vscode from 'vscode';

/** `backend.log` and its rotated forms `backend.log.1`. */
const LOG_FILE = /\.log(?:\.\d{1,4})?$/i;

/** Whether a document is a log: by its language (the output panel writes it `Log`) or by its name. */
export function isLogDocument({ uri, languageId }: vscode.TextDocument): boolean {
  return uri.scheme === 'output' || languageId === 'log' || languageId === 'Log' || LOG_FILE.test(uri.path);
}
