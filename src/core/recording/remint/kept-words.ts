/**
 * Words in IDs that say what stands next to them, or by which the bridge judges an ID (DOMAIN 2): they stay when an ID
 * is minted anew, so that the new ID is taken apart as the old one was.
 */
const KEPT_WORDS: ReadonlySet<string> = new Set(
  (
    'thread run conn connection main demo session execution timestamp step task user agent tool op request req msg message chat ' +
    'pattern no impossible anywhere nothing missing without totally random test unknown default temp temporary placeholder dummy ' +
    'error failure broken invalid null none undefined false true success complete done finished mock fake ' +
    'system sys global broadcast admin root example empty debug dev local startup registry orchestrator supervisor validation health check'
  ).split(' '),
);
/** The bridge looks for these anywhere in an ID. */
const KEPT_ANYWHERE = ['thread', 'test', 'mock', 'fake', 'dummy'];

/** Whether the letters of this piece of an ID stay as they are. */
export function keepsLetters(piece: string): boolean {
  const lower = piece.toLowerCase();
  return KEPT_WORDS.has(lower.replace(/\d+$/, '')) || KEPT_ANYWHERE.some((word) => lower.includes(word));
}
