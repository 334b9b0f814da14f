import type * as vscode from 'vscode';
import { enums } from './enums';
import { Range } from './range';
import { Uri } from './uri';

/** `vscode.ThemeColor`. */
export class ThemeColor implements vscode.ThemeColor {
  constructor(readonly id: string) {}
}

/** `vscode.ThemeIcon`. */
export class ThemeIcon implements vscode.ThemeIcon {
  static readonly File = new ThemeIcon('file');
  static readonly Folder = new ThemeIcon('folder');

  constructor(
    readonly id: string,
    readonly color?: vscode.ThemeColor,
  ) {}
}

/** `vscode.TreeItem`. */
export class TreeItem implements vscode.TreeItem {
  label?: string | vscode.TreeItemLabel;
  resourceUri?: vscode.Uri;
  id?: string;
  iconPath?: string | vscode.IconPath;
  description?: string | boolean;
  tooltip?: string | vscode.MarkdownString | undefined;
  command?: vscode.Command;
  contextValue?: string;
  accessibilityInformation?: vscode.AccessibilityInformation;

  constructor(
    labelOrUri: string | vscode.TreeItemLabel | vscode.Uri,
    public collapsibleState: vscode.TreeItemCollapsibleState = enums.TreeItemCollapsibleState.None,
  ) {
    if (labelOrUri instanceof Uri) this.resourceUri = labelOrUri;
    else this.label = labelOrUri as string | vscode.TreeItemLabel;
  }
}

/** `vscode.Hover`. */
export class Hover implements vscode.Hover {
  contents: (vscode.MarkdownString | vscode.MarkedString)[];
  range?: vscode.Range;

  constructor(
    contents: vscode.MarkdownString | vscode.MarkedString | (vscode.MarkdownString | vscode.MarkedString)[],
    range?: vscode.Range,
  ) {
    // VS Code's own check: null or an empty string is refused, an empty array is not.
    if (!contents) throw new Error('Illegal argument, contents must be defined');
    this.contents = Array.isArray(contents) ? contents : [contents];
    if (range) this.range = range;
  }
}

/** `vscode.DocumentLink`. */
export class DocumentLink implements vscode.DocumentLink {
  tooltip?: string;
  target?: vscode.Uri;

  constructor(
    public range: vscode.Range,
    target?: vscode.Uri,
  ) {
    if (target !== undefined && !(target instanceof Uri)) throw new Error("Illegal argument: 'target' must be a Uri");
    if (!(range instanceof Range) || range.isEmpty) throw new Error("Illegal argument: 'range' must not be empty");
    if (target) this.target = target;
  }
}

/** `vscode.TerminalLink`. */
export class TerminalLink implements vscode.TerminalLink {
  tooltip?: string;

  constructor(
    public startIndex: number,
    public length: number,
    tooltip?: string,
  ) {
    if (typeof startIndex !== 'number' || startIndex < 0) throw new Error('Illegal argument: startIndex must be non-negative');
    if (typeof length !== 'number' || length < 1) throw new Error('Illegal argument: length must be positive');
    if (tooltip !== undefined) this.tooltip = tooltip;
  }
}

/** `vscode.Diagnostic`. */
export class Diagnostic implements vscode.Diagnostic {
  source?: string;
  code?: string | number | { value: string | number; target: vscode.Uri };
  relatedInformation?: vscode.DiagnosticRelatedInformation[];
  tags?: vscode.DiagnosticTag[];

  constructor(
    public range: vscode.Range,
    public message: string,
    public severity: vscode.DiagnosticSeverity = enums.DiagnosticSeverity.Error,
  ) {
    if (!(range instanceof Range)) throw new TypeError('range must be set');
    if (!message) throw new TypeError('message must be set');
  }
}

/** `vscode.DiagnosticRelatedInformation`. */
export class DiagnosticRelatedInformation implements vscode.DiagnosticRelatedInformation {
  constructor(
    public location: vscode.Location,
    public message: string,
  ) {}
}

/** `vscode.CodeLens`. */
export class CodeLens implements vscode.CodeLens {
  command?: vscode.Command;

  constructor(
    public range: vscode.Range,
    command?: vscode.Command,
  ) {
    if (command) this.command = command;
  }

  get isResolved(): boolean {
    return this.command !== undefined;
  }
}

/** `vscode.InlayHint`. */
export class InlayHint implements vscode.InlayHint {
  tooltip?: string | vscode.MarkdownString | undefined;
  paddingLeft?: boolean;
  paddingRight?: boolean;
  kind?: vscode.InlayHintKind;

  constructor(
    public position: vscode.Position,
    public label: string | vscode.InlayHintLabelPart[],
    kind?: vscode.InlayHintKind,
  ) {
    if (kind !== undefined) this.kind = kind;
  }
}

/** `vscode.InlayHintLabelPart`. */
export class InlayHintLabelPart implements vscode.InlayHintLabelPart {
  tooltip?: string | vscode.MarkdownString | undefined;
  location?: vscode.Location;
  command?: vscode.Command;

  constructor(public value: string) {}
}

/** `vscode.RelativePattern`. */
export class RelativePattern implements vscode.RelativePattern {
  readonly baseUri: vscode.Uri;
  readonly base: string;

  constructor(
    base: vscode.WorkspaceFolder | vscode.Uri | string,
    readonly pattern: string,
  ) {
    this.baseUri = typeof base === 'string' ? Uri.file(base) : 'uri' in base ? base.uri : base;
    this.base = this.baseUri.fsPath;
  }
}

/** `vscode.TabInputText`. */
export class TabInputText implements vscode.TabInputText {
  constructor(readonly uri: vscode.Uri) {}
}

/** `vscode.TabInputWebview`. */
export class TabInputWebview implements vscode.TabInputWebview {
  constructor(readonly viewType: string) {}
}

/** `vscode.LanguageModelTextPart`. */
export class LanguageModelTextPart implements vscode.LanguageModelTextPart {
  constructor(public value: string) {}
}

/** `vscode.LanguageModelToolResult`. */
export class LanguageModelToolResult implements vscode.LanguageModelToolResult {
  constructor(public content: unknown[]) {}
}
