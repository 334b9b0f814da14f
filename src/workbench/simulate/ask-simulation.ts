import type * as vscode from 'vscode';
import { AGENT_EVENT_TYPES, type FormatTable, payloadTemplate, readRunId } from '../../core/index';
import { isRecord } from '../../core/is-record';
import { textAtCursor } from '../ids/id-at-cursor';
import type { LiveModel } from '../live/live-model';
import { labelText, noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import { pickOrType } from './pick-or-type';
import type { SimulationRequest } from './simulation-request';

const MAX_THREADS_OFFERED = 100;
const AGENT_NAME = 'simulated';

type TargetItem = vscode.QuickPickItem & { readonly target?: { runId?: string; threadId?: string } };

/** Asks step by step for what the request leaves open: the target, the event type, the payload. */
export async function askSimulation(
  api: VscodeApi,
  model: LiveModel,
  given: SimulationRequest,
  table: FormatTable,
): Promise<SimulationRequest | undefined> {
  const target = given.runId !== undefined || given.threadId !== undefined ? given : await askTarget(api, model, table);
  if (!target) return undefined;
  const type = given.type ?? (await askType(api));
  if (type === undefined) return undefined;
  const payload = given.payload ?? (await askPayload(api, type));
  if (!payload) return undefined;
  return { ...given, ...target, type, payload, agentName: given.agentName ?? AGENT_NAME };
}

async function askTarget(api: VscodeApi, model: LiveModel, table: FormatTable): Promise<{ runId?: string; threadId?: string } | undefined> {
  const { l10n, QuickPickItemKind } = api;
  const words = new Words(api);
  const items: TargetItem[] = [{ label: l10n.t('$(edit) Enter a run ID or thread ID…'), alwaysShow: true }];
  const pointed = textAtCursor(api, table);
  if (pointed !== undefined && readRunId(pointed, { table }).length > 0) {
    items.unshift({ label: labelText(pointed), description: l10n.t('in the editor'), target: targetOf(pointed, table) });
  }
  const threads = [...model.threads.values()].toSorted((a, b) => b.connections - a.connections).slice(0, MAX_THREADS_OFFERED);
  if (threads.length > 0) items.push({ label: l10n.t('Threads'), kind: QuickPickItemKind.Separator });
  for (const thread of threads) {
    const description = thread.connections > 0 ? words.connections(thread.connections) : l10n.t('nobody connected');
    items.push({ label: labelText(thread.id), description, target: { threadId: thread.id } });
  }
  const picked = await pickOrType(api, {
    items,
    title: l10n.t('Simulate Agent Message Delivery (1/3): to whom?'),
    placeholder: l10n.t('A thread, or a run ID to see how it resolves'),
    typed: (text): TargetItem | undefined => (readRunId(text, { table }).length > 0 ? { label: labelText(text), description: l10n.t('as typed'), target: targetOf(text, table), alwaysShow: true } : undefined),
  });
  if (!picked) return undefined;
  return picked.item.target ?? askIdText(api, table, picked.text);
}

async function askIdText(api: VscodeApi, table: FormatTable, value: string): Promise<{ runId?: string; threadId?: string } | undefined> {
  const text = await api.window.showInputBox({
    title: api.l10n.t('Simulate Agent Message Delivery (1/3): run ID or thread ID'),
    value,
    placeHolder: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09',
    validateInput: (value) => (value.trim() === '' ? api.l10n.t('Expected an ID, received nothing.') : undefined),
  });
  return text === undefined ? undefined : targetOf(text.trim(), table);
}

/** Anything that is surely no thread ID is sent as a run ID, as it is: a bad one is worth trying too. */
function targetOf(id: string, table: FormatTable): { runId?: string; threadId?: string } {
  return readRunId(id, { table })[0]?.kind === 'thread' ? { threadId: id } : { runId: id };
}

async function askType(api: VscodeApi): Promise<string | undefined> {
  const { l10n, window } = api;
  const custom = l10n.t('$(edit) Custom type…');
  const picked = await window.showQuickPick([...AGENT_EVENT_TYPES, custom], {
    title: l10n.t('Simulate Agent Message Delivery (2/3): which event?'),
  });
  if (picked !== custom) return picked;
  return window.showInputBox({
    title: l10n.t('Simulate Agent Message Delivery (2/3): custom event type'),
    validateInput: (value) => (value.trim() === '' ? l10n.t('Expected an event type, received nothing.') : undefined),
  });
}

async function askPayload(api: VscodeApi, type: string): Promise<Record<string, unknown> | undefined> {
  const { l10n, window } = api;
  const text = await window.showInputBox({
    title: l10n.t('Simulate Agent Message Delivery (3/3): payload of {0}', type),
    prompt: l10n.t('A JSON object; the template can be sent as it is'),
    value: JSON.stringify(payloadTemplate(type, AGENT_NAME)),
    validateInput: (value) => ('problem' in readPayload(value) ? noticeText(l10n.t('Expected a JSON object, received: {0}', value.slice(0, 60))) : undefined),
  });
  if (text === undefined) return undefined;
  const read = readPayload(text);
  return 'payload' in read ? read.payload : undefined;
}

function readPayload(text: string): { payload: Record<string, unknown> } | { problem: true } {
  try {
    const payload: unknown = JSON.parse(text);
    if (isRecord(payload)) return { payload };
  } catch {
    // Said by the caller, with the text.
  }
  return { problem: true };
}
