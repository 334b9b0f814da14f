import { DELIVERY_OUTCOMES } from '../../protocol/delivery';
import type { FilterChoices } from '../filter/match-frame';
import { acting, iconButton, relabel, setOptions, setPressed } from '../dom/controls';
import { h, setText } from '../dom/element';
import { numberText } from '../format';
import type { PageState } from '../page-state';
import { l10n } from '../l10n';
import { TAP_FATES } from '../frames/fate';
import { outcomeWord } from '../words';

/** Types in the select; a router may see any number of them. */
const MAX_TYPES = 200;

export interface FilterBarEvents {
  filterChanged(): void;
  pauseToggled(): void;
  followToggled(): void;
  cleared(): void;
  timelineToggled(): void;
  injectWanted(): void;
  /** The user is done with the filter and goes on in the list. */
  left(): void;
}

const HINT = l10n.t('Filter: text, /regex/, thread: type: run: conn: outcome: dir:');

/** The panel's one row of controls. */
export class FilterBar {
  readonly element: HTMLElement;
  private readonly pause: HTMLButtonElement;
  private readonly follow: HTMLButtonElement;
  private readonly heartbeats: HTMLButtonElement;
  private readonly timeline: HTMLButtonElement;
  private readonly input: HTMLInputElement;
  private readonly problem = h('div', { class: 'filter-problem', id: 'filter-problem', role: 'status' });
  private readonly direction: HTMLSelectElement;
  private readonly outcome: HTMLSelectElement;
  private readonly frameType: HTMLSelectElement;
  private readonly types = new Set<string>();

  constructor(
    state: PageState,
    private readonly events: FilterBarEvents,
  ) {
    this.pause = iconButton('pause', l10n.t('Pause'), () => events.pauseToggled());
    this.follow = iconButton('follow', l10n.t('Follow the newest frame'), () => events.followToggled());
    this.heartbeats = iconButton('heartbeat', l10n.t('Hide heartbeats'), () => {
      setPressed(this.heartbeats, !this.hidesHeartbeats);
      events.filterChanged();
    });
    this.timeline = iconButton('timeline', l10n.t('Timeline'), () => events.timelineToggled());
    this.input = h('input', {
      type: 'text',
      class: 'filter-input',
      placeholder: HINT,
      title: `${HINT}\n${l10n.t('All conditions must hold; a - before one negates it.')}`,
      'aria-label': l10n.t('Filter'),
      'aria-describedby': 'filter-problem',
      spellcheck: 'false',
      autocomplete: 'off',
      oninput: () => events.filterChanged(),
      onkeydown: (event: KeyboardEvent) => this.inputKey(event),
    });
    this.input.value = state.filter;
    const changed = (): void => events.filterChanged();
    this.direction = h('select', { 'aria-label': l10n.t('Direction'), title: l10n.t('Direction'), onchange: changed });
    setOptions(this.direction, [['', l10n.t('All directions')], ['in', l10n.t('↓ In')], ['out', l10n.t('↑ Out')]], state.direction);
    this.outcome = h('select', { 'aria-label': l10n.t('Outcome'), title: l10n.t('Outcome'), onchange: changed });
    setOptions(this.outcome, [['', l10n.t('All outcomes')], ...[...DELIVERY_OUTCOMES, ...TAP_FATES].map((outcome) => [outcome, outcomeWord(outcome)] as const)], state.outcome);
    this.frameType = h('select', { 'aria-label': l10n.t('Type'), title: l10n.t('Type'), class: 'type-select', onchange: changed });
    setOptions(this.frameType, [['', l10n.t('All types')]], state.frameType);
    setPressed(this.heartbeats, state.hideHeartbeats);
    const clearFilter = iconButton('close', l10n.t('Clear the filter'), () => {
      this.reset();
      this.input.focus();
    });
    this.element = h(
      'div',
      { class: 'bar', role: 'toolbar', 'aria-label': l10n.t('Traffic') },
      h('div', { class: 'group' }, this.pause, this.follow, iconButton('clear', l10n.t('Clear'), () => events.cleared()), this.heartbeats, this.timeline),
      h('div', { class: 'filter-box' }, this.input, clearFilter, this.problem),
      h('div', { class: 'group' }, this.direction, this.outcome, this.frameType),
      acting(iconButton('send', l10n.t('Inject…'), () => events.injectWanted(), { text: true, title: l10n.t('Send an event as an agent') })),
    );
  }

  get text(): string {
    return this.input.value;
  }

  get hidesHeartbeats(): boolean {
    return this.heartbeats.getAttribute('aria-pressed') === 'true';
  }

  get choices(): FilterChoices {
    return { direction: this.direction.value, outcome: this.outcome.value, type: this.frameType.value, hideHeartbeats: this.hidesHeartbeats };
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  setText(text: string): void {
    this.input.value = text;
    this.events.filterChanged();
  }

  /** Adds a condition to the box, unless it is there. */
  addTerm(term: string): void {
    const { text } = this;
    if (!text.split(/\s+/).includes(term)) this.setText(text.trim() === '' ? term : `${text.trim()} ${term}`);
  }

  /** No condition at all. */
  reset(): void {
    this.input.value = '';
    for (const select of [this.direction, this.outcome, this.frameType]) select.value = '';
    setPressed(this.heartbeats, false);
    this.events.filterChanged();
  }

  showProblems(problems: readonly string[]): void {
    setText(this.problem, problems.join('; '));
    this.input.setAttribute('aria-invalid', String(problems.length > 0));
  }

  /** Offers the types of frames that came. */
  offerTypes(types: Iterable<string | undefined>): void {
    const before = this.types.size;
    for (const type of types) if (type !== undefined && this.types.size < MAX_TYPES) this.types.add(type);
    if (this.types.size === before) return;
    // An open list must not change under the pointer.
    if (document.activeElement === this.frameType) return;
    setOptions(this.frameType, [['', l10n.t('All types')], ...[...this.types].sort().map((type) => [type, type] as const)]);
  }

  show({ paused, waiting, follow, timeline }: { paused: boolean; waiting: number; follow: boolean; timeline: boolean }): void {
    const label = paused ? resumeLabel(waiting) : l10n.t('Pause');
    if (this.pause.getAttribute('aria-label') !== label) relabel(this.pause, paused ? 'play' : 'pause', label, l10n.t('{0} (Space in the list)', label));
    setPressed(this.follow, follow);
    setPressed(this.timeline, timeline);
  }

  private inputKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.text !== '') this.setText('');
    else if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') this.events.left();
    else return;
    event.preventDefault();
  }
}

function resumeLabel(waiting: number): string {
  if (waiting === 0) return l10n.t('Resume');
  return waiting === 1 ? l10n.t('Resume, 1 frame waits') : l10n.t('Resume, {0} frames wait', numberText(waiting));
}
