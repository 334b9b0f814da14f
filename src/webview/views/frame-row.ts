import type { FrameInfo } from '../../protocol/inspection';
import { h, setText } from '../dom/element';
import { bytesText, isoTime, plural, timeOfDay } from '../format';

export const COLUMNS = ['Time', 'Direction', 'Type', 'Thread', 'Connection', 'Size', 'Outcome'] as const;

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  delivered: 'delivered',
  queued: 'waits',
  undeliverable: 'undeliverable',
  rejected: 'rejected',
};

/** The word that the panel has for an outcome. */
export const outcomeWord = (outcome: string): string => OUTCOME_WORDS[outcome] ?? outcome;

/** Who sent or gets a frame, in words. */
export function peerText(frame: FrameInfo): string {
  if (frame.connectionId !== undefined) return frame.connectionId;
  if (frame.recipients !== undefined) return plural(frame.recipients, 'connection');
  return frame.peer;
}

/** One row of the list, used again and again for whatever frame stands at its place. */
export class FrameRow {
  readonly element = h('div', { role: 'row', class: 'row' });
  private readonly cells = COLUMNS.map((name) => h('div', { role: 'gridcell', class: `cell ${name.toLowerCase()}` }));
  private readonly arrow = h('span', { class: 'arrow', 'aria-hidden': 'true' });
  private readonly spoken = h('span', { class: 'spoken' });
  private readonly peer = h('span');
  private readonly mark = h('span', { class: 'mark', 'aria-hidden': 'true' });
  private readonly outcome = h('span');
  seq = -1;

  constructor() {
    this.element.append(...this.cells);
    this.cells[1]?.append(this.arrow, this.spoken, this.peer);
    this.cells[6]?.append(this.mark, this.outcome);
  }

  show(frame: FrameInfo, index: number, rowHeight: number, flags: { readonly selected: boolean; readonly related: boolean }): void {
    const { element } = this;
    element.hidden = false;
    element.style.transform = `translateY(${index * rowHeight}px)`;
    element.setAttribute('aria-rowindex', String(index + 2));
    element.setAttribute('aria-selected', String(flags.selected));
    element.classList.toggle('related', flags.related);
    element.classList.toggle('even', index % 2 === 0);
    if (this.seq === frame.seq) return;
    this.seq = frame.seq;
    element.id = `frame-${frame.seq}`;
    const [time, , type, thread, connection, size] = this.cells;
    if (time) this.cell(time, timeOfDay(frame.at), isoTime(frame.at));
    const incoming = frame.direction === 'in';
    setText(this.arrow, incoming ? '↓' : '↑');
    element.classList.toggle('incoming', incoming);
    setText(this.spoken, incoming ? 'in, from ' : 'out, to ');
    setText(this.peer, incoming ? frame.peer : 'client');
    if (type) this.cell(type, frame.type ?? (frame.binary === true ? 'binary' : '–'));
    if (thread) this.cell(thread, frame.threadId ?? '–');
    if (connection) this.cell(connection, peerText(frame));
    if (size) this.cell(size, bytesText(frame.bytes));
    const outcome = frame.outcome ?? '';
    this.mark.className = outcome === '' ? 'mark' : `mark ${outcome}`;
    setText(this.outcome, outcome === '' ? '–' : outcomeWord(outcome));
  }

  /** There is no frame for it now. */
  hide(): void {
    this.seq = -1;
    this.element.hidden = true;
    this.element.removeAttribute('id');
  }

  private cell(cell: HTMLElement, text: string, title = text): void {
    setText(cell, text);
    if (cell.title !== title) cell.title = title;
  }
}
