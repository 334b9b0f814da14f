import type * as vscode from 'vscode';
import { EDITED_SCHEMES } from '../edited-schemes';
import { isLogDocument } from '../log-documents';
import { SETTINGS_SECTION } from '../settings';
import type { VscodeApi } from '../vscode-api';

/** `onOpen`: logs are diagnosed when they are opened and when they change; `onRequest`: by command; `off`: never. */
export type DoctorMode = 'onOpen' | 'onRequest' | 'off';

export interface DoctorSettings {
  readonly run: DoctorMode;
  /** Larger logs, in characters, are diagnosed on request only. */
  readonly maxLength: number;
}

const MEGABYTE = 1024 * 1024;

export function readDoctorSettings(api: VscodeApi, scope: vscode.Uri): DoctorSettings {
  const config = api.workspace.getConfiguration(SETTINGS_SECTION, scope);
  const run = config.get<unknown>('doctor.run');
  const size = config.get<unknown>('doctor.maxFileSizeMb');
  return {
    run: run === 'onRequest' || run === 'off' ? run : 'onOpen',
    maxLength: (typeof size === 'number' && size >= 0 ? size : 5) * MEGABYTE,
  };
}

/** Whether a document is a log that is diagnosed without being asked. */
export function isDiagnosedByItself(api: VscodeApi, document: vscode.TextDocument): boolean {
  return EDITED_SCHEMES.includes(document.uri.scheme) && isLogDocument(document) && readDoctorSettings(api, document.uri).run === 'onOpen';
}
