import type * as vscode from 'vscode';
import type { VariantName } from '../../core/index';
import type { VscodeApi } from '../vscode-api';
import type { ScenarioEntry, ScenarioLibrary } from './scenario-library';

/** A scenario that is to be run. */
export interface ScenarioSource {
  /** What its last result is kept under. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Where it lies, when it is a file. */
  readonly uri?: vscode.Uri;
  /** Made or shipped by the extension: it may run in an untrusted workspace. */
  readonly ours: boolean;
}

/** How it is to be run. */
export interface RunChoice {
  readonly variant?: VariantName;
  readonly speed?: number;
}

/** A row of the view, as menus hand it over. */
export interface EntryNode {
  readonly kind: 'scenario';
  readonly entry: ScenarioEntry;
}

export function isEntryNode(value: unknown): value is EntryNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'scenario' && 'entry' in value;
}

/**
 * Reads the argument of `threadLens.scenario.run`: the name of a shipped scenario, the path or URI of a file, a scenario as an object, a row of
 * the view, or `{ scenario, variant?, speed? }` with one of these. Undefined when it names none.
 * @throws when the file cannot be read.
 */
export async function readScenarioArgument(api: VscodeApi, library: ScenarioLibrary, argument: unknown): Promise<(ScenarioSource & RunChoice) | undefined> {
  if (isEntryNode(argument)) return fromFile(library, argument.entry);
  if (argument instanceof api.Uri) return fromFile(library, await library.entryOf(argument));
  if (typeof argument === 'string') {
    const entry = await library.find(argument);
    if (entry) return fromFile(library, entry);
    return /^[a-z][\w+.-]*:\//i.test(argument) ? fromFile(library, await library.entryOf(api.Uri.parse(argument, true))) : undefined;
  }
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('steps' in argument) {
    const title = 'name' in argument && typeof argument.name === 'string' ? argument.name : 'scenario';
    return { id: `object:${title}`, title, text: JSON.stringify(argument), ours: false };
  }
  if (!('scenario' in argument)) return undefined;
  const source = await readScenarioArgument(api, library, argument.scenario);
  return source && { ...source, ...readChoice(argument) };
}

/** The variant and speed of an argument or a task; what is none is left out. */
export function readChoice(argument: object): RunChoice {
  const { variant, speed } = argument as { readonly variant?: unknown; readonly speed?: unknown };
  return {
    ...(variant === 'fault' || variant === 'fix' ? { variant } : {}),
    ...(typeof speed === 'number' && speed > 0 ? { speed } : {}),
  };
}

async function fromFile(library: ScenarioLibrary, { uri, title, shipped }: ScenarioEntry): Promise<ScenarioSource> {
  return { id: uri.toString(), title, text: await library.textOf(uri), uri, ours: shipped };
}
