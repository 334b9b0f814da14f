import { isRecord } from '../../core/is-record';

/** Fields whose values are data of somebody else, or are on the inspection protocol as they are over HTTP. */
const AS_THEY_ARE: ReadonlySet<string> = new Set(['handshake', 'near_misses', 'resolution', 'body', 'metadata']);

/** An entity of the debug endpoints with the names of the inspection protocol: `connected_at` is `connectedAt` there. */
export function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [camel(name), AS_THEY_ARE.has(name) ? part : camelCase(part)]));
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
