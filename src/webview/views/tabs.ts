import { h } from '../dom/element';

export interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
}

/** A row of tabs over one panel, operated as the ARIA practices say: arrows move, the panel follows. */
export class Tabs<T extends string> {
  readonly list: HTMLElement;
  readonly panel = h('div', { class: 'tab-panel', role: 'tabpanel', id: 'details-panel', tabindex: 0 });
  private readonly buttons = new Map<T, HTMLButtonElement>();
  private chosen: T;

  constructor(
    label: string,
    tabs: readonly Tab<T>[],
    chosen: T,
    private readonly changed: (tab: T) => void,
  ) {
    this.chosen = chosen;
    for (const { id, label: name } of tabs) {
      this.buttons.set(id, h('button', { type: 'button', role: 'tab', id: `tab-${id}`, class: 'tab', 'aria-controls': 'details-panel', onclick: () => this.choose(id) }, name));
    }
    this.list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': label, onkeydown: (event: KeyboardEvent) => this.key(event) }, ...this.buttons.values());
    this.mark();
  }

  get current(): T {
    return this.chosen;
  }

  choose(tab: T): void {
    this.chosen = tab;
    this.mark();
    this.changed(tab);
  }

  private mark(): void {
    for (const [id, button] of this.buttons) {
      const on = id === this.chosen;
      button.setAttribute('aria-selected', String(on));
      button.tabIndex = on ? 0 : -1;
    }
    this.panel.setAttribute('aria-labelledby', `tab-${this.chosen}`);
  }

  private key(event: KeyboardEvent): void {
    const shown = [...this.buttons.keys()];
    const index = shown.indexOf(this.chosen);
    const moves: Readonly<Record<string, number>> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: shown.length - 1 };
    const to = moves[event.key];
    const tab = to === undefined ? undefined : shown[(to + shown.length) % shown.length];
    if (tab === undefined) return;
    event.preventDefault();
    this.choose(tab);
    this.buttons.get(tab)?.focus();
  }
}
