import { COMMANDS } from '../commands';
import type { MarkdownText } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';

/** What the actions of a hover act on. */
export interface HoverTarget {
  /** Argument of `threadLens.explainRouting`: an ID, or a place in a document. */
  readonly explain: unknown;
  /** Argument of `threadLens.simulateDelivery`. */
  readonly simulate: object | undefined;
  readonly copy: string | undefined;
  /** Argument of `threadLens.reproduce`, where a local router can show the fault. */
  readonly reproduce?: unknown;
  readonly isRunning: boolean;
}

/** The actions of a hover: three, and one more where a fault can be reproduced. */
export function writeActions(text: MarkdownText, api: VscodeApi, target: HoverTarget): void {
  const { l10n } = api;
  text.raw('\n\n').command(`$(question) ${l10n.t('Explain')}`, COMMANDS.explainRouting, [target.explain]);
  if (target.reproduce !== undefined) text.raw(' · ').command(`$(beaker) ${l10n.t('Reproduce Locally')}`, COMMANDS.reproduce, [target.reproduce]);
  if (!target.isRunning) text.raw(' · ').command(`$(play) ${l10n.t('Start Router')}`, COMMANDS.routerStart, []);
  else if (target.simulate) text.raw(' · ').command(`$(send) ${l10n.t('Simulate Delivery')}`, COMMANDS.simulateDelivery, [target.simulate]);
  if (target.copy !== undefined) text.raw(' · ').command(`$(copy) ${l10n.t('Copy Thread ID')}`, COMMANDS.copyId, [target.copy]);
}
