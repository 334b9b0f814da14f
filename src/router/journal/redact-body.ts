import { redact, redactText } from '../../core/index';

/** A body as it may be shown (SECURITY 15): JSON by the names of its fields, anything else by what looks secret. */
export function redactBody(text: string): string {
  try {
    return JSON.stringify(redact(JSON.parse(text)));
  } catch {
    return redactText(text);
  }
}
