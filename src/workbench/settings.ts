import { type BehaviourOverrides, type Dialect, isBehaviour, isProfile, type Profile } from '../core/index';
import type { VscodeApi } from './vscode-api';

export const SETTINGS_SECTION = 'threadLens';

export interface RouterSettings {
  readonly host: string;
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  readonly dialect: Dialect;
  readonly persist: boolean;
  readonly profile: Profile;
  readonly behaviours: BehaviourOverrides;
}

const DIALECTS: readonly Dialect[] = ['fix', 'before_fix', 'unified'];

/** Reads the router's settings. A value of the wrong type counts as not set: settings files are edited by hand. */
export function readRouterSettings(api: VscodeApi): RouterSettings {
  const config = api.workspace.getConfiguration(SETTINGS_SECTION);
  const port = config.get<unknown>('router.port');
  const host = config.get<unknown>('router.host');
  const origins = config.get<unknown>('router.allowedOrigins');
  const dialect = config.get<unknown>('router.dialect');
  const profile = config.get<unknown>('router.profile');
  return {
    host: typeof host === 'string' && host.trim() !== '' ? host.trim() : '127.0.0.1',
    port: typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : 8787,
    allowedOrigins: Array.isArray(origins) ? origins.filter((origin) => typeof origin === 'string') : [],
    dialect: DIALECTS.find((known) => known === dialect) ?? 'fix',
    persist: config.get<unknown>('router.persist') !== false,
    profile: isProfile(profile) ? profile : 'strict',
    behaviours: switches(config.get<unknown>('router.behaviours')),
  };
}

/** Apart from the others, because every activation asks for it and needs no core to read it. */
export function isRouterAutoStarted(api: VscodeApi): boolean {
  return api.workspace.getConfiguration(SETTINGS_SECTION).get<unknown>('router.autoStart') === true;
}

function switches(value: unknown): BehaviourOverrides {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([name, on]) => isBehaviour(name) && typeof on === 'boolean'));
}

export type StatusBarVisibility = 'always' | 'whenUsed' | 'never';

export function readStatusBarVisibility(api: VscodeApi): StatusBarVisibility {
  const value = api.workspace.getConfiguration(SETTINGS_SECTION).get<unknown>('statusBar.visible');
  return value === 'always' || value === 'never' ? value : 'whenUsed';
}

export function isHoverEnabled(api: VscodeApi, scope: Parameters<VscodeApi['workspace']['getConfiguration']>[1]): boolean {
  return api.workspace.getConfiguration(SETTINGS_SECTION, scope).get<unknown>('hover.enabled') !== false;
}

type Scope = Parameters<VscodeApi['workspace']['getConfiguration']>[1];

/** Links in terminals, logs and output. */
export function areLinksEnabled(api: VscodeApi, scope: Scope): boolean {
  return api.workspace.getConfiguration(SETTINGS_SECTION, scope).get<unknown>('links.enabled') !== false;
}

export function areInlayHintsEnabled(api: VscodeApi, scope: Scope): boolean {
  return api.workspace.getConfiguration(SETTINGS_SECTION, scope).get<unknown>('inlayHints.enabled') === true;
}
