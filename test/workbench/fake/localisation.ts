import type * as vscode from 'vscode';
import type { L10nApi } from '../../../src/workbench/vscode-api';
import { strict } from './strict';

type Arguments = readonly (string | number | boolean)[] | Readonly<Record<string, unknown>>;

interface Message {
  readonly message: string;
  readonly args?: Arguments;
  readonly comment?: string | readonly string[];
}

/** `vscode.l10n`: fills in `{0}` and `{name}`, and remembers every key so that bundles can be checked. */
export class Localisation {
  /** Keys as a bundle file has them: the message, and `message/comment` where there is a comment. */
  readonly keys = new Set<string>();

  constructor(private readonly bundle: Readonly<Record<string, string>> | undefined) {}

  readonly translate = (first: string | Message, ...rest: unknown[]): string => {
    const message: Message = typeof first === 'string' ? { message: first, args: argumentsOf(rest) } : first;
    const comment = typeof message.comment === 'object' ? message.comment.join('') : message.comment;
    const key = comment === undefined || comment === '' ? message.message : `${message.message}/${comment}`;
    this.keys.add(key);
    return fill(this.bundle?.[key] ?? message.message, message.args ?? {});
  };

  get api() {
    return strict('l10n', {
      t: this.translate as typeof vscode.l10n.t,
      bundle: this.bundle,
      uri: undefined,
    } satisfies Partial<typeof vscode.l10n>);
  }
}

/** For parts that need nothing of the editor but its words. */
export const IN_ENGLISH: L10nApi = { l10n: new Localisation(undefined).api };

function argumentsOf(rest: readonly unknown[]): Arguments {
  return (typeof rest[0] === 'object' && rest[0] !== null ? rest[0] : rest) as Arguments;
}

/** A placeholder without a value stays as it is. */
function fill(template: string, values: Arguments): string {
  const byName = values as Readonly<Record<string, string | number | boolean | undefined>>;
  return template.replace(/\{([^}]+)\}/g, (placeholder, name: string) => String(byName[name] ?? placeholder));
}
