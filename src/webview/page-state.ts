import { isRecord } from '../core/is-record';

const DETAIL_TABS = ['json', 'raw', 'hex', 'path', 'connection'] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

/** What the page keeps while it is hidden and over a reload of the window. */
export interface PageState {
  readonly filter: string;
  readonly direction: string;
  readonly outcome: string;
  readonly frameType: string;
  readonly hideHeartbeats: boolean;
  readonly follow: boolean;
  readonly timeline: boolean;
  /** Milliseconds that the timeline shows. */
  readonly span: number;
  readonly tab: DetailTab;
  /** Part of the width (or height) that the list has, in percent. */
  readonly split: number;
  /** The journal that the numbers below belong to. */
  readonly journal: string;
  /** Frames up to this number were cleared. */
  readonly clearedTo: number;
  /** -1: no frame. */
  readonly selected: number;
  /** The frame at the top of the list, for when it does not follow; -1: none. */
  readonly top: number;
}

export const INITIAL_STATE: PageState = {
  filter: '',
  direction: '',
  outcome: '',
  frameType: '',
  hideHeartbeats: false,
  follow: true,
  timeline: true,
  span: 60_000,
  tab: 'json',
  split: 60,
  journal: '',
  clearedTo: 0,
  selected: -1,
  top: -1,
};

/** Reads what was kept, perhaps by another version: what does not fit is as at the beginning. */
export function readPageState(kept: unknown): PageState {
  if (!isRecord(kept)) return INITIAL_STATE;
  const entries = Object.entries(INITIAL_STATE).map(([name, initial]) => {
    const value = kept[name];
    return [name, typeof value === typeof initial && (typeof value !== 'number' || Number.isFinite(value)) ? value : initial];
  });
  const state = Object.fromEntries(entries) as unknown as PageState;
  return {
    ...state,
    tab: DETAIL_TABS.includes(state.tab) ? state.tab : INITIAL_STATE.tab,
    split: Math.min(85, Math.max(15, state.split)),
    span: Math.min(3_600_000, Math.max(1000, state.span)),
  };
}
