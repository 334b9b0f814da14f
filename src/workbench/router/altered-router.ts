import type { RouterInfo } from '../../protocol/inspection';
import type { VscodeApi } from '../vscode-api';

/** Names in one line. */
const MOST_NAMES = 3;

/**
 * What the router does otherwise than a strict one, for people: behaviours of the original and faults that are on.
 * Undefined when nothing is. A router of an earlier version tells of neither.
 */
export function alteredRouterText(api: VscodeApi, info: Partial<Pick<RouterInfo, 'behaviours' | 'faults' | 'profile'>> | undefined): string | undefined {
  const { l10n } = api;
  const { behaviours = [], faults = [], profile } = info ?? {};
  const parts: string[] = [];
  if (profile === 'original') parts.push(l10n.t('Original behaviour is on: all of it'));
  else if (behaviours.length > 0) parts.push(l10n.t('Original behaviour is on: {0}', shortList(api, behaviours)));
  if (faults.length > 0) parts.push(l10n.t('Faults are on: {0}', shortList(api, [...new Set(faults.map(({ kind }) => kind))])));
  return parts.length === 0 ? undefined : parts.join(' · ');
}

function shortList({ l10n }: VscodeApi, names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? l10n.t('{0} and {1} more', shown, names.length - MOST_NAMES) : shown;
}
