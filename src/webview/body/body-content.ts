import type { FrameBody } from '../../protocol/traffic-panel';

/** A body made ready for its views. */
export interface BodyContent {
  readonly bytes: Uint8Array;
  /** The body as text; undefined when it is binary. */
  readonly text: string | undefined;
  /** Its JSON value, when it is JSON. */
  readonly json: { readonly value: unknown } | undefined;
}

/** Reads a body; undefined when there is none to show. */
export function bodyContent(body: FrameBody): BodyContent | undefined {
  if (body.text !== undefined) return { bytes: new TextEncoder().encode(body.text), text: body.text, json: parse(body.text) };
  if (body.base64 === undefined) return undefined;
  let decoded: string;
  try {
    decoded = atob(body.base64);
  } catch {
    return undefined;
  }
  return { bytes: Uint8Array.from(decoded, (char) => char.charCodeAt(0)), text: undefined, json: undefined };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, exact) };
  } catch {
    return undefined;
  }
}

/** A number that JavaScript would spell in another way, such as one of 64 bits, stays as it was written where the browser can. */
function exact(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = typeof value === 'number' ? context?.source : undefined;
  return source === undefined || source === String(value) ? value : (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}

/** Indented JSON, or the text as it is. */
export function prettyText(content: BodyContent): string | undefined {
  return content.json ? JSON.stringify(content.json.value, undefined, 2) : content.text;
}
