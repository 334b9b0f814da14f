import { jsonNode, type JsonNode } from '../body/json-node';
import { h } from '../dom/element';
import { l10n } from '../l10n';

/** Levels that are open at first. */
const OPEN_LEVELS = 1;
/** Rows that are opened without being asked. */
const OPEN_ROWS = 200;
/** Longest string that is shown on a row; Raw has all of it. */
const MAX_VALUE = 2000;

interface Item {
  readonly node: JsonNode;
  readonly element: HTMLElement;
  readonly group: HTMLElement;
  built: boolean;
}

/** A JSON value as a tree. The rows of a level are built when it is opened first. */
export class JsonTreeView {
  readonly element = h('div', { class: 'tree', role: 'tree', 'aria-label': l10n.t('Body') });
  private readonly items = new WeakMap<Element, Item>();
  private rows = 0;

  constructor(value: unknown) {
    const root = jsonNode(value);
    // The braces around everything tell nothing: the first level is what stands between them.
    const top = root.size > 0 ? root.children() : [root];
    this.element.append(...top.map((node) => this.item(node, 1)));
    const [first] = this.visible();
    if (first) first.tabIndex = 0;
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('click', (event) => {
      const item = event.target instanceof Element ? event.target.closest('[role=treeitem]') : null;
      if (!(item instanceof HTMLElement)) return;
      this.toggle(item);
      this.focus(item);
    });
  }

  private item(node: JsonNode, level: number): HTMLElement {
    const group = h('div', { role: 'group', class: 'tree-group', hidden: true });
    const branch = node.size > 0;
    const value = node.text.length > MAX_VALUE ? l10n.t('{0}… ({1} characters)', node.text.slice(0, MAX_VALUE), node.text.length) : node.text;
    const element = h(
      'div',
      { role: 'treeitem', tabindex: -1, 'aria-level': level, 'aria-expanded': branch ? 'false' : undefined },
      h(
        'div',
        { class: 'tree-row' },
        h('span', { class: 'twistie', 'aria-hidden': 'true' }),
        node.name === undefined ? undefined : h('span', { class: 'tree-name' }, `${node.name}: `),
        h('span', { class: `tree-value ${node.range ? 'range' : node.kind}` }, value),
      ),
      branch ? group : undefined,
    );
    this.items.set(element, { node, element, group, built: false });
    this.rows++;
    if (branch && level <= OPEN_LEVELS && this.rows + node.size <= OPEN_ROWS) this.open(element);
    return element;
  }

  private open(element: HTMLElement): void {
    const item = this.items.get(element);
    if (!item || item.node.size === 0) return;
    if (!item.built) {
      item.built = true;
      const level = Number(element.getAttribute('aria-level')) + 1;
      item.group.append(...item.node.children().map((child) => this.item(child, level)));
    }
    element.setAttribute('aria-expanded', 'true');
    item.group.hidden = false;
  }

  private close(element: HTMLElement): void {
    const item = this.items.get(element);
    if (!item || item.node.size === 0) return;
    element.setAttribute('aria-expanded', 'false');
    item.group.hidden = true;
  }

  private toggle(element: HTMLElement): void {
    if (element.getAttribute('aria-expanded') === 'true') this.close(element);
    else this.open(element);
  }

  private focus(element: HTMLElement | undefined): void {
    if (!element) return;
    for (const other of this.element.querySelectorAll<HTMLElement>('[tabindex="0"]')) other.tabIndex = -1;
    element.tabIndex = 0;
    element.focus();
  }

  /** The rows that can be seen, from top to bottom. */
  private visible(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>('[role=treeitem]')].filter((item) => item.closest('[hidden]') === null);
  }

  private key(event: KeyboardEvent): void {
    const current = document.activeElement;
    if (!(current instanceof HTMLElement) || !this.items.has(current) || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.visible();
    const index = rows.indexOf(current);
    const expanded = current.getAttribute('aria-expanded');
    switch (event.key) {
      case 'ArrowDown':
        this.focus(rows[index + 1]);
        break;
      case 'ArrowUp':
        this.focus(rows[index - 1]);
        break;
      case 'Home':
        this.focus(rows[0]);
        break;
      case 'End':
        this.focus(rows.at(-1));
        break;
      case 'ArrowRight':
        if (expanded === 'false') this.open(current);
        else if (expanded === 'true') this.focus(rows[index + 1]);
        break;
      case 'ArrowLeft':
        if (expanded === 'true') this.close(current);
        else this.focus(current.parentElement?.closest<HTMLElement>('[role=treeitem]') ?? undefined);
        break;
      case 'Enter':
        this.toggle(current);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
