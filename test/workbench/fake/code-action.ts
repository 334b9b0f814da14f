import type * as vscode from 'vscode';

/** `vscode.CodeActionKind`: dotted names that contain each other. */
export class CodeActionKind implements vscode.CodeActionKind {
  static readonly Empty = new CodeActionKind('');
  static readonly QuickFix = new CodeActionKind('quickfix');
  static readonly Refactor = new CodeActionKind('refactor');
  static readonly RefactorExtract = new CodeActionKind('refactor.extract');
  static readonly RefactorInline = new CodeActionKind('refactor.inline');
  static readonly RefactorMove = new CodeActionKind('refactor.move');
  static readonly RefactorRewrite = new CodeActionKind('refactor.rewrite');
  static readonly Source = new CodeActionKind('source');
  static readonly SourceOrganizeImports = new CodeActionKind('source.organizeImports');
  static readonly SourceFixAll = new CodeActionKind('source.fixAll');
  static readonly Notebook = new CodeActionKind('notebook');

  private constructor(readonly value: string) {}

  append(parts: string): CodeActionKind {
    return new CodeActionKind(this.value === '' ? parts : `${this.value}.${parts}`);
  }

  intersects(other: vscode.CodeActionKind): boolean {
    return this.contains(other) || new CodeActionKind(other.value).contains(this);
  }

  contains(other: vscode.CodeActionKind): boolean {
    return this.value === '' || other.value === this.value || other.value.startsWith(`${this.value}.`);
  }
}

/** `vscode.CodeAction`. */
export class CodeAction implements vscode.CodeAction {
  edit?: vscode.WorkspaceEdit;
  diagnostics?: vscode.Diagnostic[];
  command?: vscode.Command;
  isPreferred?: boolean;
  disabled?: { readonly reason: string };
  kind?: vscode.CodeActionKind;

  constructor(
    public title: string,
    kind?: vscode.CodeActionKind,
  ) {
    if (kind) this.kind = kind;
  }
}
