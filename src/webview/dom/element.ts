type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;
export type Child = Node | string | undefined;

/**
 * Makes an element. Functions become listeners of the event after `on`, `true` an attribute without value; `false`
 * and undefined are left out. Strings become text nodes, so nothing that is shown can be markup (SECURITY 13).
 */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Sets text only when it differs: most cells stay the same while a list scrolls. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
