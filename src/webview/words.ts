import { numberText } from './format';
import { l10n } from './l10n';

export const frames = (count: number): string => (count === 1 ? l10n.t('1 frame') : l10n.t('{0} frames', numberText(count)));

export const connections = (count: number): string => (count === 1 ? l10n.t('1 connection') : l10n.t('{0} connections', numberText(count)));

/** Messages and their size. */
export const messages = (count: number, size: string): string =>
  count === 1 ? l10n.t('1 message, {0}', size) : l10n.t('{0} messages, {1}', numberText(count), size);

const OUTCOMES: Readonly<Record<string, string>> = {
  delivered: l10n.t('delivered'),
  queued: l10n.t('waits'),
  undeliverable: l10n.t('undeliverable'),
  rejected: l10n.t('rejected'),
  misrouted: l10n.t('misrouted'),
  discarded: l10n.t('discarded'),
  edited: l10n.t('edited'),
};

/** The word that the panel has for an outcome. */
export const outcomeWord = (outcome: string): string => OUTCOMES[outcome] ?? outcome;

/** The word for who is at the other end of a frame. */
export const peerWord = (peer: 'client' | 'agent'): string => (peer === 'client' ? l10n.t('client') : l10n.t('agent'));
