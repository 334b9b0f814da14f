import { type Child, h } from './element';
import { icon, type IconName } from './icon';

/** A button that shows an icon, and its label when there is room for one. */
export function iconButton(name: IconName, label: string, onclick: () => void, options: { readonly text?: boolean; readonly title?: string } = {}): HTMLButtonElement {
  const title = options.title ?? label;
  return options.text === true
    ? h('button', { type: 'button', class: 'icon-button with-text', title, onclick }, icon(name), h('span', {}, label))
    : h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title, onclick }, icon(name));
}

/** Sets a toggle's state for the eye and for screen readers. */
export function setPressed(button: HTMLButtonElement, on: boolean): void {
  button.setAttribute('aria-pressed', String(on));
}

/** Puts another icon and label on a button. */
export function relabel(button: HTMLButtonElement, name: IconName, label: string, title = label): void {
  button.setAttribute('aria-label', label);
  button.title = title;
  button.querySelector('svg')?.replaceWith(icon(name));
}

export function button(label: string, onclick: () => void, kind: 'primary' | 'secondary' = 'secondary'): HTMLButtonElement {
  return h('button', { type: 'button', class: `button ${kind}`, onclick }, label);
}

/** Marks a button that changes something: it is hidden where that may only be looked at. */
export function acting(control: HTMLButtonElement): HTMLButtonElement {
  control.classList.add('acts');
  return control;
}

/** Marks a button for what only a router takes: it is hidden while a tap is shown. */
export function forRouter(control: HTMLButtonElement): HTMLButtonElement {
  control.classList.add('for-router');
  return control;
}

/** A labelled control, the label above it. */
export function field(label: string, control: HTMLElement, ...more: readonly Child[]): HTMLElement {
  return h('label', { class: 'field' }, h('span', { class: 'field-label' }, label), control, ...more);
}

/** Replaces the options of a select and keeps what is chosen, even when it is none of them any more. */
export function setOptions(select: HTMLSelectElement, options: readonly (readonly [value: string, label: string])[], chosen = select.value): void {
  const known = options.some(([value]) => value === chosen);
  const all = known ? options : [...options, [chosen, chosen] as const];
  select.replaceChildren(...all.map(([value, label]) => h('option', { value }, label)));
  select.value = chosen;
}
