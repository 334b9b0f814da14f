import { isRecord } from '../../core/is-record';
import { messageOf } from '../../core/message-of';
import type { DeliveryReceipt } from '../../protocol/delivery';
import type { HostToPage, InjectedEvent, PageToHost, SavedEvent } from '../../protocol/traffic-panel';
import { button, field, iconButton, setOptions } from '../dom/controls';
import { h } from '../dom/element';
import { l10n } from '../l10n';
import { connections as connectionsText, outcomeWord } from '../words';

const NO_EVENT = '';

/** What the form begins with. */
export interface InjectDraft {
  readonly runId?: string | undefined;
  readonly threadId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly agentName?: string | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
}

/** The dialog that sends an event through the router as an agent would: to a thread, or for a run. */
export class InjectForm {
  readonly element: HTMLDialogElement;
  private readonly target = h('select', { 'aria-label': l10n.t('Send to'), onchange: () => this.retarget() });
  private readonly id = h('input', { type: 'text', list: 'inject-targets', spellcheck: 'false', autocomplete: 'off', required: true });
  private readonly idLabel = h('span', { class: 'field-label' });
  private readonly targets = h('datalist', { id: 'inject-targets' });
  private readonly types = h('datalist', { id: 'inject-types' });
  private readonly eventType = h('input', { type: 'text', list: 'inject-types', spellcheck: 'false', autocomplete: 'off', oninput: () => this.retype() });
  private readonly agent = h('input', { type: 'text', spellcheck: 'false', autocomplete: 'off' });
  private readonly payload = h('textarea', { rows: 12, spellcheck: 'false', 'aria-describedby': 'inject-problem', oninput: () => this.check() });
  private readonly problem = h('div', { class: 'form-problem', id: 'inject-problem', role: 'status' });
  private readonly result = h('div', { class: 'form-result', role: 'status' });
  private readonly saved = h('select', { 'aria-label': l10n.t('Saved event'), onchange: () => this.load() });
  private readonly name = h('input', { type: 'text', placeholder: l10n.t('Name'), 'aria-label': l10n.t('Name to save the event under'), onkeydown: (event: KeyboardEvent) => this.nameKey(event) });
  private savedEvents: readonly SavedEvent[] = [];
  private threads: readonly string[] = [];
  private runs: readonly string[] = [];
  private readonly examples = new Map<string, string>();
  /** The example that stands in the box; a payload of the user's is never replaced. */
  private example = '';
  private requests = 0;
  private dirty = false;

  constructor(private readonly post: (message: PageToHost) => void) {
    setOptions(this.target, [['thread', l10n.t('a thread')], ['run', l10n.t('a run, as its agent')]], 'thread');
    this.element = h(
      'dialog',
      { class: 'dialog', 'aria-labelledby': 'inject-title', onclose: () => this.result.replaceChildren() },
      h(
        'form',
        { method: 'dialog', onsubmit: (event: SubmitEvent) => this.submit(event) },
        h('div', { class: 'dialog-title' }, h('h2', { id: 'inject-title' }, l10n.t('Inject an event')), iconButton('close', l10n.t('Close'), () => this.element.close(), { title: l10n.t('Close (Escape)') })),
        h(
          'div',
          { class: 'form-grid' },
          field(l10n.t('Send to'), this.target),
          h('label', { class: 'field wide' }, this.idLabel, this.id, this.targets),
          field(l10n.t('Type'), this.eventType, this.types),
          field(l10n.t('Agent'), this.agent),
        ),
        field(l10n.t('Payload (JSON object)'), this.payload),
        this.problem,
        h(
          'div',
          { class: 'form-row' },
          this.saved,
          iconButton('close', l10n.t('Forget the saved event'), () => this.forget()),
          this.name,
          button(l10n.t('Save'), () => this.save()),
        ),
        this.result,
        h('div', { class: 'form-row end' }, button(l10n.t('Close'), () => this.element.close()), h('button', { type: 'submit', class: 'button primary' }, l10n.t('Send'))),
      ),
    );
    this.setSaved([]);
    this.fillIn({});
    this.retarget();
  }

  /** Opens the dialog, with what is given or as it was left. */
  open(draft?: InjectDraft): void {
    this.post({ type: 'targets' });
    if (draft && (!this.dirty || Object.keys(draft).length > 1)) this.fillIn(draft);
    this.result.replaceChildren();
    this.element.showModal();
    (this.id.value === '' ? this.id : this.payload).focus();
    this.payload.setSelectionRange(0, 0);
    this.payload.scrollTop = 0;
  }

  setTargets({ threads, runs, examples }: Extract<HostToPage, { type: 'targets' }>): void {
    for (const { eventType, payload } of examples) this.examples.set(eventType, jsonText(payload));
    this.types.replaceChildren(...examples.map(({ eventType }) => h('option', { value: eventType })));
    this.showExample();
    this.threads = threads.map(({ id }) => id);
    this.runs = runs;
    this.retarget();
    const [first] = this.threads;
    if (this.id.value !== '' || this.target.value !== 'thread' || first === undefined) return;
    this.id.value = first;
    // Somebody who is about to type means to replace it.
    if (document.activeElement === this.id) this.id.select();
  }

  setSaved(events: readonly SavedEvent[]): void {
    this.savedEvents = events;
    this.saved.replaceChildren(h('option', { value: NO_EVENT }, events.length === 0 ? l10n.t('No saved events') : l10n.t('Saved events…')), ...events.map(({ name }) => h('option', { value: name }, name)));
  }

  setInjected({ request, receipt, error }: Extract<HostToPage, { type: 'injected' }>): void {
    if (request !== this.requests) return;
    this.result.replaceChildren(receipt ? receiptView(receipt) : h('p', { class: 'failure' }, error === undefined ? l10n.t('Not sent: no answer') : l10n.t('Not sent: {0}', error)));
  }

  private fillIn({ runId, threadId, eventType = 'agent_started', agentName = 'simulated', payload }: InjectDraft): void {
    this.target.value = runId === undefined ? 'thread' : 'run';
    this.id.value = runId ?? threadId ?? '';
    this.eventType.value = eventType;
    this.agent.value = agentName;
    this.example = this.examples.get(eventType) ?? '{}';
    this.payload.value = payload === undefined ? this.example : jsonText(payload);
    this.dirty = payload !== undefined;
    this.retarget();
    this.check();
  }

  private retarget(): void {
    const run = this.target.value === 'run';
    this.idLabel.textContent = run ? l10n.t('Run ID') : l10n.t('Thread ID');
    this.targets.replaceChildren(...(run ? this.runs : this.threads).map((value) => h('option', { value })));
  }

  private retype(): void {
    this.dirty = true;
    this.showExample();
  }

  private showExample(): void {
    const example = this.examples.get(this.eventType.value);
    if (example === undefined || this.payload.value !== this.example) return;
    this.example = example;
    this.payload.value = example;
    this.check();
  }

  /** The payload, when it is a JSON object; says what is wrong otherwise. */
  private check(): Record<string, unknown> | undefined {
    let value: unknown;
    let problem = '';
    try {
      value = JSON.parse(this.payload.value);
      if (!isRecord(value)) problem = noObject(value);
    } catch (error) {
      problem = l10n.t('Expected JSON: {0}', messageOf(error));
    }
    this.problem.textContent = problem;
    this.payload.setAttribute('aria-invalid', String(problem !== ''));
    return isRecord(value) ? value : undefined;
  }

  private event(): InjectedEvent | undefined {
    const payload = this.check();
    const id = this.id.value.trim();
    if (!payload || id === '') return undefined;
    const target = this.target.value === 'run' ? { runId: id } : { threadId: id };
    return { ...target, eventType: this.eventType.value.trim(), agentName: this.agent.value.trim(), payload };
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const injected = this.event();
    if (!injected) {
      this.payload.focus();
      return;
    }
    this.result.replaceChildren(l10n.t('Sending…'));
    this.post({ type: 'inject', request: ++this.requests, event: injected });
  }

  private load(): void {
    const found = this.savedEvents.find(({ name }) => name === this.saved.value);
    if (!found) return;
    this.fillIn(found.event);
    this.name.value = found.name;
  }

  private save(): void {
    const event = this.event();
    const name = this.name.value.trim() || this.eventType.value.trim();
    if (event) this.post({ type: 'save', saved: { name, event } });
  }

  /** Who has typed a name means to save: the form would send. */
  private nameKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    this.save();
  }

  private forget(): void {
    if (this.saved.value !== NO_EVENT) this.post({ type: 'forget', name: this.saved.value });
  }
}

const jsonText = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** That a value is JSON, but no object. */
function noObject(value: unknown): string {
  if (Array.isArray(value)) return l10n.t('Expected a JSON object, received a list.');
  if (value === null) return l10n.t('Expected a JSON object, received null.');
  if (typeof value === 'string') return l10n.t('Expected a JSON object, received a string.');
  return typeof value === 'number' ? l10n.t('Expected a JSON object, received a number.') : l10n.t('Expected a JSON object, received a boolean.');
}

function receiptView(receipt: DeliveryReceipt): HTMLElement {
  const { outcome, connections, thread_id: thread, run_id: run, reason, expected, received, near_misses: misses = [] } = receipt;
  const title = outcome === 'delivered' ? l10n.t('Delivered to {0}', connectionsText(connections)) : l10n.t('Not delivered: {0}', outcomeWord(outcome));
  const line = (text: string | undefined): HTMLElement | undefined => (text === undefined ? undefined : h('div', { class: 'step-detail' }, text));
  return h(
    'div',
    { class: 'receipt' },
    h('div', { class: 'step-title' }, h('span', { class: `mark ${outcome}`, 'aria-hidden': 'true' }), title),
    line(thread === undefined ? undefined : l10n.t('Thread {0}', thread)),
    line(run === undefined ? undefined : l10n.t('Run {0}', run)),
    line(outcome === 'delivered' ? undefined : reason),
    line(expected === undefined ? undefined : l10n.t('Expected: {0}', expected)),
    line(received === undefined ? undefined : l10n.t('Received: {0}', received)),
    ...misses.map((miss) => line(l10n.t('Near miss: {0} ({1})', miss.thread_id, miss.why))),
  );
}
