import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SettingDeclaration {
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly scope?: string;
}

interface PackageJson {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly contributes?: {
    readonly configuration?: ConfigurationBlock | readonly ConfigurationBlock[];
    readonly views?: Readonly<Record<string, readonly { id: string; name: string }[]>>;
    readonly commands?: readonly { command: string; title: string; enablement?: string }[];
    readonly languages?: readonly { id: string; extensions?: readonly string[] }[];
    readonly languageModelTools?: readonly { name: string; tags?: readonly string[]; modelDescription?: string; inputSchema?: object }[];
    readonly taskDefinitions?: readonly { type: string; required?: readonly string[] }[];
  };
  readonly capabilities?: { readonly untrustedWorkspaces?: { readonly restrictedConfigurations?: readonly string[] } };
}

interface ConfigurationBlock {
  readonly properties?: Readonly<Record<string, SettingDeclaration>>;
}

/** What an extension declares in its package.json, with the words of package.nls.json put in. */
export class Manifest {
  readonly json: PackageJson;

  constructor(readonly folder: string) {
    const words = readWords(folder);
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    this.json = JSON.parse(text, (_, value: unknown) => {
      const key = typeof value === 'string' ? /^%([^%]+)%$/.exec(value)?.[1] : undefined;
      return key === undefined ? value : (words[key] ?? value);
    }) as PackageJson;
  }

  get extensionId(): string {
    return `${this.json.publisher}.${this.json.name}`;
  }

  get settings(): Map<string, SettingDeclaration> {
    const declared = this.json.contributes?.configuration ?? [];
    const blocks = (Array.isArray(declared) ? declared : [declared]) as readonly ConfigurationBlock[];
    return new Map(blocks.flatMap(({ properties = {} }) => Object.entries(properties)));
  }

  /** Settings whose workspace values count only in a trusted workspace. */
  get restrictedSettings(): ReadonlySet<string> {
    return new Set(this.json.capabilities?.untrustedWorkspaces?.restrictedConfigurations);
  }

  /** Names of the declared views by ID. */
  get views(): Map<string, string> {
    return new Map(Object.values(this.json.contributes?.views ?? {}).flatMap((views) => views.map(({ id, name }) => [id, name])));
  }
}

function readWords(folder: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.nls.json'), 'utf8')) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
