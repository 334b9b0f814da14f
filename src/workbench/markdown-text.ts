import type * as vscode from 'vscode';
import type { VscodeApi } from './vscode-api';

/** What is hidden or reorders text on screen: controls, format characters (zero-width, bidirectional), separators, blank letters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/gu;
const MAX_CODE_LENGTH = 300;

/**
 * Builds Markdown in which text from documents, logs and messages can only ever be text (SECURITY 13). Commands are
 * trusted one by one as links to them are added.
 */
export class MarkdownText {
  readonly markdown: vscode.MarkdownString;
  private readonly trusted = new Set<string>();

  constructor(api: VscodeApi) {
    this.markdown = new api.MarkdownString(undefined, true);
    this.markdown.supportHtml = false;
  }

  /** Text from anywhere, shown as it is. `appendText` would do, but makes every space unbreakable. */
  text(text: string): this {
    return this.raw(escapeMarkdown(text));
  }

  /** Markdown of our own; never pass text from outside. */
  raw(markdown: string): this {
    this.markdown.appendMarkdown(markdown);
    return this;
  }

  /** Text from anywhere as inline code. Invisible characters are shown by their code point. */
  code(text: string): this {
    this.markdown.appendMarkdown(inlineCode(text));
    return this;
  }

  bold(text: string): this {
    return this.raw('**').text(text).raw('**');
  }

  paragraph(): this {
    return this.raw('\n\n');
  }

  /** A line across, which ends what was said so far. */
  rule(): this {
    return this.raw('\n\n---\n');
  }

  /** A line `label: value`. */
  field(label: string, value: string): this {
    return this.text(`${label}: `).code(value).raw('  \n');
  }

  /** A link that runs a command of ours. */
  command(title: string, command: string, args: readonly unknown[]): this {
    this.trusted.add(command);
    this.markdown.isTrusted = { enabledCommands: [...this.trusted] };
    // Parentheses could end the link early; encodeURIComponent leaves them as they are.
    const query = encodeURIComponent(JSON.stringify(args)).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
    return this.raw(`[${title}](command:${command}?${query})`);
  }
}

/** Inline code that its own content cannot end: fenced by more backticks than it holds in a row (CommonMark 6.1). */
export function inlineCode(text: string): string {
  const shown = showInvisible(text.length > MAX_CODE_LENGTH ? `${text.slice(0, MAX_CODE_LENGTH)}…` : text);
  if (shown === '') return '` `';
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** Text in which nothing means anything to Markdown, HTML, links (also bare ones) or theme icons; on one line. */
export function escapeMarkdown(text: string): string {
  return showInvisible(text.replaceAll(/\s+/g, ' '))
    .replaceAll(/[\\`*_{}[\]<>#+\-!|~$&@^=]/g, '\\$&')
    .replaceAll('://', ':\\//')
    .replaceAll(/www\./gi, (prefix) => `${prefix.slice(0, -1)}\\.`);
}

/** Replaces what cannot be seen by `<U+200B>`. */
export function showInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => `<U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}>`);
}
