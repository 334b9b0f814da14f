import type { ConnectionDetails, FrameInfo } from '../../protocol/inspection';
import type { FrameBody, PathFacts } from '../../protocol/traffic-panel';
import { bodyContent, type BodyContent, prettyText } from '../body/body-content';
import { hexLines } from '../body/hex-lines';
import { acting, button, forRouter, iconButton } from '../dom/controls';
import { h } from '../dom/element';
import { fateOf } from '../frames/fate';
import { bytesText, isoTime, numberText, timeOfDay } from '../format';
import { l10n } from '../l10n';
import { type DetailTab } from '../page-state';
import { framePath, misroutedText } from '../path/frame-path';
import { outcomeWord } from '../words';
import { connectionView } from './connection-view';
import { peerText } from './frame-row';
import { JsonTreeView } from './json-tree-view';
import { pathView } from './path-view';
import { Tabs } from './tabs';

/** Lines of a dump; a megabyte of hex helps nobody. */
const MAX_HEX_LINES = 4096;
/** Characters of raw text that are shown; all of it can be copied. */
const MAX_RAW = 500_000;

export interface DetailsEvents {
  bodyWanted(seq: number): void;
  pathWanted(frame: FrameInfo): void;
  connectionWanted(id: string): void;
  tabChanged(tab: DetailTab): void;
  filterWanted(term: string): void;
  /** Explain or look for an ID. */
  idWanted(command: 'explain' | 'findInFiles', id: string): void;
  copy(text: string): void;
  copyCurl(body: string): void;
  resend(frame: FrameInfo, body: unknown): void;
  frameWanted(seq: number): void;
  closed(): void;
}

/** Everything about the selected frame. Body, path and connection are asked for when their tab is looked at. */
export class DetailsView {
  readonly element: HTMLElement;
  private readonly head = h('div', { class: 'details-head' });
  private readonly actions = h('div', { class: 'details-actions' });
  private readonly tabs: Tabs<DetailTab>;
  private frame: FrameInfo | undefined;
  private related: readonly FrameInfo[] = [];
  private content: BodyContent | undefined;
  private body: FrameBody | undefined;
  private facts: PathFacts | undefined;
  private connectionId: string | undefined;
  private connection: ConnectionDetails | string | undefined;

  constructor(
    tab: DetailTab,
    private readonly events: DetailsEvents,
  ) {
    this.tabs = new Tabs(
      l10n.t('Details of the frame'),
      [
        { id: 'json', label: l10n.t('JSON') },
        { id: 'raw', label: l10n.t('Raw') },
        { id: 'hex', label: l10n.t('Hex') },
        { id: 'path', label: l10n.t('Path') },
        { id: 'connection', label: l10n.t('Connection') },
      ],
      tab,
      (chosen) => {
        events.tabChanged(chosen);
        this.ask();
        this.showTab();
      },
    );
    this.element = h(
      'section',
      {
        class: 'details',
        'aria-label': l10n.t('Details of the frame'),
        onkeydown: (event: KeyboardEvent) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          events.closed();
        },
      },
      this.head,
      h('div', { class: 'details-bar' }, this.tabs.list, this.actions),
      this.tabs.panel,
    );
    this.show(undefined, []);
  }

  get shown(): FrameInfo | undefined {
    return this.frame;
  }

  focus(): void {
    const tree = this.tabs.panel.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]');
    (tree ?? this.tabs.panel).focus();
  }

  /** Shows another frame. `related`: the frames of its delivery, itself among them. */
  show(frame: FrameInfo | undefined, related: readonly FrameInfo[]): void {
    this.frame = frame;
    this.related = related;
    this.body = undefined;
    this.content = undefined;
    this.facts = undefined;
    this.connection = undefined;
    this.connectionId = frame?.connectionId;
    this.element.classList.toggle('nothing', frame === undefined);
    if (!frame) {
      this.head.replaceChildren();
      this.actions.replaceChildren();
      this.tabs.panel.replaceChildren(h('p', { class: 'hint' }, l10n.t('Select a frame to see its body, its path and its connection.')));
      return;
    }
    this.showHead(frame);
    this.ask();
    this.showTab();
  }

  /** The frames of the delivery changed: it was sent meanwhile. */
  relate(related: readonly FrameInfo[]): void {
    if (!this.frame || related.length === this.related.length) return;
    this.related = related;
    this.facts = undefined;
    this.ask();
  }

  setBody(seq: number, body: FrameBody): void {
    if (seq !== this.frame?.seq) return;
    this.body = body;
    this.content = bodyContent(body);
    this.showActions();
    if (this.tabs.current !== 'path' && this.tabs.current !== 'connection') this.showTab();
  }

  setPath(seq: number, facts: PathFacts): void {
    if (seq !== this.frame?.seq) return;
    this.facts = facts;
    // A frame that went to many has no connection of its own: the first of the thread stands for them.
    this.connectionId ??= facts.connections[0]?.id;
    if (this.tabs.current === 'path' || this.tabs.current === 'connection') {
      this.ask();
      this.showTab();
    }
  }

  setConnection(id: string, details: ConnectionDetails | string): void {
    if (id !== this.connectionId) return;
    this.connection = details;
    if (this.tabs.current === 'connection') this.showTab();
  }

  /** Asks for what the tab needs and was not asked for yet. */
  private ask(): void {
    const { frame, events } = this;
    if (!frame) return;
    const tab = this.tabs.current;
    if (this.body === undefined) events.bodyWanted(frame.seq);
    const needsPath = tab === 'path' || (tab === 'connection' && this.connectionId === undefined);
    if (needsPath && this.facts === undefined) events.pathWanted(frame);
    if (tab === 'connection' && this.connectionId !== undefined && this.connection === undefined) events.connectionWanted(this.connectionId);
  }

  private showHead(frame: FrameInfo): void {
    const { events } = this;
    const id = (label: string, term: string, value: string | undefined): HTMLElement | undefined => {
      if (value === undefined) return undefined;
      const tool = (name: 'filter' | 'question' | 'find', label: string, title: string, act: () => void): HTMLElement => iconButton(name, label, act, { title });
      return h(
        'div',
        { class: 'id-row' },
        h('span', { class: 'id-label' }, label),
        h('span', { class: 'id-value', title: value }, value),
        tool('filter', l10n.t('Filter by {0}', value), l10n.t('Filter by'), () => events.filterWanted(`${term}:${/\s/.test(value) ? `"${value}"` : value}`)),
        ...(term === 'conn' ? [] : [tool('question', l10n.t('Explain routing of {0}', value), l10n.t('Explain routing of'), () => events.idWanted('explain', value))]),
        tool('find', l10n.t('Find in files {0}', value), l10n.t('Find in files'), () => events.idWanted('findInFiles', value)),
      );
    };
    const fate = fateOf(frame);
    this.head.replaceChildren(
      h(
        'div',
        { class: 'details-title' },
        h('h2', {}, frame.type ?? (frame.binary === true ? l10n.t('Binary frame') : l10n.t('Frame without a type'))),
        fate === undefined ? '' : h('span', { class: 'outcome-word' }, h('span', { class: `mark ${fate}`, 'aria-hidden': 'true' }), outcomeWord(fate)),
        iconButton('close', l10n.t('Close the details'), () => events.closed(), { title: l10n.t('Close the details (Escape)') }),
      ),
      h(
        'div',
        { class: 'details-line' },
        `${frameText(frame)}, `,
        h('time', { title: isoTime(frame.at) }, timeOfDay(frame.at)),
      ),
      ...(frame.misrouted ? [h('div', { class: 'details-line misrouted-line' }, misroutedText(frame.misrouted))] : []),
      ...[id(l10n.t('Thread'), 'thread', frame.threadId), id(l10n.t('Run'), 'run', frame.runId), id(l10n.t('Connection'), 'conn', frame.connectionId)].filter((row) => row !== undefined),
    );
    this.showActions();
  }

  private showActions(): void {
    const { content, events, frame } = this;
    if (!content || !frame) {
      this.actions.replaceChildren();
      return;
    }
    const { text } = content;
    const pretty = content.json ? prettyText(content) : undefined;
    this.actions.replaceChildren(
      button(l10n.t('Copy'), () => events.copy(text ?? hexLines(content.bytes).join('\n'))),
      ...(pretty === undefined ? [] : [button(l10n.t('Copy Pretty'), () => events.copy(pretty))]),
      ...(content.json && text !== undefined && frame.runId !== undefined ? [forRouter(button(l10n.t('Copy as curl'), () => events.copyCurl(text)))] : []),
      ...(content.json ? [acting(button(l10n.t('Send Again…'), () => events.resend(frame, content.json?.value)))] : []),
    );
  }

  private showTab(): void {
    if (!this.frame) return;
    const hadFocus = this.tabs.panel.contains(document.activeElement);
    this.tabs.panel.replaceChildren(...this.tabContent(this.frame));
    if (hadFocus) this.focus();
  }

  private tabContent(frame: FrameInfo): (Node | string)[] {
    switch (this.tabs.current) {
      case 'path':
        return this.facts
          ? [pathView(framePath(frame, this.related, this.facts), { frame: (seq) => this.events.frameWanted(seq), connection: (id) => this.openConnection(id) })]
          : [hint(l10n.t('Asking the router…'))];
      case 'connection':
        if (typeof this.connection === 'string') return [hint(this.connection)];
        if (this.connection) return [connectionView(this.connection)];
        if (this.connectionId !== undefined || this.facts === undefined) return [hint(l10n.t('Asking the router…'))];
        return [hint(frame.peer === 'agent' ? l10n.t('The frame came from an agent, and no connection is on its thread now.') : l10n.t('No connection is on the thread now.'))];
      case 'json':
      case 'raw':
      case 'hex':
        return this.bodyTab(this.tabs.current, frame);
    }
  }

  private bodyTab(tab: 'json' | 'raw' | 'hex', frame: FrameInfo): (Node | string)[] {
    const { body, content } = this;
    if (!body) return [hint(l10n.t('Asking the router for the body…'))];
    if (body.error !== undefined) return [hint(body.error)];
    if (!content) return [hint(l10n.t('The journal has let this body go: it keeps the newest.'))];
    const notes = body.truncated === true ? [hint(l10n.t('Only the beginning of the body was kept: {0} of {1}.', bytesText(content.bytes.length), bytesText(frame.bytes)))] : [];
    if (tab === 'json') {
      if (content.json) return [...notes, new JsonTreeView(content.json.value).element];
      return [...notes, hint(content.text === undefined ? l10n.t('The frame is binary: see Hex.') : l10n.t('The body is no JSON.')), ...(content.text === undefined ? [] : [rawView(content.text)])];
    }
    if (tab === 'raw' && content.text !== undefined) {
      const cut = content.text.length > MAX_RAW;
      return [...notes, ...(cut ? [hint(l10n.t('The first {0} characters; Copy takes all.', numberText(MAX_RAW)))] : []), rawView(content.text.slice(0, MAX_RAW))];
    }
    const lines = hexLines(content.bytes, MAX_HEX_LINES);
    const cut = content.bytes.length > MAX_HEX_LINES * 16;
    return [
      ...notes,
      ...(tab === 'hex' && content.text !== undefined ? [hint(l10n.t('The bytes of the body as it is shown, secrets redacted.'))] : []),
      ...(cut ? [hint(l10n.t('The first {0}.', bytesText(MAX_HEX_LINES * 16)))] : []),
      h('pre', { class: 'hex' }, lines.join('\n')),
    ];
  }

  private openConnection(id: string): void {
    this.connectionId = id;
    this.connection = undefined;
    this.tabs.choose('connection');
  }
}

function frameText(frame: FrameInfo): string {
  const facts = [numberText(frame.seq), peerText(frame), bytesText(frame.bytes)] as const;
  return frame.direction === 'in' ? l10n.t('Frame {0}, in from {1}, {2}', ...facts) : l10n.t('Frame {0}, out to {1}, {2}', ...facts);
}

function hint(text: string): HTMLElement {
  return h('p', { class: 'hint' }, text);
}

function rawView(text: string): HTMLElement {
  return h('pre', { class: 'raw' }, text);
}
