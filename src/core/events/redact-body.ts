import { type JsonPart, rewriteJson } from '../json/rewrite-json';
import { mayHavePairs } from './find-pairs';
import { isHeaderList, isPairName, isPairValue, isProtocolHeader, namesSecret } from './name-value-pairs';
import { REDACTED, redactProtocols, redactText } from './redact-text';
import { isSecretKey } from './secret-keys';

/**
 * A message body without its secrets (SECURITY 15): JSON by the names of its fields as `redact` does, anything else by
 * what looks secret. What is no secret stays byte for byte, so that a recorded body can be sent again as it was.
 */
export function redactBody(text: string): string {
  if (!isJson(text)) return redactText(text);
  const nameOf = namesOf(text);
  return rewriteJson(text, (part) => {
    const { kind, text: value } = part;
    // That there is none, or whether there is one, is no secret.
    const tells = kind === 'container' || (kind === 'string' ? value !== '' : value !== 'null' && value !== 'true' && value !== 'false');
    const name = nameOf(part);
    if (tells && isSecretKey(name)) return `"${REDACTED}"`;
    if (kind !== 'string') return undefined;
    const shown = isProtocolHeader(name) ? redactProtocols(value) : redactText(value);
    return shown === value ? undefined : JSON.stringify(shown);
  });
}

/** What a part is the value of: its key, or the name that stands beside it (`{"name": …, "value": …}`, lists of two, lists of headers). */
function namesOf(json: string): (part: JsonPart) => string {
  if (!mayHavePairs(json) && !json.includes('\\u')) return ({ key = '' }) => key;
  /** Names that stand beside a value, by container and, in lists, by their index. */
  const names = new Map<number, Map<number | undefined, string>>();
  const sizes = new Map<number, number>();
  rewriteJson(json, ({ key = '', kind, text, parent, index, isMember }) => {
    if (!isMember && names.has(parent)) sizes.set(parent, index + 1);
    if (kind !== 'string' || (isMember ? !isPairName(key) : index % 2 === 1) || !namesSecret(text)) return undefined;
    const here = names.get(parent) ?? new Map<number | undefined, string>();
    const at = isMember ? undefined : index;
    if (!here.has(at)) names.set(parent, here.set(at, text));
    return undefined;
  });
  return ({ key = '', kind, parent, index, isMember }) => {
    const here = names.get(parent);
    if (!here) return key;
    if (isMember) return isPairValue(key) && !isSecretKey(key) ? (here.get(undefined) ?? key) : key;
    return kind !== 'container' && (isHeaderList(key) || (sizes.get(parent) === 2 && !isProtocolHeader(key))) ? (here.get(index - 1) ?? key) : key;
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
