import { isRecord } from '../../core/is-record';
import type { FrameInfo } from '../../protocol/inspection';
import type { HostToPage, PanelRouterState } from '../../protocol/traffic-panel';
import { curlCommand } from '../copy/curl-command';
import { acting, button } from '../dom/controls';
import { h, setText } from '../dom/element';
import { BodySearches } from '../filter/body-searches';
import { bodyTerms, frameTest } from '../filter/match-frame';
import { parseFilter } from '../filter/parse-filter';
import { numberText } from '../format';
import { FrameStore } from '../frames/frame-store';
import { VisibleFrames } from '../frames/visible-frames';
import { l10n } from '../l10n';
import type { Post, VsCodePage } from '../page-host';
import { type PageState, readPageState } from '../page-state';
import { frames as framesText } from '../words';
import { DetailsView } from './details-view';
import { FilterBar } from './filter-bar';
import { FrameGrid } from './frame-grid';
import { type InjectDraft, InjectForm } from './inject-form';
import { Notice, routerActions } from './notice';
import { Splitter } from './splitter';
import { TimelineView } from './timeline-view';

/** Frames that the page holds: twice what a router's journal keeps by default. */
const CAPACITY = 100_000;
/** Rest after the last change before the state is kept, in milliseconds. */
const KEEP_AFTER_MS = 200;
/** Rest after the last move before details are asked for: a key that is held moves faster than anybody reads. */
const DETAILS_AFTER_MS = 60;

type HostMessage<T extends HostToPage['type']> = Extract<HostToPage, { type: T }>;

/** The panel's page: holds the frames and the state, and wires the views by hand. */
export class TrafficPage {
  #state: PageState;
  readonly #post: Post;
  readonly #store = new FrameStore(CAPACITY);
  readonly #visible: VisibleFrames;
  readonly #searches: BodySearches;
  #filter = parseFilter('');
  #router: PanelRouterState = { kind: 'stopped' };
  #paused = false;
  #waiting = 0;
  #skipped = 0;
  #behind = 0;
  /** Rows that went away since the list was last drawn. */
  #gone = 0;
  #acknowledge: number | undefined;
  #frameRequested = false;
  #emptyBecause = '';
  #keepTimer: number | undefined;
  #detailsTimer: number | undefined;

  readonly #bar: FilterBar;
  readonly #notice: Notice;
  readonly #timeline: TimelineView;
  readonly #grid: FrameGrid;
  readonly #details: DetailsView;
  readonly #inject: InjectForm;
  readonly #status = h('div', { class: 'status' });
  readonly #spoken = h('div', { class: 'spoken', role: 'status' });
  readonly #split = h('div', { class: 'split' });

  constructor(
    root: HTMLElement,
    private readonly host: VsCodePage,
  ) {
    this.#state = readPageState(host.getState());
    this.#post = (message) => host.postMessage(message);
    this.#searches = new BodySearches(this.#post);
    this.#visible = new VisibleFrames(this.#store, () => true);
    this.#bar = this.#makeBar();
    this.#notice = new Notice({ startRouter: () => this.#run('startRouter'), showLog: () => this.#run('showLog') });
    this.#timeline = new TimelineView(this.#state.span, () => ({ frames: this.#visible.all(), selected: this.#store.get(this.#state.selected) }), {
      frame: (seq) => this.#goTo(seq),
      thread: (threadId) => this.#bar.addTerm(`thread:${threadId}`),
      spanChanged: (span) => this.#keep({ span }),
    });
    this.#timeline.element.hidden = !this.#state.timeline;
    this.#grid = new FrameGrid(this.#visible, this.#state.follow, {
      selected: (seq) => this.#selected(seq),
      opened: () => this.#openDetails(),
      pauseToggled: () => this.#pause(!this.#paused),
      followChanged: (follow) => this.#followChanged(follow),
      scrolled: () => this.#keep({ top: this.#grid.follow ? -1 : this.#grid.topSeq }),
    });
    this.#details = this.#makeDetails();
    this.#inject = new InjectForm(this.#post);
    const splitter = new Splitter(this.#split, this.#state.split, (split) => this.#keep({ split }));
    this.#split.append(this.#grid.container, splitter.element, this.#details.element);
    root.append(h('h1', { class: 'spoken' }, l10n.t('Traffic')), this.#bar.element, this.#notice.element, this.#timeline.element, this.#split, this.#status, this.#spoken, this.#inject.element);
    document.addEventListener('keydown', (event) => this.#key(event));
    this.#applyFilter();
    this.#showDetails(undefined);
  }

  /** Says to the host that the page is there. */
  start(): void {
    const { journal, clearedTo } = this.#state;
    this.#post({ type: 'ready', ...(journal === '' ? {} : { journal, after: clearedTo }) });
  }

  receive(message: HostToPage): void {
    switch (message.type) {
      case 'router':
        return this.#setRouter(message.state);
      case 'reset':
        return this.#reset(message.journal);
      case 'frames':
        return this.#takeFrames(message);
      case 'pending':
        this.#waiting = message.count;
        return this.#draw();
      case 'body':
        return this.#details.setBody(message.seq, message.body);
      case 'path':
        return this.#details.setPath(message.seq, message.facts);
      case 'connection':
        return this.#details.setConnection(message.connectionId, message.details ?? message.error ?? l10n.t('The router does not know this connection.'));
      case 'matches':
        return this.#takeMatches(message);
      case 'targets':
        return this.#inject.setTargets(message);
      case 'injected':
        return this.#inject.setInjected(message);
      case 'saved':
        return this.#inject.setSaved(message.events);
      case 'filter':
        return this.#bar.setText(message.text);
    }
  }

  #makeBar(): FilterBar {
    return new FilterBar(this.#state, {
      filterChanged: () => this.#applyFilter(),
      pauseToggled: () => this.#pause(!this.#paused),
      followToggled: () => {
        this.#grid.follow = !this.#grid.follow;
      },
      cleared: () => this.#clear(),
      timelineToggled: () => {
        this.#keep({ timeline: !this.#state.timeline });
        this.#timeline.element.hidden = !this.#state.timeline;
        this.#timeline.update();
        this.#draw();
      },
      injectWanted: () => this.#inject.open(),
      left: () => this.#grid.element.focus(),
    });
  }

  #makeDetails(): DetailsView {
    return new DetailsView(this.#state.tab, {
      bodyWanted: (seq) => this.#post({ type: 'body', seq }),
      pathWanted: ({ seq, deliverySeq, runId, threadId }) =>
        this.#post({
          type: 'path',
          seq,
          ...(deliverySeq === undefined ? {} : { deliverySeq }),
          ...(runId === undefined ? {} : { runId }),
          ...(threadId === undefined ? {} : { threadId }),
        }),
      connectionWanted: (connectionId) => this.#post({ type: 'connection', connectionId }),
      tabChanged: (tab) => this.#keep({ tab }),
      filterWanted: (term) => this.#bar.addTerm(term),
      idWanted: (command, id) => this.#run(command, id),
      copy: (text) => this.#copy(text),
      copyCurl: (body) => this.#copy(curlCommand((this.#router.kind === 'running' && this.#router.url) || 'http://127.0.0.1:8787', body)),
      resend: (frame, body) => this.#inject.open(draftOf(frame, body)),
      frameWanted: (seq) => this.#goTo(seq),
      closed: () => {
        this.#select(-1);
        this.#grid.element.focus();
      },
    });
  }

  #run(command: 'startRouter' | 'showLog' | 'explain' | 'findInFiles', argument?: string): void {
    this.#post({ type: 'run', command, ...(argument === undefined ? {} : { argument }) });
  }

  #copy(text: string): void {
    this.#post({ type: 'copy', text });
    this.#say(l10n.t('Copied'));
  }

  #setRouter(state: PanelRouterState): void {
    if (state.kind !== this.#router.kind && state.kind !== 'running') this.#say(spokenState(state.kind));
    this.#router = state;
    const { classList } = document.body;
    classList.toggle('look-only', state.kind === 'running' && state.readOnly === true);
    classList.toggle('tapped', state.kind === 'running' && state.tap === true);
    this.#draw();
  }

  #reset(journal: string): void {
    this.#store.clear();
    this.#visible.refilter();
    this.#skipped = 0;
    this.#waiting = 0;
    this.#behind = 0;
    if (journal !== this.#state.journal) this.#keep({ journal, clearedTo: 0, selected: -1, top: -1 });
    this.#grid.select(-1, false);
    this.#showDetails(undefined);
    if (this.#paused) this.#pause(false);
    this.#searches.restart(bodyTerms(this.#filter));
    this.#draw();
  }

  #takeFrames({ batch, frames, skipped, behind }: HostMessage<'frames'>): void {
    const added = this.#store.add(frames);
    this.#gone += this.#visible.append(added);
    this.#skipped += skipped;
    const wasBehind = this.#behind > 0 || this.#store.size === added.length;
    this.#behind = behind;
    this.#bar.offerTypes(added.map(({ type }) => type));
    this.#acknowledge = batch;
    if (wasBehind && behind === 0) this.#restorePlace();
    const selected = this.#store.get(this.#state.selected);
    if (selected?.deliverySeq !== undefined && added.some(({ deliverySeq }) => deliverySeq === selected.deliverySeq)) this.#details.relate(this.#related(selected));
    this.#draw();
  }

  /** All that was missed is there: back to where the user was. */
  #restorePlace(): void {
    const { selected, top } = this.#state;
    const frame = this.#store.get(selected);
    if (frame && this.#details.shown?.seq !== selected) {
      this.#grid.select(selected, false);
      this.#showDetails(frame);
    }
    if (!this.#grid.follow && top >= 0 && this.#visible.length > 0) this.#grid.showAtTop(top);
  }

  #takeMatches({ search, seqs, error }: HostMessage<'matches'>): void {
    if (!this.#searches.found(search, seqs, error)) return;
    this.#visible.recheck(seqs);
    this.#showProblems();
    this.#draw();
  }

  #applyFilter(): void {
    const { text, choices } = this.#bar;
    this.#filter = parseFilter(text);
    const terms = bodyTerms(this.#filter);
    this.#searches.set(terms);
    this.#visible.refilter(frameTest(this.#filter, choices, (term, seq) => this.#searches.matches(term, seq)));
    this.#showProblems();
    this.#keep({ filter: text, direction: choices.direction, outcome: choices.outcome, frameType: choices.type, hideHeartbeats: choices.hideHeartbeats });
    const { selected } = this.#state;
    if (!this.#grid.follow && selected >= 0 && this.#visible.indexOf(selected) >= 0) this.#grid.select(selected);
    this.#draw();
  }

  #showProblems(): void {
    this.#bar.showProblems([...this.#filter.problems, ...this.#searches.problems]);
  }

  #clear(): void {
    this.#keep({ clearedTo: this.#store.newest?.seq ?? this.#state.clearedTo, selected: -1, top: -1 });
    this.#store.clear();
    this.#visible.refilter();
    this.#skipped = 0;
    this.#select(-1);
    this.#say(l10n.t('Cleared'));
    this.#draw();
  }

  #pause(on: boolean): void {
    this.#paused = on;
    this.#waiting = 0;
    this.#post({ type: 'pause', on });
    this.#say(on ? l10n.t('Paused') : l10n.t('Resumed'));
    this.#draw();
  }

  #followChanged(follow: boolean): void {
    this.#keep({ follow, top: follow ? -1 : this.#grid.topSeq });
    this.#draw();
  }

  #selected(seq: number): void {
    this.#keep({ selected: seq });
    const frame = this.#store.get(seq);
    this.#grid.relate(frame?.deliverySeq);
    clearTimeout(this.#detailsTimer);
    this.#detailsTimer = setTimeout(() => this.#showDetails(frame), DETAILS_AFTER_MS);
    this.#timeline.update();
  }

  #select(seq: number): void {
    this.#grid.select(seq);
    this.#grid.relate(this.#store.get(seq)?.deliverySeq);
    this.#keep({ selected: seq });
    clearTimeout(this.#detailsTimer);
    this.#showDetails(this.#store.get(seq));
    this.#timeline.update();
  }

  /** Selects a frame, and lets go of the filter when it hides it. */
  #goTo(seq: number): void {
    if (this.#visible.indexOf(seq) < 0 && this.#store.get(seq)) this.#bar.reset();
    this.#select(seq);
  }

  #openDetails(): void {
    clearTimeout(this.#detailsTimer);
    const frame = this.#store.get(this.#grid.selected);
    if (!frame) return;
    if (this.#details.shown?.seq !== frame.seq) this.#showDetails(frame);
    this.#details.focus();
  }

  #showDetails(frame: FrameInfo | undefined): void {
    this.#split.classList.toggle('with-details', frame !== undefined);
    this.#details.show(frame, frame ? this.#related(frame) : []);
    this.#grid.render();
  }

  /** The frames of the same delivery, oldest first. */
  #related(frame: FrameInfo): readonly FrameInfo[] {
    if (frame.deliverySeq === undefined) return [frame];
    return this.#store.all().filter(({ deliverySeq }) => deliverySeq === frame.deliverySeq);
  }

  #key(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'f' && !this.#inject.element.open) {
      event.preventDefault();
      this.#bar.focus();
    }
  }

  #say(text: string): void {
    this.#spoken.textContent = text;
  }

  /** Draws everything once before the next picture, however often it is asked for; then the next batch may come. */
  #draw(): void {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    requestAnimationFrame(() => {
      this.#frameRequested = false;
      this.#bar.show({ paused: this.#paused, waiting: this.#waiting, follow: this.#grid.follow, timeline: this.#state.timeline });
      this.#notice.show(this.#router, this.#store.size > 0);
      this.#showEmpty();
      this.#grid.render(this.#gone);
      this.#gone = 0;
      this.#timeline.update();
      setText(this.#status, this.#statusText());
      const batch = this.#acknowledge;
      this.#acknowledge = undefined;
      if (batch !== undefined) this.#post({ type: 'ack', batch });
    });
  }

  #statusText(): string {
    const shown = this.#visible.length;
    const all = this.#store.size;
    return [
      shown === all ? framesText(all) : l10n.t('{0} of {1} match', numberText(shown), framesText(all)),
      ...(this.#paused ? [this.#waiting > 0 ? l10n.t('paused, {0} wait', numberText(this.#waiting)) : l10n.t('paused')] : []),
      ...(this.#behind > 0 ? [l10n.t('loading {0} more', numberText(this.#behind))] : []),
      ...(this.#skipped > 0 ? [this.#skipped === 1 ? l10n.t('1 older one had left the journal') : l10n.t('{0} older ones had left the journal', numberText(this.#skipped))] : []),
      ...(this.#router.kind === 'running' ? [this.#router.clientUrl === '' ? this.#router.url : this.#router.clientUrl] : [shortState(this.#router.kind)]),
    ].filter((part) => part !== '').join(' · ');
  }

  /** Says why there are no rows; built anew only when the reason changes, so that its buttons keep the focus. */
  #showEmpty(): void {
    const router = this.#router;
    const reason = this.#visible.length > 0 ? '' : this.#store.size > 0 ? String(this.#store.size) : JSON.stringify(router);
    if (reason === this.#emptyBecause) return;
    this.#emptyBecause = reason;
    if (reason === '') return;
    if (this.#store.size > 0) {
      this.#grid.explainEmpty(h('p', {}, l10n.t('None of {0} matches the filter.', framesText(this.#store.size))), button(l10n.t('Clear the Filter'), () => this.#bar.reset()));
      return;
    }
    const events = { startRouter: () => this.#run('startRouter'), showLog: () => this.#run('showLog') };
    switch (this.#router.kind) {
      case 'running':
        return this.#grid.explainEmpty(h('p', {}, l10n.t('No traffic yet. Connect a client, or send an event as an agent.')), h('p', { class: 'url' }, this.#router.clientUrl), acting(button(l10n.t('Inject an Event…'), () => this.#inject.open(), 'primary')));
      case 'starting':
        return this.#grid.explainEmpty(h('p', {}, l10n.t('Waiting for the router…')));
      case 'stopped':
        return this.#grid.explainEmpty(h('p', {}, l10n.t('The router is not running.')), ...routerActions(this.#router, events));
      case 'failed':
        return this.#grid.explainEmpty(h('p', {}, l10n.t('The router failed: {0}', this.#router.message)), ...routerActions(this.#router, events));
    }
  }

  #keep(changes: Partial<PageState>): void {
    this.#state = { ...this.#state, ...changes };
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => this.host.setState(this.#state), KEEP_AFTER_MS);
  }
}

type IdleKind = Exclude<PanelRouterState['kind'], 'running'>;

const spokenState = (kind: IdleKind): string =>
  ({ stopped: l10n.t('The router is stopped'), starting: l10n.t('The router is starting'), failed: l10n.t('The router failed') })[kind];

const shortState = (kind: IdleKind): string => ({ stopped: l10n.t('router stopped'), starting: l10n.t('waiting for the router'), failed: l10n.t('router failed') })[kind];

/** A frame's event, ready to be edited and sent again. */
function draftOf(frame: FrameInfo, body: unknown): InjectDraft {
  const event = isRecord(body) ? body : {};
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const runId = text(event['run_id']) ?? frame.runId;
  return {
    runId,
    threadId: runId === undefined ? frame.threadId : undefined,
    eventType: text(event['type']) ?? frame.type,
    agentName: text(event['agent_name']),
    payload: isRecord(event['payload']) ? event['payload'] : event,
  };
}
