import { labelText, noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { SOURCE_ICONS } from './source';
import type { Sources } from './sources';

/**
 * `Thread Lens: Choose What to Show…`: what the views are to show, one of what is there. The argument is a source's ID;
 * without it asks. Answers the ID of what is shown then.
 */
export async function showSource(api: VscodeApi, sources: Sources, argument: unknown): Promise<string | undefined> {
  const id = typeof argument === 'string' ? argument : await ask(api, sources);
  if (id !== undefined) sources.show(id);
  return sources.shown?.id;
}

async function ask({ l10n, window }: VscodeApi, sources: Sources): Promise<string | undefined> {
  const rows = sources.all.map((source) => ({
    label: `$(${SOURCE_ICONS[source.kind]}) ${labelText(source.label)}`,
    description: labelText(source.detail),
    ...(source.id === sources.shown?.id ? { detail: l10n.t('shown now') } : {}),
    id: source.id,
  }));
  if (rows.length === 0) {
    void window.showInformationMessage(noticeText(l10n.t('There is nothing to show: no router runs, and none is attached.')));
    return undefined;
  }
  return (await window.showQuickPick(rows, { title: l10n.t('Show in the Views'), placeHolder: l10n.t('A router, a tap or a recording') }))?.id;
}
