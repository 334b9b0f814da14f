import type * as vscode from 'vscode';

const ICON = /(\\)?\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/** `vscode.MarkdownString`: `appendText` escapes exactly what VS Code 1.139 escapes. */
export class MarkdownString implements vscode.MarkdownString {
  value: string;
  isTrusted?: boolean | { readonly enabledCommands: readonly string[] };
  supportThemeIcons: boolean;
  supportHtml?: boolean;
  baseUri?: vscode.Uri;

  constructor(value = '', supportThemeIcons = false) {
    this.value = value;
    this.supportThemeIcons = supportThemeIcons;
  }

  appendText(value: string): this {
    const text = this.supportThemeIcons
      ? value.replace(ICON, (icon, escaped: string | undefined) => (escaped ? icon : `\\${icon}`))
      : value;
    this.value += text
      .replace(/[\\`*_{}[\]()#+!~]/g, String.raw`\$&`)
      .replace(/^([ \t]*)-/gm, String.raw`$1\-`)
      .replace(/[ \t]+/g, (run) => '&nbsp;'.repeat(run.length))
      .replaceAll('>', String.raw`\>`)
      .replaceAll('\n', '\n\n');
    return this;
  }

  appendMarkdown(value: string): this {
    this.value += value;
    return this;
  }

  appendCodeblock(value: string, language = ''): this {
    const longest = Math.max(0, ...(value.match(/^`+/gm) ?? []).map((run) => run.length));
    const fence = '`'.repeat(longest >= 3 ? longest + 1 : 3);
    this.value += `\n${fence}${language}\n${value}\n${fence}\n`;
    return this;
  }
}
