import { isDeepStrictEqual } from 'node:util';
import type * as vscode from 'vscode';
import { enums } from './enums';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import type { Manifest, SettingDeclaration } from './manifest';
import type { Trust } from './trust';

type Target = 'user' | 'workspace' | 'folder';

const TARGETS: readonly Target[] = ['user', 'workspace', 'folder'];

export interface ConfigurationOptions {
  /** Settings of VS Code or of other extensions, with their defaults. */
  readonly otherSettings?: Readonly<Record<string, unknown>>;
  readonly hasWorkspace: boolean;
}

/**
 * Settings as VS Code layers them: default, user, workspace, folder. Only declared settings exist, so that code and
 * package.json cannot drift apart; in an untrusted workspace the restricted ones ignore what the workspace says.
 */
export class Configuration {
  private readonly declared: Map<string, SettingDeclaration>;
  private readonly restricted: ReadonlySet<string>;
  private readonly layers: Record<Target, Map<string, unknown>> = { user: new Map(), workspace: new Map(), folder: new Map() };
  private readonly changed: Emitter<vscode.ConfigurationChangeEvent>;

  readonly onDidChange: vscode.Event<vscode.ConfigurationChangeEvent>;

  constructor(
    ledger: Ledger,
    manifest: Manifest,
    private readonly trust: Trust,
    private readonly options: ConfigurationOptions,
  ) {
    this.declared = manifest.settings;
    this.restricted = manifest.restrictedSettings;
    for (const [key, value] of Object.entries(options.otherSettings ?? {})) this.declared.set(key, { default: value });
    this.changed = new Emitter(ledger, 'workspace.onDidChangeConfiguration');
    this.onDidChange = this.changed.event;
  }

  /** Changes a setting as a user does in the settings editor; `undefined` resets it. */
  set(key: string, value: unknown, target: Target = 'user'): void {
    const { scope } = this.declaration(key);
    if (target !== 'user') {
      if (!this.options.hasWorkspace) throw new Error(`Unable to write to ${target} settings because no workspace is opened.`);
      if (scope === 'machine' || scope === 'application') {
        throw new Error(`Unable to write ${key} to ${target} settings: its scope is ${scope}.`);
      }
      if (target === 'folder' && scope !== 'resource' && scope !== 'language-overridable' && scope !== 'machine-overridable') {
        throw new Error(`Unable to write ${key} to folder settings: its scope is ${scope ?? 'window'}.`);
      }
    }
    const before = this.value(key);
    if (value === undefined) this.layers[target].delete(key);
    else this.layers[target].set(key, structuredClone(value));
    if (!isDeepStrictEqual(before, this.value(key))) this.fire([key]);
  }

  /** Call it after trust was granted: restricted values of the workspace count from now on. */
  applyTrust(): void {
    const freed = [...this.restricted].filter((key) => this.layers.workspace.has(key) || this.layers.folder.has(key));
    if (freed.length > 0) this.fire(freed);
  }

  getConfiguration(section?: string): vscode.WorkspaceConfiguration {
    const prefix = section === undefined || section === '' ? '' : `${section}.`;
    const configuration = {
      get: (key: string, fallback?: unknown): unknown => this.read(prefix + key) ?? fallback,
      has: (key: string): boolean => this.keysAt(prefix + key).length > 0,
      inspect: (key: string): unknown => this.inspect(prefix + key),
      update: (key: string, value: unknown, target?: vscode.ConfigurationTarget | boolean | null) =>
        this.update(prefix + key, value, target),
    };
    // Values can also be read as properties: `getConfiguration('a').b.c`.
    const values = section === undefined ? {} : (this.read(section) as object | undefined);
    return Object.freeze({ ...values, ...configuration }) as unknown as vscode.WorkspaceConfiguration;
  }

  private async update(key: string, value: unknown, target?: vscode.ConfigurationTarget | boolean | null): Promise<void> {
    await Promise.resolve();
    this.set(key, value, this.targetOf(target));
  }

  private targetOf(target: vscode.ConfigurationTarget | boolean | null | undefined): Target {
    const { ConfigurationTarget } = enums;
    if (target === true || target === ConfigurationTarget.Global) return 'user';
    return target === ConfigurationTarget.WorkspaceFolder ? 'folder' : 'workspace';
  }

  private inspect(key: string): object {
    return {
      key,
      defaultValue: this.declaration(key).default,
      globalValue: this.layers.user.get(key),
      workspaceValue: this.layers.workspace.get(key),
      workspaceFolderValue: this.layers.folder.get(key),
    };
  }

  /** One setting, or an object of all settings below a section. */
  private read(key: string): unknown {
    if (this.declared.has(key)) return structuredClone(this.value(key));
    const keys = this.keysAt(key);
    if (keys.length === 0) this.declaration(key);
    const object: Record<string, unknown> = {};
    for (const below of keys) place(object, below.slice(key.length + 1).split('.'), structuredClone(this.value(below)));
    return object;
  }

  private keysAt(key: string): string[] {
    return [...this.declared.keys()].filter((known) => known === key || known.startsWith(`${key}.`));
  }

  private value(key: string): unknown {
    const ignored = !this.trust.isTrusted && this.restricted.has(key);
    const layers = TARGETS.filter((target) => target === 'user' || !ignored).map((target) => this.layers[target]);
    return layers.findLast((layer) => layer.has(key))?.get(key) ?? this.declaration(key).default;
  }

  private declaration(key: string): SettingDeclaration {
    const declaration = this.declared.get(key);
    if (declaration) return declaration;
    throw new Error(`fake vscode: the setting ${key} is not declared in contributes.configuration of package.json`);
  }

  private fire(keys: readonly string[]): void {
    const affectsConfiguration = (section: string): boolean =>
      keys.some((key) => key === section || key.startsWith(`${section}.`) || section.startsWith(`${key}.`));
    this.changed.fire({ affectsConfiguration });
  }
}

function place(object: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) object[name] = value;
  else place((object[name] ??= {}) as Record<string, unknown>, rest, value);
}
