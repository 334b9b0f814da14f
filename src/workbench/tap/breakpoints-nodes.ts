import type { BreakpointInfo, HeldFrame } from '../../protocol/breakpoints';

export type BreakpointsNode =
  | { readonly kind: 'breakpoint'; readonly id: string; readonly breakpoint: BreakpointInfo }
  | { readonly kind: 'held'; readonly id: string; readonly held: HeldFrame };
