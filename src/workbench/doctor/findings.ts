import type * as vscode from 'vscode';
import type { Diagnosis } from '../../core/index';

/** A diagnosed fault and where it first shows. */
export interface FoundFault {
  readonly diagnosis: Diagnosis;
  readonly range: vscode.Range;
}

/** What was found in each open log. */
export class DoctorFindings {
  private readonly byUri = new Map<string, readonly FoundFault[]>();

  of(uri: vscode.Uri): readonly FoundFault[] {
    return this.byUri.get(uri.toString()) ?? [];
  }

  has(uri: vscode.Uri): boolean {
    return this.byUri.has(uri.toString());
  }

  set(uri: vscode.Uri, faults: readonly FoundFault[]): void {
    this.byUri.set(uri.toString(), faults);
  }

  delete(uri: vscode.Uri): void {
    this.byUri.delete(uri.toString());
  }

  clear(): void {
    this.byUri.clear();
  }
}
