import type * as vscode from 'vscode';
import { webSocketUrl } from '../../core/web-socket-url';
import { INSPECTION_VERSION, type InspectionTransport } from '../../protocol/inspection';
import { COMMANDS } from '../commands';
import type { Sources } from '../sources/sources';
import { needTrust } from '../need-trust';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { type AttachUrl, AttachUrlError, readAttachUrl } from './attach-url';
import { DebugApi, DebugApiError } from './debug-api';
import { PollingTransport } from './polling-transport';
import { SocketTransport } from './socket-transport';

export interface AttachParts {
  readonly api: VscodeApi;
  readonly sources: Sources;
  readonly secrets: vscode.SecretStorage;
  /** Keeps addresses that were attached to; never tokens. */
  readonly state: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** What `threadLens.attach` answers. */
export interface Attached {
  readonly url: string;
  /** `inspection`: the router's own protocol. `polling`: the debug endpoints, once a second. */
  readonly over: 'inspection' | 'polling';
  readonly readOnly: boolean;
}

interface Request {
  readonly address: AttachUrl;
  readonly token: string | undefined;
  readonly allowChanges: boolean;
  /** Whether the user is there to be asked. */
  readonly interactive: boolean;
}

const RECENT_KEY = 'threadLens.attach.recent';
const MAX_RECENT = 10;

/**
 * `Thread Lens: Attach to Another Router…`: shows a router elsewhere in the views. The argument is
 * `{ url, token?, allowChanges? }`, from a button of ours with `interactive`, so that a token that is missing is asked for;
 * without it asks. The token is kept in the editor's secret storage. Answers what is attached; undefined when the user
 * gave up or it could not be reached, which was said.
 * @throws {AttachUrlError} when the argument's `url` is not usable.
 */
export async function attachCommand(parts: AttachParts, argument: unknown): Promise<Attached | undefined> {
  if (!parts.api.workspace.isTrusted) {
    void needTrust(parts.api, parts.api.l10n.t('Attaching to a router needs a trusted workspace.'));
    return undefined;
  }
  const request = readRequest(argument) ?? (await askRequest(parts));
  if (!request || !(await confirmExposed(parts.api, request))) return undefined;
  return attach(parts, request);
}

/** `Thread Lens: Detach`: ends the attachment of that ID or address; without one the shown one, or one that is asked for. Answers whether one ended. */
export async function detachCommand({ api, sources }: AttachParts, argument: unknown): Promise<boolean> {
  const attached = sources.all.filter(({ kind }) => kind === 'attached' || kind === 'backend');
  if (typeof argument === 'string') {
    const named = attached.find(({ id, detail }) => id === argument || detail === argument);
    return named !== undefined && sources.remove(named.id);
  }
  const one = attached.find(({ id }) => id === sources.shown?.id) ?? (attached.length === 1 ? attached[0] : undefined);
  if (one) return sources.remove(one.id);
  if (attached.length === 0) return false;
  const rows = attached.map(({ id, label, detail }) => ({ label, description: detail, id }));
  const picked = await api.window.showQuickPick(rows, { title: api.l10n.t('Detach') });
  return picked !== undefined && sources.remove(picked.id);
}

async function attach(parts: AttachParts, request: Request): Promise<Attached | undefined> {
  const { api, sources, secrets, log } = parts;
  const { address, allowChanges, interactive } = request;
  const token = request.token ?? (await secrets.get(secretKey(address)));
  const debugApi = new DebugApi(address.base, token);
  let version: unknown;
  try {
    ({ inspection: version } = await debugApi.get('/debug/health'));
  } catch (error) {
    if (!(error instanceof DebugApiError)) throw error;
    log.warn(`attach to ${address.base}: ${error.message}`);
    if (error.reason === 'refused' && interactive) return askTokenAndAttach(parts, request);
    await tellFailure(parts, request, error);
    return undefined;
  }
  if (version !== undefined && version !== INSPECTION_VERSION) {
    void api.window.showErrorMessage(noticeText(api.l10n.t('{0} speaks another version of the inspection protocol: expected {1}, received {2}. Update the older side.', address.host, INSPECTION_VERSION, JSON.stringify(version))));
    return undefined;
  }
  if (token !== undefined) await secrets.store(secretKey(address), token);
  await remember(parts.state, address.base);
  const over = version === undefined ? 'polling' : 'inspection';
  const transport: InspectionTransport = over === 'polling' ? new PollingTransport(debugApi) : new SocketTransport({ url: inspectUrl(address, allowChanges), token, api: debugApi });
  const id = `attached:${address.base}`;
  const client = sources.add({ id, kind: over === 'polling' ? 'backend' : 'attached', label: address.host, detail: address.base, readOnly: !allowChanges }, transport);
  client.onDidChangeState((state) => {
    log.info(`${address.base}: ${state.kind}${state.kind === 'failed' ? `, ${state.message}` : ''}`);
    if (state.kind === 'failed') void offerAgain(parts, request, state.message);
  });
  log.info(`attached to ${address.base} over ${over}${allowChanges ? '' : ', to look only'}`);
  return { url: address.base, over, readOnly: !allowChanges };
}

async function askTokenAndAttach(parts: AttachParts, request: Request): Promise<Attached | undefined> {
  const { l10n, window } = parts.api;
  const token = await window.showInputBox({
    title: l10n.t('Attach to {0}', request.address.host),
    prompt: l10n.t('The token that the router printed or shows. It is kept in the secret storage.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (token === undefined || token.trim() === '') return undefined;
  return attach(parts, { ...request, token: token.trim(), interactive: false });
}

async function tellFailure(parts: AttachParts, request: Request, error: DebugApiError): Promise<void> {
  const { l10n, window } = parts.api;
  const { host, base } = request.address;
  const text =
    error.reason === 'absent'
      ? l10n.t('{0} has no debug endpoints: expected {1}, received {2}', host, `${base}/debug/health`, error.message)
      : error.reason === 'refused'
        ? l10n.t('{0} refuses the token: {1}', host, error.message)
        : l10n.t('{0} cannot be reached: {1}', host, error.message);
  const again = l10n.t('Try Again');
  // The command does not wait for the user to read.
  void window.showErrorMessage(noticeText(text), again).then((answer) => (answer === again ? attach(parts, { ...request, interactive: true }) : undefined));
  return Promise.resolve();
}

async function offerAgain(parts: AttachParts, request: Request, reason: string): Promise<void> {
  const { l10n, window, commands } = parts.api;
  const again = l10n.t('Attach Again');
  const detach = l10n.t('Detach');
  const answer = await window.showErrorMessage(noticeText(l10n.t('{0} is no longer attached: {1}', request.address.host, reason)), again, detach);
  if (answer === again) await attach(parts, { ...request, interactive: true });
  else if (answer === detach) await commands.executeCommand(COMMANDS.detach, `attached:${request.address.base}`);
}

/** @throws {AttachUrlError} */
function readRequest(argument: unknown): Request | undefined {
  const given = typeof argument === 'string' ? { url: argument } : argument;
  if (typeof given !== 'object' || given === null || !('url' in given)) return undefined;
  const { url, token, allowChanges, interactive } = given as { url: unknown; token?: unknown; allowChanges?: unknown; interactive?: unknown };
  if (typeof url !== 'string') throw new AttachUrlError(`url: expected a string, received ${typeof url}`);
  const address = readAttachUrl(url);
  return { address, token: typeof token === 'string' && token !== '' ? token : address.token, allowChanges: allowChanges === true, interactive: interactive === true };
}

async function askRequest({ api, state }: AttachParts): Promise<Request | undefined> {
  const { l10n, window } = api;
  const recent = readRecent(state);
  const title = l10n.t('Attach to Another Router');
  let url: string | undefined;
  if (recent.length > 0) {
    const other = l10n.t('Another Address…');
    url = await window.showQuickPick([...recent, other], { title, placeHolder: l10n.t('Attached before') });
    if (url === undefined) return undefined;
    if (url === other) url = undefined;
  }
  url ??= await window.showInputBox({
    title,
    prompt: l10n.t('The address of a router of Thread Lens, or of a backend that serves its debug endpoints'),
    placeHolder: 'http://127.0.0.1:8787',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? undefined : problemOf(text)),
  });
  if (url === undefined || url.trim() === '') return undefined;
  const look = { label: `$(eye) ${l10n.t('View Only')}`, detail: l10n.t('Nothing can be sent, disconnected or registered from here'), allowChanges: false };
  const change = { label: `$(edit) ${l10n.t('Allow Changes')}`, detail: l10n.t('Simulate events, disconnect, register runs, deliver again'), allowChanges: true };
  const access = await window.showQuickPick([look, change], { title, placeHolder: l10n.t('What you may do with it'), ignoreFocusOut: true });
  if (!access) return undefined;
  const address = readAttachUrl(url);
  return { address, token: address.token, allowChanges: access.allowChanges, interactive: true };
}

function problemOf(text: string): string | undefined {
  try {
    readAttachUrl(text);
    return undefined;
  } catch (error) {
    if (error instanceof AttachUrlError) return error.message;
    throw error;
  }
}

/** Without TLS everybody on the way can read the token and the messages: that is the user's to decide. */
async function confirmExposed({ l10n, window }: VscodeApi, { address }: Request): Promise<boolean> {
  if (!address.isExposed) return true;
  const attachAnyway = l10n.t('Attach Without TLS');
  const detail = l10n.t('{0} is not on this machine and is reached without TLS: who is on the way can read the token and every message.', address.host);
  return (await window.showWarningMessage(noticeText(l10n.t('Attach to {0}?', address.host)), { modal: true, detail }, attachAnyway)) === attachAnyway;
}

function inspectUrl({ base }: AttachUrl, allowChanges: boolean): string {
  return `${webSocketUrl(base)}/inspect${allowChanges ? '' : '?access=read'}`;
}

function secretKey({ base }: AttachUrl): string {
  return `threadLens.attach:${base}`;
}

function readRecent(state: vscode.Memento): string[] {
  const stored: unknown = state.get(RECENT_KEY);
  return Array.isArray(stored) ? stored.filter((url) => typeof url === 'string').slice(0, MAX_RECENT) : [];
}

async function remember(state: vscode.Memento, base: string): Promise<void> {
  await state.update(RECENT_KEY, [base, ...readRecent(state).filter((url) => url !== base)].slice(0, MAX_RECENT));
}
