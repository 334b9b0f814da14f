import type * as vscode from 'vscode';

export interface CommandLink {
  readonly title: string;
  readonly command: string;
  readonly args: readonly unknown[];
  /** Whether VS Code runs it at a click: only where the Markdown is trusted with this command. */
  readonly enabled: boolean;
}

/** The command links of a Markdown text, as its reader could click them. */
export function commandLinks(markdown: vscode.MarkdownString): CommandLink[] {
  const { isTrusted, value } = markdown;
  const links = value.matchAll(/\[((?:[^\]\\]|\\.)*)\]\(command:([^?)\s]+)(?:\?([^)\s]*))?(?:\s+"[^"]*")?\)/g);
  return [...links].map(([, title = '', command = '', query]) => {
    const args: unknown = query === undefined || query === '' ? [] : JSON.parse(decodeURIComponent(query));
    return {
      title: title.replace(/\\([^A-Za-z0-9\s])/g, '$1'),
      command,
      args: Array.isArray(args) ? (args as unknown[]) : [args],
      enabled: typeof isTrusted === 'object' ? isTrusted.enabledCommands.includes(command) : isTrusted === true,
    };
  });
}
