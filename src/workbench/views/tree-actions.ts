import { isRecord } from '../../core/is-record';
import type { DeliveryReceipt } from '../../protocol/delivery';
import type { ConnectionDetails, DeliveryInfo } from '../../protocol/inspection';
import type { VirtualDocuments } from '../documents/virtual-documents';
import type { LazyInsight } from '../lazy-insight';
import { InspectionError } from '../live/inspection-client';
import type { Live } from '../live/live';
import type { SimulateDelivery } from '../simulate/simulate-delivery';
import { labelText, noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import type { DeliveriesNode } from './deliveries-nodes';
import type { ThreadsNode } from './threads-nodes';

type Node = ThreadsNode | DeliveriesNode;

/** What can be done with a row of the views. Each takes the row, as VS Code hands it over. */
export class TreeActions {
  constructor(
    private readonly api: VscodeApi,
    private readonly live: Live,
    private readonly simulate: SimulateDelivery,
    private readonly documents: VirtualDocuments,
    private readonly insight: LazyInsight,
  ) {}

  /** The ID a row stands for; undefined when the argument is no row with one. */
  idOf(argument: unknown): string | undefined {
    const node = asNode(argument);
    switch (node?.kind) {
      case 'thread':
        return node.thread.id;
      case 'connection':
        return node.connection.id;
      case 'run':
        return node.run.id;
      case 'delivery':
        return node.delivery.runId ?? node.delivery.threadId;
      default:
        return undefined;
    }
  }

  /** The thread or the run that a row of the threads or the deliveries is about; undefined for other arguments. */
  rowIds(argument: unknown): { readonly threadId?: string; readonly runId?: string } | undefined {
    const node = asNode(argument);
    if (node?.kind === 'run') return { runId: node.run.id };
    if (node?.kind === 'delivery' && node.delivery.runId !== undefined) return { runId: node.delivery.runId };
    return node?.kind === 'thread' ? { threadId: node.thread.id } : undefined;
  }

  /** What the Traffic panel's filter is for the frames a row is about; undefined for other arguments. */
  trafficFilter(argument: unknown): string | undefined {
    const { runId, threadId } = this.rowIds(argument) ?? {};
    const id = runId ?? threadId;
    if (id === undefined) return undefined;
    return `${runId === undefined ? 'thread' : 'run'}:${/\s/.test(id) ? `"${id}"` : id}`;
  }

  async copyId(argument: unknown): Promise<string | undefined> {
    const id = typeof argument === 'string' ? argument : this.idOf(argument);
    if (id === undefined) return undefined;
    await this.api.env.clipboard.writeText(id);
    this.api.window.setStatusBarMessage(labelText(this.api.l10n.t('Copied {0}', id)), 4000);
    return id;
  }

  /** The thread a row is about; undefined when it has none. */
  threadOf(argument: unknown): string | undefined {
    if (typeof argument === 'string') return argument;
    const node = asNode(argument);
    if (node?.kind === 'delivery') return node.delivery.threadId;
    if (node?.kind === 'connection') return node.connection.threads[0];
    return node?.kind === 'run' ? node.run.threadId : this.idOf(argument);
  }

  /** Searches the workspace's files for a row's ID: from a delivery to the source or log line that names it. */
  async findInFiles(argument: unknown): Promise<void> {
    const query = typeof argument === 'string' ? argument : this.idOf(argument);
    if (query === undefined) return;
    await this.api.commands.executeCommand('workbench.action.findInFiles', { query, triggerSearch: true, isRegex: false });
  }

  /** Opens all that the router knows of a connection, and answers it. */
  async connectionDetails(argument: unknown): Promise<ConnectionDetails | undefined> {
    const node = asNode(argument);
    const connectionId = typeof argument === 'string' ? argument : node?.kind === 'connection' ? node.connection.id : undefined;
    if (connectionId === undefined || !this.live.client) return undefined;
    const details = await this.live.client.request('connection', { connectionId });
    await this.documents.show(`${connectionId}.md`, this.insight.load().renderConnection(this.api, details, Date.now()));
    return details;
  }

  async disconnect(argument: unknown): Promise<boolean> {
    const node = asNode(argument);
    const connectionId = typeof argument === 'string' ? argument : node?.kind === 'connection' ? node.connection.id : undefined;
    if (connectionId === undefined || !this.live.client) return false;
    const { disconnected } = await this.live.client.request('disconnect', {
      connectionId,
      code: 1000,
      reason: 'Disconnected in Thread Lens',
    });
    return disconnected;
  }

  async simulateHere(argument: unknown): Promise<DeliveryReceipt | undefined> {
    const node = asNode(argument);
    if (node?.kind === 'thread') return this.simulate.runHere({ threadId: node.thread.id });
    if (node?.kind === 'run') return this.simulate.runHere({ runId: node.run.id });
    return undefined;
  }

  async redeliver(argument: unknown): Promise<DeliveryReceipt | undefined> {
    const node = asNode(argument);
    if (node?.kind !== 'delivery' || !this.live.client) return undefined;
    const { window, l10n } = this.api;
    try {
      const receipt = await this.live.client.request('redeliver', { seq: node.delivery.seq });
      this.simulate.tell(node.delivery.type, receipt);
      return receipt;
    } catch (error) {
      if (!(error instanceof InspectionError)) throw error;
      void window.showErrorMessage(noticeText(l10n.t('The event was not delivered again: {0}', error.message)));
      return undefined;
    }
  }

  async showReceipt(argument: unknown): Promise<void> {
    const node = asNode(argument);
    if (node?.kind !== 'delivery') return;
    const name = `${this.api.l10n.t('Receipt {0} of {1}', node.delivery.seq, (node.delivery.runId ?? node.delivery.type).slice(0, 60))}.json`;
    await this.documents.show(name, `${JSON.stringify(receiptOf(node.delivery), undefined, 2)}\n`);
  }
}

/** A row that stands for something. Keybindings and other extensions may call a row's command with anything. */
function asNode(argument: unknown): Node | undefined {
  if (!isRecord(argument)) return undefined;
  const { kind } = argument;
  // Each such row holds what it stands for under the name of its kind.
  const subject = kind === 'thread' || kind === 'connection' || kind === 'run' || kind === 'delivery' ? argument[kind] : undefined;
  if (!isRecord(subject)) return undefined;
  const isRight =
    kind === 'delivery'
      ? Number.isSafeInteger(subject['seq']) && typeof subject['type'] === 'string' && typeof (subject['runId'] ?? '') === 'string'
      : typeof subject['id'] === 'string' && (kind !== 'connection' || Array.isArray(subject['threads']));
  return isRight ? (argument as unknown as Node) : undefined;
}

/** The receipt an agent would have got for this delivery (DESIGN 4.2). */
function receiptOf(delivery: DeliveryInfo): DeliveryReceipt {
  return {
    type: 'delivery_receipt',
    outcome: delivery.outcome,
    ...(delivery.runId === undefined ? {} : { run_id: delivery.runId }),
    ...(delivery.threadId === undefined ? {} : { thread_id: delivery.threadId }),
    connections: delivery.connections,
    ...(delivery.resolution === undefined ? {} : { resolution: delivery.resolution }),
    ...(delivery.reason === undefined ? {} : { reason: delivery.reason }),
    ...(delivery.expected === undefined ? {} : { expected: delivery.expected }),
    ...(delivery.received === undefined ? {} : { received: delivery.received }),
    ...(delivery.nearMisses === undefined ? {} : { near_misses: delivery.nearMisses }),
  };
}
