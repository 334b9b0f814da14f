import { isUtf8 } from 'node:buffer';
import { redactBody, redactText } from '../../core/index';

/** A frame's body as it may be written to disk (SECURITY 15). Binary bodies are searched for text that is secret, too. */
export function recordedBody(body: Buffer, binary: boolean): { readonly text: string } | { readonly base64: string } {
  if (!binary) return { text: redactBody(body.toString()) };
  return { base64: redactBinary(body).toString('base64') };
}

/** Binary data without the secrets that stand in it as text; the same buffer when there are none. */
export function redactBinary(body: Buffer): Buffer {
  const encoding = isUtf8(body) ? 'utf8' : 'latin1';
  const text = body.toString(encoding);
  const shown = encoding === 'utf8' ? redactBody(text) : redactText(text);
  return shown === text ? body : Buffer.from(shown, encoding);
}
