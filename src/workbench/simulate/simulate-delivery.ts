import { type AgentEvent, InvalidThreadIdError, payloadTemplate } from '../../core/index';
import type { DeliveryReceipt } from '../../protocol/delivery';
import { COMMANDS } from '../commands';
import type { IdFormats } from '../formats/id-formats';
import type { LazyInsight } from '../lazy-insight';
import { InspectionError } from '../live/inspection-client';
import type { LiveModel } from '../live/live-model';
import type { Live } from '../live/live';
import type { RouterController } from '../router/router-controller';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { describeReceipt } from './describe-receipt';
import { readSimulationRequest, runIdOf, SimulationRequestError, type SimulationRequest } from './simulation-request';

/** Shows a receipt in full. */
export type ShowReceipt = (receipt: DeliveryReceipt) => Promise<void>;

/** `Thread Lens: Simulate Agent Message Delivery`: sends one agent event through the router as an agent would. */
export class SimulateDelivery {
  constructor(
    private readonly api: VscodeApi,
    private readonly model: LiveModel,
    private readonly live: Live,
    private readonly router: Pick<RouterController, 'start'>,
    private readonly showReceipt: ShowReceipt,
    private readonly formats: Pick<IdFormats, 'table'>,
    private readonly insight: LazyInsight,
  ) {}

  /**
   * Runs the command. With a target in the argument nothing more is asked: the type defaults to `agent_started`, the
   * payload to its template. Without one it asks. Answers the receipt; undefined when the user gave up or no router runs.
   * @throws {SimulationRequestError} when the argument is not what it should be.
   */
  async run(argument?: unknown): Promise<DeliveryReceipt | undefined> {
    const given = readSimulationRequest(argument);
    if (!(await this.ensureRunning())) return undefined;
    const hasTarget = given.runId !== undefined || given.threadId !== undefined;
    return this.send(hasTarget ? given : await this.insight.load().askSimulation(this.api, this.model, given, this.formats.table));
  }

  /** Asks for type and payload of an event to a thread or run that is already chosen. */
  async runHere(target: Pick<SimulationRequest, 'runId' | 'threadId'>): Promise<DeliveryReceipt | undefined> {
    if (!(await this.ensureRunning())) return undefined;
    return this.send(await this.insight.load().askSimulation(this.api, this.model, target, this.formats.table));
  }

  private async send(request: SimulationRequest | undefined): Promise<DeliveryReceipt | undefined> {
    const runId = request && this.runId(request);
    const { client } = this.live;
    if (!request || runId === undefined || !client) return undefined;
    const type = request.type ?? 'agent_started';
    const agentName = request.agentName ?? 'simulated';
    const event: AgentEvent = {
      type,
      run_id: runId,
      agent_name: agentName,
      timestamp: new Date().toISOString(),
      // A payload that was given is sent as it is, whatever the type's template holds.
      payload: request.payload ?? payloadTemplate(type, agentName),
    };
    const receipt = await client.request('simulate', { event }).catch((error: unknown) => this.refused(error));
    if (receipt) this.tell(type, receipt);
    return receipt;
  }

  private runId(request: SimulationRequest): string | undefined {
    try {
      return runIdOf(request);
    } catch (error) {
      if (error instanceof InvalidThreadIdError) throw new SimulationRequestError('bad-argument', `threadId: ${error.message}`);
      throw error;
    }
  }

  private refused(error: unknown): undefined {
    if (!(error instanceof InspectionError)) throw error;
    void this.api.window.showErrorMessage(noticeText(this.api.l10n.t('The event was not sent: {0}', error.message)));
    return undefined;
  }

  /** Says what became of an event, and offers what helps; does not hold up whoever ran the command. */
  tell(type: string, receipt: DeliveryReceipt): void {
    const { l10n, window, commands } = this.api;
    const text = describeReceipt(this.api, type, receipt);
    const show = l10n.t('Show Receipt');
    const explain = l10n.t('Explain');
    const register = l10n.t('Register Run…');
    const answered =
      receipt.outcome === 'delivered'
        ? window.showInformationMessage(noticeText(text), show)
        : window.showWarningMessage(noticeText(text), ...(receipt.outcome === 'undeliverable' && receipt.thread_id === undefined ? [register] : []), explain, show);
    void answered.then((answer) => {
      if (answer === show) return this.showReceipt(receipt);
      if (answer === register) return commands.executeCommand(COMMANDS.registerMapping, { runId: receipt.run_id });
      if (answer === explain) return commands.executeCommand(COMMANDS.explainRouting, receipt.run_id);
      return undefined;
    });
  }

  private async ensureRunning(): Promise<boolean> {
    if (this.live.client) return true;
    const { l10n, window } = this.api;
    const start = l10n.t('Start Router');
    const answer = await window.showWarningMessage(noticeText(l10n.t('A simulation needs a running router; none is running.')), start);
    if (answer !== start) return false;
    return (await this.router.start()) !== undefined;
  }
}
