import type * as vscode from 'vscode';
import { type Behaviour, BEHAVIOUR_NAMES, type BehaviourOverrides, BEHAVIOURS, behavioursOf } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { COMMANDS } from '../commands';
import { noticeText } from '../notice-text';
import type { HoverScene } from '../insight/hover-on-line';

/**
 * `Thread Lens: Original Behaviours…`: which behaviours of the original the running router shows, at once. Without an
 * argument a list asks; `{ profile?, behaviours? }` says it. Answers the names that are on; undefined when nothing changed.
 * What the next start begins with is in the settings.
 */
export async function chooseBehaviours(scene: HoverScene, argument: unknown): Promise<readonly Behaviour[] | undefined> {
  const { api: { commands, window, l10n }, live } = scene;
  if (!live.client) {
    const start = l10n.t('Start Router');
    if ((await window.showInformationMessage(noticeText(l10n.t('Behaviours are those of a running router, and none is running.')), start)) !== start) return undefined;
    await commands.executeCommand(COMMANDS.routerStart);
  }
  const { client } = live;
  if (!client) return undefined;
  try {
    const wanted = isChoice(argument) ? given(argument) : await ask(scene);
    if (wanted === undefined) return undefined;
    const overrides: BehaviourOverrides = Object.fromEntries(BEHAVIOUR_NAMES.map((name) => [name, wanted.has(name)]));
    const { behaviours } = await client.request('setBehaviours', { behaviours: overrides });
    return behaviours;
  } catch (error) {
    void window.showErrorMessage(noticeText(l10n.t('The behaviours were not changed: {0}', messageOf(error))));
    return undefined;
  }
}

interface Choice {
  readonly profile?: unknown;
  readonly behaviours?: unknown;
}

/** The menu in the title of a view hands over the row that has the focus there, which chooses nothing. */
function isChoice(argument: unknown): argument is Choice {
  return typeof argument === 'object' && argument !== null && ('profile' in argument || 'behaviours' in argument);
}

/** @throws {UnknownOptionError} */
function given({ profile, behaviours }: Choice): ReadonlySet<Behaviour> {
  return behavioursOf(profile, behaviours);
}

async function ask({ api: { window, l10n }, model }: HoverScene): Promise<ReadonlySet<Behaviour> | undefined> {
  const on = new Set(model.router?.behaviours);
  const items = BEHAVIOUR_NAMES.map((name): vscode.QuickPickItem & { readonly name: Behaviour } => ({
    name,
    label: name,
    // Sections of the source mean nothing to people, rows of the failure catalogue stand in diagnoses.
    description: BEHAVIOURS[name].source.split(', ').filter((part) => part.startsWith('F')).join(', '),
    detail: BEHAVIOURS[name].summary,
    picked: on.has(name),
  }));
  const picked = await window.showQuickPick(items, {
    canPickMany: true,
    matchOnDetail: true,
    title: l10n.t('Original Behaviours'),
    placeHolder: l10n.t('Select none for strict, all for the original'),
  });
  return picked && new Set(picked.map(({ name }) => name));
}
