import type * as vscode from 'vscode';
import type { VscodeApi } from '../vscode-api';
import { THREAD_SORTS, type ThreadSort } from './threads-order';
import type { ThreadsView } from './threads-view';

/** Filter and order of the threads view, by input or by argument. */
export class ThreadListCommands {
  constructor(
    private readonly api: VscodeApi,
    private readonly view: ThreadsView,
  ) {}

  /** Answers the filter that is set; undefined when the input was dismissed. */
  async filter(argument: unknown): Promise<string | undefined> {
    const { l10n, window } = this.api;
    const text =
      typeof argument === 'string'
        ? argument
        : await window.showInputBox({
            title: l10n.t('Filter Threads'),
            prompt: l10n.t('Text in a thread, connection, user or run; empty shows all'),
            value: this.view.filter,
          });
    if (text === undefined) return undefined;
    this.view.setFilter(text);
    return this.view.filter;
  }

  async sort(argument: unknown): Promise<ThreadSort | undefined> {
    const sort = THREAD_SORTS.find((known) => known === argument) ?? (await this.pickSort());
    if (sort) this.view.setSort(sort);
    return sort;
  }

  private async pickSort(): Promise<ThreadSort | undefined> {
    const { l10n, window } = this.api;
    const labels: Record<ThreadSort, string> = {
      attention: l10n.t('What needs attention first'),
      activity: l10n.t('Latest event first'),
      connections: l10n.t('Most connections first'),
      name: l10n.t('By name'),
    };
    const items = THREAD_SORTS.map((sort): vscode.QuickPickItem & { sort: ThreadSort } => ({
      label: labels[sort],
      sort,
      ...(sort === this.view.sort ? { description: l10n.t('now') } : {}),
    }));
    return (await window.showQuickPick(items, { title: l10n.t('Sort Threads') }))?.sort;
  }
}
