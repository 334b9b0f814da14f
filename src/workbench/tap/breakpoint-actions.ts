import { type BreakpointInfo, type BreakpointRule, type HeldFrame, ruleProblem } from '../../protocol/breakpoints';
import { noticeText } from '../notice-text';
import type { Sources } from '../sources/sources';
import type { VscodeApi } from '../vscode-api';
import type { BreakpointsNode } from './breakpoints-nodes';
import type { HeldDocuments } from './held-documents';
import { readRuleText } from './rule-text';

/** What can be done with breakpoints and held frames. Rows come as VS Code hands them over; numbers and rules come from keybindings and tasks. */
export class BreakpointActions {
  constructor(
    private readonly api: VscodeApi,
    private readonly sources: Sources,
    private readonly documents: HeldDocuments,
  ) {}

  /**
   * Makes a breakpoint: of a rule, of the thread or run of a row, or of what the user types.
   * @param ids what a row of another view stands for
   */
  async add(argument: unknown, ids: { readonly threadId?: string; readonly runId?: string } = {}): Promise<BreakpointInfo | undefined> {
    const rule = isRule(argument) ? argument : ids.runId !== undefined || ids.threadId !== undefined ? { direction: 'out' as const, ...(ids.runId === undefined ? { threadId: ids.threadId } : { runId: ids.runId }) } : await this.ask();
    if (!rule) return undefined;
    const problem = ruleProblem(rule);
    if (problem !== undefined) throw new RangeError(problem);
    return this.request(() => this.sources.client?.request('addBreakpoint', { rule: rule as BreakpointRule }));
  }

  async remove(argument: unknown): Promise<boolean> {
    const id = breakpointOf(argument)?.id ?? argument;
    if (typeof id !== 'number') return false;
    return (await this.request(() => this.sources.client?.request('removeBreakpoint', { id })))?.removed ?? false;
  }

  /** Switches a breakpoint on or off; the other way round when it is not said. */
  async toggle(argument: unknown, enabled?: unknown): Promise<BreakpointInfo | undefined> {
    const id = breakpointOf(argument)?.id ?? argument;
    const known = this.sources.model.breakpoints.find((breakpoint) => breakpoint.id === id);
    if (typeof id !== 'number') return undefined;
    const on = typeof enabled === 'boolean' ? enabled : !(known?.enabled ?? false);
    return this.request(() => this.sources.client?.request('enableBreakpoint', { id, enabled: on }));
  }

  /** Lets a held frame go on as it came, of a row or of the editor that shows it; answers how many did. */
  async release(argument: unknown): Promise<number> {
    return this.letGo(argument, async (id) => (await this.sources.client?.request('release', { ids: [id] }))?.released);
  }

  async releaseAll(): Promise<number> {
    return (await this.request(() => this.sources.client?.request('release', {})))?.released ?? 0;
  }

  async drop(argument: unknown): Promise<number> {
    return this.letGo(argument, async (id) => (await this.sources.client?.request('drop', { ids: [id] }))?.dropped);
  }

  /** Opens a held frame to be edited; saving lets it go on. With a text, it goes on with that at once. */
  async edit(argument: unknown, text?: unknown): Promise<boolean> {
    const id = heldIdOf(argument);
    if (id === undefined) return false;
    if (typeof text === 'string') return (await this.request(() => this.sources.client?.request('releaseEdited', { id, text }))) !== undefined;
    const frame = this.sources.model.held.find((held) => held.id === id);
    if (!frame) return false;
    await this.documents.open(frame);
    return true;
  }

  /** Ends the hold of one frame; an editor that showed it closes, because there is nothing left to save. */
  private async letGo(argument: unknown, ask: (id: number) => Promise<number | undefined>): Promise<number> {
    const inEditor = this.documents.heldIdOf(argument);
    const id = inEditor ?? heldIdOf(argument);
    if (id === undefined) return 0;
    const done = (await this.request(() => ask(id))) ?? 0;
    if (inEditor !== undefined && done > 0) await this.api.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    return done;
  }

  /** Asks the tap that is shown, and says what went wrong. */
  private async request<T>(ask: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      // By name: errors of the other bundle have classes of its own.
      if (!(error instanceof Error && error.name === 'InspectionError')) throw error;
      void this.api.window.showErrorMessage(noticeText(error.message));
      return undefined;
    }
  }

  private async ask(): Promise<BreakpointRule | undefined> {
    const { l10n, window } = this.api;
    const directions = [
      { label: `$(arrow-up) ${l10n.t('to the client')}`, description: l10n.t('what the backend sends'), direction: 'out' as const },
      { label: `$(arrow-down) ${l10n.t('to the backend')}`, description: l10n.t('what the client sends'), direction: 'in' as const },
    ];
    const picked = await window.showQuickPick(directions, { title: l10n.t('Add Breakpoint'), placeHolder: l10n.t('Hold frames that go') });
    if (!picked) return undefined;
    const text = await window.showInputBox({
      title: l10n.t('Add Breakpoint'),
      prompt: l10n.t('type:agent_started, thread:…, run:…, or text in the body; empty holds every frame'),
      ignoreFocusOut: true,
    });
    return text === undefined ? undefined : readRuleText(picked.direction, text);
  }
}

function isRule(argument: unknown): argument is Record<string, unknown> {
  return typeof argument === 'object' && argument !== null && 'direction' in argument;
}

function nodeOf(argument: unknown): BreakpointsNode | undefined {
  return typeof argument === 'object' && argument !== null && 'kind' in argument ? (argument as BreakpointsNode) : undefined;
}

function breakpointOf(argument: unknown): BreakpointInfo | undefined {
  const node = nodeOf(argument);
  return node?.kind === 'breakpoint' ? node.breakpoint : undefined;
}

function heldIdOf(argument: unknown): HeldFrame['id'] | undefined {
  if (typeof argument === 'number') return argument;
  const node = nodeOf(argument);
  return node?.kind === 'held' ? node.held.id : undefined;
}
