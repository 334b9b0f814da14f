import type { FrameInfo } from '../../protocol/inspection';
import { h, setText } from '../dom/element';
import { bytesText, isoTime, timeOfDay } from '../format';
import { fateOf } from '../frames/fate';
import { l10n } from '../l10n';
import { connections, outcomeWord, peerWord } from '../words';

/** Names of the columns, each after the class of its cells. */
export const COLUMNS = [
  ['time', l10n.t('Time')],
  ['direction', l10n.t('Direction')],
  ['type', l10n.t('Type')],
  ['thread', l10n.t('Thread')],
  ['connection', l10n.t('Connection')],
  ['size', l10n.t('Size')],
  ['outcome', l10n.t('Outcome')],
] as const;

/** Who sent or gets a frame, in words. */
export function peerText(frame: FrameInfo): string {
  if (frame.connectionId !== undefined) return frame.connectionId;
  if (frame.recipients !== undefined) return connections(frame.recipients);
  return peerWord(frame.peer);
}

/** One row of the list, used again and again for whatever frame stands at its place. */
export class FrameRow {
  readonly element = h('div', { role: 'row', class: 'row' });
  private readonly cells = COLUMNS.map(([kind]) => h('div', { role: 'gridcell', class: `cell ${kind}` }));
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
    setText(this.spoken, `${incoming ? l10n.t('in, from') : l10n.t('out, to')} `);
    setText(this.peer, peerWord(incoming ? frame.peer : 'client'));
    if (type) this.cell(type, frame.type ?? (frame.binary === true ? l10n.t('binary') : '–'));
    if (thread) this.cell(thread, frame.threadId ?? '–');
    if (connection) this.cell(connection, peerText(frame));
    if (size) this.cell(size, bytesText(frame.bytes));
    const outcome = fateOf(frame) ?? '';
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
