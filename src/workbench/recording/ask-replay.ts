import { isLoopbackHostname } from '../../router/gate/host-header';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { type ReplayRequest, timingOf } from './replay-request';

/** What the questions know. */
export interface ReplayScene {
  /** Where the router of this window listens, while it runs. */
  readonly routerUrl: string | undefined;
  readonly routerPort: number;
}

/** Asks what to replay, where to, how fast and with which IDs; undefined when the user declines. */
export async function askReplay(api: VscodeApi, name: string, scene: ReplayScene): Promise<ReplayRequest | undefined> {
  const { l10n, window } = api;
  const title = l10n.t('Replay {0}', name);
  const side = await window.showQuickPick(
    [
      { label: `$(arrow-both) ${l10n.t('Agents and Clients')}`, detail: l10n.t('Agents send their events, clients connect and send; what comes back is compared with the recording.'), side: 'both' as const },
      { label: `$(rocket) ${l10n.t('Agents')}`, detail: l10n.t('Agents send their events to the clients that are connected now.'), side: 'agents' as const },
      { label: `$(plug) ${l10n.t('Clients')}`, detail: l10n.t('Clients connect and send what they sent.'), side: 'clients' as const },
      { label: `$(server) ${l10n.t('The Server')}`, detail: l10n.t('Stands in for the recorded server: clients that connect get what the recorded ones got.'), side: 'serve' as const },
    ],
    { title, ignoreFocusOut: true },
  );
  if (!side) return undefined;
  const place = side.side === 'serve' ? await askPort(api, title, scene) : await askTarget(api, title, scene);
  if (!place) return undefined;
  const timing = await askTiming(api, title);
  if (timing === undefined) return undefined;
  const ids = await window.showQuickPick(
    [
      { label: `$(sparkle) ${l10n.t('New IDs')}`, detail: l10n.t('Every ID is replaced by a new one, consistently: runs still belong to their threads.'), remint: true },
      { label: `$(symbol-constant) ${l10n.t('IDs as Recorded')}`, remint: false },
    ],
    { title, ignoreFocusOut: true },
  );
  if (!ids) return undefined;
  return { side: side.side, ...place, timing: timingOf(timing), ...(ids.remint ? { remint: {} } : {}) };
}

async function askTarget(api: VscodeApi, title: string, { routerUrl }: ReplayScene): Promise<Pick<ReplayRequest, 'target' | 'allowRemote'> | undefined> {
  const { l10n, window } = api;
  const picked = await window.showQuickPick(
    [
      { label: `$(broadcast) ${l10n.t('The Router of This Window')}`, description: routerUrl ?? l10n.t('starts it'), own: true },
      { label: `$(globe) ${l10n.t('Another Server…')}`, own: false },
    ],
    { title, placeHolder: l10n.t('Where to replay it'), ignoreFocusOut: true },
  );
  if (!picked) return undefined;
  if (picked.own) return {};
  const target = await window.showInputBox({
    title,
    ignoreFocusOut: true,
    prompt: l10n.t('Address of a router, or where the clients of a backend connect'),
    placeHolder: 'ws://localhost:8000/ws',
    validateInput: (text) => (hostOf(text) === undefined ? l10n.t('Expected a URL such as http://127.0.0.1:8787 or ws://localhost:8000/ws') : undefined),
  });
  const host = target === undefined ? undefined : hostOf(target);
  if (target === undefined || host === undefined) return undefined;
  if (isLoopbackHostname(host)) return { target };
  const send = l10n.t('Send to {0}', host);
  const answer = await window.showWarningMessage(noticeText(l10n.t('Send the recorded messages to another machine?')), { modal: true, detail: l10n.t('{0} is not a loopback address. Recordings hold no secrets that could be told from other text, but everything else that was said.', host) }, send);
  return answer === send ? { target, allowRemote: true } : undefined;
}

async function askPort(api: VscodeApi, title: string, { routerUrl, routerPort }: ReplayScene): Promise<Pick<ReplayRequest, 'port'> | undefined> {
  const { l10n, window } = api;
  const text = await window.showInputBox({
    title,
    ignoreFocusOut: true,
    prompt: l10n.t('Port to listen on; 0 picks a free one'),
    // Front ends often know one address: that of the router, while it does not run itself.
    value: routerUrl === undefined ? String(routerPort) : '0',
    validateInput: (given) => (isPort(given) ? undefined : l10n.t('Expected a number from 0 to 65535')),
  });
  return text === undefined || !isPort(text) ? undefined : { port: Number(text) };
}

async function askTiming(api: VscodeApi, title: string): Promise<string | undefined> {
  const { l10n, window } = api;
  const picked = await window.showQuickPick(
    [
      { label: l10n.t('As Recorded'), timing: 'original' },
      { label: l10n.t('10 Times Faster'), timing: '10' },
      { label: l10n.t('Without Pauses'), detail: l10n.t('In the recorded order, each as soon as the one before has arrived.'), timing: 'none' },
      { label: l10n.t('Another Speed…'), timing: undefined },
    ],
    { title, placeHolder: l10n.t('At which speed'), ignoreFocusOut: true },
  );
  if (!picked) return undefined;
  if (picked.timing !== undefined) return picked.timing;
  return window.showInputBox({
    title,
    ignoreFocusOut: true,
    prompt: l10n.t('How many times faster; less than 1 is slower'),
    value: '2',
    validateInput: (text) => (Number(text) > 0 && Number.isFinite(Number(text)) ? undefined : l10n.t('Expected a positive number')),
  });
}

function hostOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  return ['http:', 'https:', 'ws:', 'wss:'].includes(protocol) ? hostname : undefined;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
