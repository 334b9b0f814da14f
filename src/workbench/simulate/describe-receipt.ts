import type { DeliveryReceipt } from '../../protocol/delivery';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';

/** How a router says that an event waits; what is expected and received says it again. */
const WAITS = /^(?:Nobody is connected to|Everybody on) [^;]*; the event waits\.\s*/;

/** What became of an event, in one or two sentences: outcome, thread, and on failure expected, received, near misses. */
export function describeReceipt(api: VscodeApi, type: string, receipt: DeliveryReceipt): string {
  const { l10n } = api;
  const thread = receipt.thread_id ?? '?';
  if (receipt.outcome === 'delivered') {
    const how = receipt.resolution?.source;
    const whom = new Words(api).connections(receipt.connections);
    const sentence = l10n.t('Delivered {0} to {1} of {2}.', type, whom, thread);
    return [
      sentence,
      ...(how ? [l10n.t('Resolved by {0}.', sourceWords(api, receipt))] : []),
      ...(receipt.reason === undefined ? [] : [sentenceCase(receipt.reason)]),
    ].join(' ');
  }
  const [near] = receipt.near_misses ?? [];
  const closest = near ? [l10n.t('Closest: {0} ({1}).', near.thread_id, near.why)] : [];
  const { reason, expected, received } = receipt;
  if (receipt.outcome === 'queued' && reason !== undefined && expected !== undefined && received !== undefined && WAITS.test(reason)) {
    const hint = reason.replace(WAITS, '');
    return [l10n.t('{0} waits: expected {1}, received {2}.', type, withoutStop(expected), withoutStop(received)), ...(hint === '' ? [] : [sentenceCase(hint)]), ...closest].join(' ');
  }
  const outcome = {
    queued: l10n.t('{0} waits for {1}.', type, thread),
    undeliverable: l10n.t('{0} could not be delivered.', type),
    rejected: l10n.t('{0} was rejected.', type),
  }[receipt.outcome];
  const parts = [outcome];
  if (reason !== undefined) parts.push(sentenceCase(reason));
  if (expected !== undefined) parts.push(l10n.t('Expected: {0}.', withoutStop(expected)));
  if (received !== undefined) parts.push(l10n.t('Received: {0}.', withoutStop(received)));
  return [...parts, ...closest].join(' ');
}

/** How the thread was found, e.g. "pattern extraction, pattern 1.5". */
export function sourceWords(api: VscodeApi, receipt: Pick<DeliveryReceipt, 'resolution'>): string {
  const { l10n } = api;
  const { resolution } = receipt;
  switch (resolution?.source) {
    case 'thread_registry':
      return l10n.t('the registry');
    case 'orchestrator':
      return l10n.t('the orchestrator');
    case 'websocket_manager':
    case 'direct_format':
      return l10n.t('its own name: it is a thread ID');
    case 'pattern_extraction':
      return l10n.t('pattern extraction, pattern {0}', resolution.pattern ?? '?');
    case undefined:
      return l10n.t('nothing');
  }
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

function sentenceCase(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
