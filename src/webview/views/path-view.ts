import { h } from '../dom/element';
import { isoTime, timeOfDay } from '../format';
import type { PathStep } from '../path/frame-path';
import { l10n } from '../l10n';

export interface PathViewEvents {
  /** Go to another frame. */
  frame(seq: number): void;
  connection(id: string): void;
}

const STATE_WORDS = { done: l10n.t('done:'), wait: l10n.t('waiting:'), failed: l10n.t('failed:') } as const;

/** The stations of a frame, one below the other. */
export function pathView(steps: readonly PathStep[], events: PathViewEvents): HTMLElement {
  return h('ol', { class: 'path' }, ...steps.map((step) => stepView(step, events)));
}

function stepView({ state, title, at, details, seq, connectionIds }: PathStep, events: PathViewEvents): HTMLElement {
  const mark = { done: 'delivered', wait: 'queued', failed: 'undeliverable' }[state];
  return h(
    'li',
    { class: `step ${state}` },
    h('span', { class: `mark ${mark}`, 'aria-hidden': 'true' }),
    h(
      'div',
      { class: 'step-body' },
      h('div', { class: 'step-title' }, h('span', { class: 'spoken' }, `${STATE_WORDS[state]} `), title, at === undefined ? undefined : h('time', { title: isoTime(at) }, timeOfDay(at))),
      ...details.map((detail) => h('div', { class: 'step-detail' }, detail)),
      seq === undefined ? undefined : h('button', { type: 'button', class: 'link', onclick: () => events.frame(seq) }, l10n.t('Go to frame {0}', seq)),
      connectionIds === undefined || connectionIds.length === 0
        ? undefined
        : h('div', { class: 'step-connections' }, ...connectionIds.map((id) => h('button', { type: 'button', class: 'link', onclick: () => events.connection(id) }, id))),
    ),
  );
}
