import type * as vscode from 'vscode';

/** `vscode.SnippetString`. */
export class SnippetString implements vscode.SnippetString {
  private tabstop = 1;

  constructor(public value = '') {}

  appendText(text: string): this {
    this.value += escape(text);
    return this;
  }

  appendTabstop(tabstop = this.tabstop++): this {
    this.value += `$${tabstop}`;
    return this;
  }

  appendPlaceholder(value: string | ((snippet: SnippetString) => unknown), tabstop = this.tabstop++): this {
    this.value += `\${${tabstop}:${this.nested(value)}}`;
    return this;
  }

  appendChoice(values: readonly string[], tabstop = this.tabstop++): this {
    const choices = values.map((value) => value.replace(/[|\\,]/g, String.raw`\$&`));
    this.value += `\${${tabstop}|${choices.join(',')}|}`;
    return this;
  }

  appendVariable(name: string, value?: string | ((snippet: SnippetString) => unknown)): this {
    this.value += value === undefined ? `\${${name}}` : `\${${name}:${this.nested(value)}}`;
    return this;
  }

  /** A nested snippet goes on counting tab stops. */
  private nested(value: string | ((snippet: SnippetString) => unknown)): string {
    if (typeof value === 'string') return escape(value);
    const inner = new SnippetString();
    inner.tabstop = this.tabstop;
    value(inner);
    this.tabstop = inner.tabstop;
    return inner.value;
  }
}

function escape(text: string): string {
  return text.replace(/[$}\\]/g, String.raw`\$&`);
}
