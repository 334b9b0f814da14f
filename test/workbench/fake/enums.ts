import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { ROOT } from '../../harness/repository';

/**
 * The enums of the API, read from its type declarations: they have every member with the number VS Code gives it, and
 * the way back from number to name.
 */
function readEnums(): Record<string, Record<string, string | number>> {
  const text = readFileSync(join(ROOT, 'node_modules/@types/vscode/index.d.ts'), 'utf8');
  // Comments go first: they hold braces of their own.
  const declarations = text.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const enums: Record<string, Record<string, string | number>> = {};
  for (const [, name = '', body = ''] of declarations.matchAll(/^\s*export enum (\w+) \{([^}]*)\}/gm)) {
    enums[name] = readMembers(body);
  }
  return enums;
}

function readMembers(body: string): Record<string, string | number> {
  const members: Record<string, string | number> = {};
  let next = 0;
  for (const [, name = '', value] of body.matchAll(/(\w+)\s*(?:=\s*(-?\d+))?\s*(?:,|$)/g)) {
    if (value !== undefined) next = Number(value);
    members[name] = next;
    members[next] = name;
    next += 1;
  }
  return members;
}

type EnumName = {
  [K in keyof typeof vscode]: (typeof vscode)[K] extends Record<string, string | number> ? K : never;
}[keyof typeof vscode];

export const enums = readEnums() as unknown as Pick<typeof vscode, EnumName>;
