import type { PanelRouterState } from '../../protocol/traffic-panel';
import { button } from '../dom/controls';
import { h } from '../dom/element';
import { icon } from '../dom/icon';
import { l10n } from '../l10n';

export interface NoticeEvents {
  startRouter(): void;
  showLog(): void;
}

/** Says above the list that no router runs, while there are frames of one that did. */
export class Notice {
  readonly element = h('div', { class: 'notice', role: 'status', hidden: true });

  constructor(private readonly events: NoticeEvents) {}

  show(state: PanelRouterState, hasFrames: boolean): void {
    const wanted = hasFrames && state.kind !== 'running';
    this.element.hidden = !wanted;
    if (!wanted) return;
    const text = {
      stopped: l10n.t('The router is not running. These are the last frames; their bodies are gone.'),
      starting: l10n.t('Waiting for the router…'),
      failed: l10n.t('The router failed: {0}', state.kind === 'failed' ? state.message : ''),
    }[state.kind];
    this.element.replaceChildren(icon('warning'), h('span', { class: 'notice-text' }, text), ...routerActions(state, this.events));
  }
}

/** What can be done about a router that does not run. */
export function routerActions(state: PanelRouterState, events: NoticeEvents): HTMLElement[] {
  if (state.kind === 'running' || state.kind === 'starting') return [];
  const start = button(l10n.t('Start Router'), () => events.startRouter(), 'primary');
  return state.kind === 'failed' ? [start, button(l10n.t('Show Log'), () => events.showLog())] : [start];
}
