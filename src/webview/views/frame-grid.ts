import { h } from '../dom/element';
import type { VisibleFrames } from '../frames/visible-frames';
import { isAtEnd, rowForKey, rowsPerPage, rowWindow, scrollToShow } from '../list/row-window';
import { COLUMNS, FrameRow } from './frame-row';
import { l10n } from '../l10n';

/** As in the style sheet. */
const ROW_HEIGHT = 22;
const HEAD_HEIGHT = 26;

export interface FrameGridEvents {
  /** The selection moved, by key, click or because its frame went away (-1). */
  selected(seq: number): void;
  /** The user wants to see the selected frame. */
  opened(): void;
  pauseToggled(): void;
  followChanged(on: boolean): void;
  scrolled(): void;
}

/** The list of frames: builds only the rows that can be seen, keeps its place, follows the newest when asked to. */
export class FrameGrid {
  /** The list and what stands over it when it is empty. */
  readonly container: HTMLElement;
  /** The list itself, which takes the focus. */
  readonly element: HTMLElement;
  private readonly spacer = h('div', { role: 'rowgroup', class: 'spacer' });
  private readonly rows: FrameRow[] = [];
  private readonly empty = h('div', { class: 'empty', hidden: true });
  private selectedSeq = -1;
  private relatedDelivery: number | undefined;
  private lastTop = 0;
  /** How many rows there were when the list was last drawn. */
  private drawnRows = 0;

  constructor(
    private readonly frames: VisibleFrames,
    private following: boolean,
    private readonly events: FrameGridEvents,
  ) {
    const header = h(
      'div',
      { role: 'row', class: 'row header', 'aria-rowindex': 1 },
      ...COLUMNS.map(([kind, name]) => h('div', { role: 'columnheader', class: `cell ${kind}` }, name)),
    );
    this.element = h(
      'div',
      {
        class: 'grid',
        role: 'grid',
        tabindex: 0,
        'aria-label': l10n.t('Frames, oldest first'),
        'aria-colcount': COLUMNS.length,
        'aria-rowcount': 1,
        onkeydown: (event: KeyboardEvent) => this.key(event),
        onscroll: () => this.scrolled(),
      },
      h('div', { role: 'rowgroup', class: 'head' }, header),
      this.spacer,
    );
    this.container = h('div', { class: 'grid-box' }, this.element, this.empty);
    this.spacer.addEventListener('click', (event) => this.click(event));
    this.spacer.addEventListener('dblclick', () => events.opened());
    new ResizeObserver(() => this.render()).observe(this.element);
  }

  get selected(): number {
    return this.selectedSeq;
  }

  get follow(): boolean {
    return this.following;
  }

  set follow(on: boolean) {
    this.setFollow(on);
    if (on) this.render();
  }

  /** The frame at the top, -1 when there is none. */
  get topSeq(): number {
    return this.frames.at(Math.floor(this.element.scrollTop / ROW_HEIGHT))?.seq ?? -1;
  }

  /** Height of what is visible below the head. */
  private get height(): number {
    return this.element.clientHeight - HEAD_HEIGHT;
  }

  /** Marks the frames of one delivery beside the selected one. */
  relate(deliverySeq: number | undefined): void {
    this.relatedDelivery = deliverySeq;
    this.render();
  }

  select(seq: number, reveal = true): void {
    this.selectedSeq = seq;
    const index = this.frames.indexOf(seq);
    if (reveal && index >= 0) {
      if (index < this.frames.length - 1) this.setFollow(false);
      this.scrollTo(scrollToShow(index, ROW_HEIGHT, this.element.scrollTop, this.height));
    }
    this.render();
  }

  /** Puts a frame at the top. */
  showAtTop(seq: number): void {
    this.render();
    this.scrollTo(this.frames.indexFrom(seq) * ROW_HEIGHT);
    this.render();
  }

  /** Says why there are no rows. */
  explainEmpty(...content: readonly (Node | string)[]): void {
    this.empty.replaceChildren(...content);
  }

  /**
   * Shows the frames as they are now.
   * @param gone how many rows went away at the beginning since the last time
   */
  render(gone = 0): void {
    const { element, frames } = this;
    const count = frames.length;
    this.drawnRows = count;
    this.element.setAttribute('aria-rowcount', String(count + 1));
    this.empty.hidden = count > 0;
    this.spacer.style.height = `${count * ROW_HEIGHT}px`;
    const { height } = this;
    if (this.following) this.scrollTo(Math.max(0, count * ROW_HEIGHT - height));
    else if (gone > 0) this.scrollTo(Math.max(0, element.scrollTop - gone * ROW_HEIGHT));
    const window = rowWindow(count, ROW_HEIGHT, element.scrollTop, height);
    while (this.rows.length < window.count) {
      const row = new FrameRow();
      this.rows.push(row);
      this.spacer.append(row.element);
    }
    let active = false;
    // A frame keeps its row while both are on the screen, so that the focus of a screen reader stays with it.
    for (const [slot, row] of this.rows.entries()) {
      const offset = slot - (window.first % this.rows.length);
      const index = window.first + (offset < 0 ? offset + this.rows.length : offset);
      const frame = index < window.first + window.count ? frames.at(index) : undefined;
      if (!frame) {
        row.hide();
        continue;
      }
      const selected = frame.seq === this.selectedSeq;
      active ||= selected;
      const related = !selected && this.relatedDelivery !== undefined && frame.deliverySeq === this.relatedDelivery;
      row.show(frame, index, ROW_HEIGHT, { selected, related });
    }
    if (active) this.element.setAttribute('aria-activedescendant', `frame-${this.selectedSeq}`);
    else this.element.removeAttribute('aria-activedescendant');
  }

  private scrollTo(top: number): void {
    if (Math.abs(this.element.scrollTop - top) >= 1) this.element.scrollTop = top;
    this.lastTop = this.element.scrollTop;
  }

  private scrolled(): void {
    const top = this.element.scrollTop;
    // A list that grows taller moves up, too, but stays at its end. Frames may have come that are not drawn yet.
    const atEnd = isAtEnd(this.drawnRows, ROW_HEIGHT, top, this.height);
    if (top < this.lastTop - 1 && !atEnd) this.setFollow(false);
    else if (top > this.lastTop && atEnd) this.setFollow(true);
    this.lastTop = top;
    this.render();
    this.events.scrolled();
  }

  private setFollow(on: boolean): void {
    if (on === this.following) return;
    this.following = on;
    this.events.followChanged(on);
  }

  private click(event: MouseEvent): void {
    const row = this.rows.find(({ element }) => event.target instanceof Node && element.contains(event.target));
    if (!row) return;
    this.element.focus();
    // Who looks at one frame does not want it to scroll away.
    this.setFollow(false);
    this.move(row.seq);
  }

  private move(seq: number): void {
    this.select(seq);
    this.events.selected(seq);
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.shiftKey || (event.ctrlKey || event.metaKey ? event.key !== 'Home' && event.key !== 'End' : false)) return;
    if (event.key === ' ') this.events.pauseToggled();
    else if (event.key === 'Enter' && this.selectedSeq >= 0) this.events.opened();
    else {
      const page = rowsPerPage(ROW_HEIGHT, this.height);
      const active = this.selectedSeq < 0 ? -1 : this.activeIndex();
      const index = rowForKey(event.key, active, this.frames.length, page);
      if (index === undefined) return;
      if (event.key === 'End') this.setFollow(true);
      const frame = this.frames.at(index);
      if (frame) this.move(frame.seq);
    }
    event.preventDefault();
  }

  /** Where the selected frame is, or was before the filter hid it. */
  private activeIndex(): number {
    return Math.min(this.frames.indexFrom(this.selectedSeq), this.frames.length - 1);
  }
}
