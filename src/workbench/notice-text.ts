import { showInvisible } from './markdown-text';

/**
 * Text for a notification. VS Code makes a link, also one that runs a command, of what looks like `[a](command:b)` in it, and
 * IDs come from logs, messages and addresses that anybody can write.
 */
export function noticeText(text: string): string {
  return showInvisible(text.replaceAll(/\s+/g, ' ')).replaceAll('](', '] (');
}

/** Text for the label of a quick pick or the status bar, in which `$(x)` would be an icon. */
export function labelText(text: string): string {
  return showInvisible(text).replaceAll('$(', String.raw`\$(`);
}
