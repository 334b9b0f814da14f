import type { Behaviour } from '../../core/index';

/** A sentence of a receipt that says which behaviour of the original made the difference. */
export function because(behaviour: Behaviour, text: string): string {
  return `Original behaviour ${behaviour}: ${text}`;
}
