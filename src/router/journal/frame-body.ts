import type { InspectionMethods } from '../../protocol/inspection';
import type { Journal } from './journal';
import { redactBody } from '../../core/index';

/** The body of a frame without its secrets. */
export function frameBody(journal: Journal, seq: number): InspectionMethods['frameBody']['result'] {
  const body = journal.body(seq);
  if (!body) return { missing: true };
  const cut = body.truncated ? { truncated: true } : {};
  if (journal.info(seq)?.binary) return { base64: body.bytes.toString('base64'), ...cut };
  return { text: redactBody(body.bytes.toString()), ...cut };
}
