import type * as vscode from 'vscode';
import type { VscodeApi } from '../vscode-api';

export interface PickOrTypeOptions<T extends vscode.QuickPickItem> {
  readonly items: readonly T[];
  readonly title: string;
  readonly placeholder: string;
  /** The row for a text that was typed; undefined when the text cannot be taken as it is. */
  readonly typed: (text: string) => T | undefined;
}

/**
 * A quick pick that also takes what is typed into it. A text that is part of a row's label looks for that row: only one
 * that no label holds is offered as a row of its own. Answers the row and the text that was typed; undefined when dismissed.
 */
export async function pickOrType<T extends vscode.QuickPickItem>(api: VscodeApi, options: PickOrTypeOptions<T>): Promise<{ readonly item: T; readonly text: string } | undefined> {
  const pick = api.window.createQuickPick<T>();
  const { items, title, placeholder, typed } = options;
  Object.assign(pick, { items, title, placeholder, matchOnDescription: true });
  let shown: T | undefined;
  const offer = (): void => {
    const text = pick.value.trim();
    const isListed = items.some(({ label }) => label.toLowerCase().includes(text.toLowerCase()));
    const row = text === '' || isListed ? undefined : typed(text);
    // Rows that are set anew lose the place of who walks through them.
    if (row || shown) pick.items = row ? [row, ...items] : items;
    shown = row;
  };
  try {
    return await new Promise((resolve) => {
      pick.onDidChangeValue(offer);
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item) resolve({ item, text: pick.value.trim() });
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
