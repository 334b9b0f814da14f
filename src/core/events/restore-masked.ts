import { isRecord } from '../is-record';
import { own } from '../own';
import { textDepthExceeds } from '../json/depth';
import { withNumbers, withoutInexactNumbers } from '../json/exact-numbers';
import { plural } from '../plural';
import { redact } from './redact';
import { REDACTED, redactText } from './redact-text';

const MAX_DEPTH = 100;

/** An edited text whose masks cannot be put back where they were. */
export class MaskError extends Error {
  override readonly name = 'MaskError';
  readonly reason = 'masks';

  constructor(
    readonly expected: string,
    readonly received: string,
  ) {
    super(`expected ${expected}, received ${received}`);
  }
}

/** What of a message may be shown to be edited: JSON indented, its secrets masked. */
export interface MaskedText {
  readonly text: string;
  /** How many secrets are masked. */
  readonly masks: number;
}

/** A message as it can be edited (SECURITY 15): its secrets are masked, and `restoreMasked` puts them back. */
export function maskForEditing(original: string): MaskedText {
  const value = readJson(original);
  const text = value === undefined ? redactText(original) : withNumbers(JSON.stringify(redact(value), undefined, 2));
  return { text, masks: Math.max(0, countOf(text) - countOf(original)) };
}

/**
 * The edited text as it is to be sent: a mask that still stands at its place becomes the secret again. JSON that was not
 * changed is sent as it came, byte for byte.
 * @throws {MaskError} when masks are left that stand for nothing that is known
 */
export function restoreMasked(edited: string, original: string): string {
  const masked = maskForEditing(original);
  if (edited === masked.text || edited === `${masked.text}\n`) return original;
  if (masked.masks === 0 || countOf(edited) === 0) return edited;
  const was = readJson(original);
  const now = readJson(edited);
  if (was === undefined || now === undefined) return restoreText(edited, original, masked);
  const restored = restoreValue(now, redact(was), was);
  if (countOf(JSON.stringify(restored)) > countOf(original)) throw stray(edited);
  return withNumbers(JSON.stringify(restored, undefined, edited.includes('\n') ? 2 : undefined));
}

/** Texts that are no JSON: masks are put back in their order, which needs all of them. */
function restoreText(edited: string, original: string, { text, masks }: MaskedText): string {
  if (countOf(edited) !== countOf(text)) throw new MaskError(`the ${plural(masks, 'masked secret')} to stay where they are, or none of them`, `${countOf(edited)} of "${REDACTED}"`);
  const secrets = secretsOf(original, text);
  if (!secrets) throw stray(edited);
  let at = 0;
  return edited.replaceAll(REDACTED, () => secrets[at++] ?? REDACTED);
}

/** What stands in the original where the masked text has its masks; undefined when the texts do not fit together. */
function secretsOf(original: string, masked: string): string[] | undefined {
  const parts = masked.split(REDACTED);
  const secrets: string[] = [];
  let at = parts[0]?.length ?? 0;
  if (!original.startsWith(parts[0] ?? '')) return undefined;
  for (const [index, part] of parts.slice(1).entries()) {
    const last = index === parts.length - 2;
    const next = last && part === '' ? original.length : original.indexOf(part, at);
    if (next < 0 || (part === '' && !last)) return undefined;
    secrets.push(original.slice(at, next));
    at = next + part.length;
  }
  return at === original.length ? secrets : undefined;
}

function restoreValue(edited: unknown, masked: unknown, original: unknown): unknown {
  if (typeof edited === 'string') return edited === masked && edited !== original ? original : edited;
  if (Array.isArray(edited)) {
    const [maskedList, list] = [Array.isArray(masked) ? masked : [], Array.isArray(original) ? original : []];
    return edited.map((item: unknown, index) => restoreValue(item, maskedList[index], list[index]));
  }
  if (!isRecord(edited)) return edited;
  // fromEntries defines properties, so that a `__proto__` key stays an ordinary one.
  return Object.fromEntries(Object.entries(edited).map(([name, value]) => [name, restoreValue(value, own(masked, name), own(original, name))]));
}

function stray(edited: string): MaskError {
  return new MaskError('masked secrets only where they stood', `${countOf(edited)} of "${REDACTED}", some elsewhere`);
}

function countOf(text: string): number {
  return text.split(REDACTED).length - 1;
}

/** Numbers that would not keep their spelling are strings in it (see `withoutInexactNumbers`). */
function readJson(text: string): unknown {
  // Deeper ones are read as text: they could not be written again.
  if (textDepthExceeds(text, MAX_DEPTH)) return undefined;
  try {
    let value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) value = JSON.parse(withoutInexactNumbers(text));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
