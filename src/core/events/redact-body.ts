import { rewriteJson } from '../json/rewrite-json';
import { REDACTED, redactProtocols, redactText } from './redact-text';
import { isSecretKey } from './secret-keys';

/**
 * A message body without its secrets (SECURITY 15): JSON by the names of its fields as `redact` does, anything else by
 * what looks secret. What is no secret stays byte for byte, so that a recorded body can be sent again as it was.
 */
export function redactBody(text: string): string {
  if (!isJson(text)) return redactText(text);
  return rewriteJson(text, ({ key, kind, text: value }) => {
    // That there is none, or whether there is one, is no secret.
    const tells = kind === 'container' || (kind === 'string' ? value !== '' : value !== 'null' && value !== 'true' && value !== 'false');
    if (key !== undefined && tells && isSecretKey(key)) return `"${REDACTED}"`;
    if (kind !== 'string') return undefined;
    const shown = key?.toLowerCase() === 'sec-websocket-protocol' ? redactProtocols(value) : redactText(value);
    return shown === value ? undefined : JSON.stringify(shown);
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
