import { type BehaviourOverrides, DIALECTS, type Dialect, isBehaviour, isProfile, type Profile } from '../core/index';
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

/** Reads the router's settings. A value of the wrong type counts as not set: settings files are edited by hand. */
export function readRouterSettings(api: VscodeApi): RouterSettings {
  const config = api.workspace.getConfiguration(SETTINGS_SECTION);
  const port = config.get<unknown>('router.port');
  const host = config.get<unknown>('router.host');
  const dialect = config.get<unknown>('router.dialect');
  const profile = config.get<unknown>('router.profile');
  return {
    host: typeof host === 'string' && host.trim() !== '' ? host.trim() : '127.0.0.1',
    port: isPort(port) ? port : 8787,
    allowedOrigins: texts(config.get<unknown>('router.allowedOrigins')),
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

/** Whether a value can be a port to listen on; 0 picks a free one. */
export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
}

/** The strings of a list; a list that is none has none. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
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

type Scope = Parameters<VscodeApi['workspace']['getConfiguration']>[1];

export function isHoverEnabled(api: VscodeApi, scope: Scope): boolean {
  return api.workspace.getConfiguration(SETTINGS_SECTION, scope).get<unknown>('hover.enabled') !== false;
}

/** Links in terminals, logs and output. */
export function areLinksEnabled(api: VscodeApi, scope: Scope): boolean {
  return api.workspace.getConfiguration(SETTINGS_SECTION, scope).get<unknown>('links.enabled') !== false;
}

export function areInlayHintsEnabled(api: VscodeApi, scope: Scope): boolean {
  return api.workspace.getConfiguration(SETTINGS_SECTION, scope).get<unknown>('inlayHints.enabled') === true;
}
