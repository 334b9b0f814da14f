import type * as vscode from 'vscode';
import { enums } from './enums';
import { isCollapsible, labelOf, type TreeModel, type TreeRow } from './tree-model';
import { ThemeIcon } from './values';

export type TreeColumn = 'description' | 'icon' | 'contextValue' | 'accessibility' | 'checkbox' | 'id';

export const ALL_COLUMNS: readonly TreeColumn[] = ['checkbox', 'icon', 'description', 'contextValue', 'accessibility'];

/**
 * The rows one sees, a line each, children indented by two:
 * `▾ thread_1 · 2 connections $(comment charts.green) #thread.live "thread_1, 2 connections"`
 */
export function renderTree<T>(model: TreeModel<T>, columns: readonly TreeColumn[]): string {
  const lines: string[] = [];
  const add = (rows: readonly TreeRow<T>[], depth: number): void => {
    for (const row of rows) {
      const twistie = isCollapsible(row) ? (model.isExpanded(row) ? '▾ ' : '▸ ') : '';
      lines.push('  '.repeat(depth) + twistie + describe(row, columns));
      if (model.isExpanded(row)) add(row.children ?? [], depth + 1);
    }
  };
  add(model.roots ?? [], 0);
  return lines.join('\n');
}

function describe({ item, handle }: TreeRow<unknown>, columns: readonly TreeColumn[]): string {
  let text = labelOf(item);
  const has = (column: TreeColumn): boolean => columns.includes(column);
  if (has('checkbox') && item.checkboxState !== undefined) text = `[${isChecked(item.checkboxState) ? 'x' : ' '}] ${text}`;
  const description = item.description === true ? item.resourceUri?.fsPath : item.description;
  if (has('description') && description) text += ` · ${description}`;
  if (has('icon') && item.iconPath !== undefined) text += ` ${describeIcon(item.iconPath)}`;
  if (has('contextValue') && item.contextValue !== undefined) text += ` #${item.contextValue}`;
  if (has('accessibility') && item.accessibilityInformation) text += ` "${item.accessibilityInformation.label}"`;
  if (has('id')) text += ` (${handle})`;
  return text;
}

function describeIcon(icon: string | vscode.IconPath): string {
  if (icon instanceof ThemeIcon) return `$(${icon.id}${icon.color ? ` ${icon.color.id}` : ''})`;
  if (typeof icon === 'object' && 'light' in icon) return `$(${pathOf(icon.light)} | ${pathOf(icon.dark)})`;
  return `$(${pathOf(icon as string | vscode.Uri)})`;
}

function pathOf(path: string | vscode.Uri): string {
  return typeof path === 'string' ? path : path.toString();
}

function isChecked(state: NonNullable<vscode.TreeItem['checkboxState']>): boolean {
  return (typeof state === 'object' ? state.state : state) === enums.TreeItemCheckboxState.Checked;
}
