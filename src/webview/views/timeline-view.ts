import type { FrameInfo } from '../../protocol/inspection';
import { h, setText } from '../dom/element';
import { setOptions } from '../dom/controls';
import { numberText, spanText } from '../format';
import { l10n } from '../l10n';
import { outcomeWord } from '../words';
import { layoutTimeline, markAt, type MarkKind, type TimelineLane } from '../timeline/timeline-layout';
import { drawTimeline, LANE_HEIGHT, readColors, type TimelineColors } from '../timeline/draw-timeline';

/** Redrawn at most this often, in milliseconds. */
const INTERVAL_MS = 200;
/** How far from a mark a click still means it, in pixels. */
const REACH = 6;
/** Free space at the right end, so that the newest mark is whole. */
const MARGIN = 8;

const SPANS: readonly (readonly [ms: number, label: string])[] = [
  [5_000, l10n.t('{0} s', 5)],
  [30_000, l10n.t('{0} s', 30)],
  [60_000, l10n.t('{0} min', 1)],
  [300_000, l10n.t('{0} min', 5)],
  [1_800_000, l10n.t('{0} min', 30)],
];

const LEGEND: readonly (readonly [MarkKind | 'wait', string])[] = [
  ['delivered', outcomeWord('delivered')],
  ['queued', outcomeWord('queued')],
  ['undeliverable', outcomeWord('undeliverable')],
  ['rejected', outcomeWord('rejected')],
  ['client', l10n.t('from or to a client')],
];

export interface TimelineEvents {
  frame(seq: number): void;
  thread(threadId: string): void;
  spanChanged(ms: number): void;
}

/** One lane per thread over the last seconds or minutes. What it shows by shape is also in the list, in words. */
export class TimelineView {
  readonly element: HTMLElement;
  private readonly canvas = h('canvas', { class: 'lanes-canvas', role: 'img', 'aria-label': l10n.t('Timeline'), height: '0' });
  private readonly labels = h('div', { class: 'lane-labels' });
  private readonly scroller: HTMLElement;
  private readonly note = h('span', { class: 'timeline-note' });
  private readonly axis = h('span', { class: 'timeline-axis' });
  private readonly span = h('select', { 'aria-label': l10n.t('Span of the timeline'), title: l10n.t('Span of the timeline'), onchange: () => this.respan() });
  private lanes: readonly TimelineLane[] = [];
  private labelled = '';
  private colors: TimelineColors | undefined;
  private timer: number | undefined;
  private drawnAt = 0;

  constructor(
    spanMs: number,
    private readonly source: () => { readonly frames: readonly FrameInfo[]; readonly selected: FrameInfo | undefined },
    private readonly events: TimelineEvents,
  ) {
    const spans = SPANS.map(([ms, label]) => [String(ms), label] as const);
    setOptions(this.span, spans.some(([ms]) => ms === String(spanMs)) ? spans : [...spans, [String(spanMs), spanText(spanMs)]], String(spanMs));
    this.scroller = h('div', { class: 'lanes' }, this.labels, this.canvas);
    this.element = h(
      'section',
      { class: 'timeline', 'aria-label': l10n.t('Timeline') },
      h('div', { class: 'timeline-head' }, this.span, this.axis, this.note, h('span', { class: 'legend', 'aria-hidden': 'true' }, ...LEGEND.map(([kind, text]) => h('span', { class: 'legend-entry' }, h('span', { class: `mark ${kind}` }), text)))),
      this.scroller,
    );
    this.canvas.addEventListener('click', (event) => this.click(event));
    new ResizeObserver(() => this.update()).observe(this.scroller);
    // The editor tells a change of the colour theme by the attributes of the body.
    new MutationObserver(() => {
      this.colors = undefined;
      this.update();
    }).observe(document.body, { attributes: true });
  }

  /** Draws soon; calls in between are one. */
  update(): void {
    if (this.element.hidden || this.timer !== undefined) return;
    const due = Math.max(0, this.drawnAt + INTERVAL_MS - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.drawnAt = performance.now();
      this.draw();
    }, due);
  }

  private draw(): void {
    const { frames, selected } = this.source();
    const spanMs = Number(this.span.value);
    const newest = frames.at(-1)?.at ?? 0;
    const inLast = selected === undefined || selected.at >= newest - spanMs;
    const to = inLast || !selected ? newest : selected.at + spanMs / 2;
    const width = Math.max(0, this.canvas.parentElement?.clientWidth ?? 0) - this.labels.offsetWidth;
    const { lanes, hidden } = layoutTimeline(frames, { from: to - spanMs, to, width: Math.max(1, width - MARGIN) });
    this.lanes = lanes;
    this.showLabels();
    const totals = { delivered: 0, queued: 0, undeliverable: 0, rejected: 0, client: 0 };
    for (const lane of lanes) for (const kind of Object.keys(totals) as MarkKind[]) totals[kind] += lane.counts[kind];
    setText(this.axis, frames.length === 0 ? '' : inLast ? l10n.t('up to the newest frame') : l10n.t('around the selected frame'));
    setText(this.note, hiddenText(hidden));
    this.canvas.setAttribute('aria-label', summary(lanes.length, spanMs, totals));
    this.colors ??= readColors();
    drawTimeline(this.canvas, lanes, { width, colors: this.colors, selected: selected?.seq });
  }

  private showLabels(): void {
    const key = this.lanes.map(({ threadId }) => threadId ?? '').join('\n');
    if (key === this.labelled) return;
    this.labelled = key;
    this.labels.replaceChildren(
      ...this.lanes.map(({ threadId }) =>
        threadId === undefined
          ? h('span', { class: 'lane-label none' }, l10n.t('no thread'))
          : h('button', { type: 'button', class: 'lane-label', title: l10n.t('Show only {0}', threadId), onclick: () => this.events.thread(threadId) }, threadId),
      ),
    );
  }

  private click(event: MouseEvent): void {
    const lane = this.lanes[Math.floor(event.offsetY / LANE_HEIGHT)];
    const seq = lane && markAt(lane, event.offsetX, REACH);
    if (seq !== undefined) this.events.frame(seq);
  }

  private respan(): void {
    this.events.spanChanged(Number(this.span.value));
    this.update();
  }
}

function hiddenText(threads: number): string {
  if (threads === 0) return '';
  return threads === 1 ? l10n.t('1 more thread without a lane: filter to see it') : l10n.t('{0} more threads without a lane: filter to see them', numberText(threads));
}

/** What is drawn, for those who do not see it. */
function summary(lanes: number, spanMs: number, { delivered, queued, undeliverable, rejected, client }: Readonly<Record<MarkKind, number>>): string {
  const threads = lanes === 1 ? l10n.t('1 thread') : l10n.t('{0} threads', numberText(lanes));
  const others = client === 1 ? l10n.t('1 client frame') : l10n.t('{0} client frames', numberText(client));
  return l10n.t('{0} in {1}: {2} delivered, {3} waiting, {4} undeliverable, {5} rejected, {6}', threads, spanText(spanMs), delivered, queued, undeliverable, rejected, others);
}
