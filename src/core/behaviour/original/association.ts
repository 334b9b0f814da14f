import type { BehaviourSet } from '../behaviour';
import type { ConnectionDirectory } from './connection-directory';

/** The type of message with which the original associates by user, not by connection (FIELD_GUIDE 4.3). */
const BY_USER = 'start_agent';
/** Types that the original's router does not know and only acknowledges (FIELD_GUIDE 5.3). */
const UNKNOWN_TO_ORIGINAL: ReadonlySet<string> = new Set(['switch_thread', 'subscribe', 'unsubscribe']);

/** Whether a message of that type is only acknowledged (F13). */
export function isIgnored(behaviours: BehaviourSet, type: string): boolean {
  return behaviours.has('switchThreadIgnored') && UNKNOWN_TO_ORIGINAL.has(type);
}

/**
 * Which connections get a thread when a connection names one (FIELD_GUIDE 4.3). Empty when none does: the message is
 * ignored, the association goes by a connection ID that is taken for a user's (F4), or nobody is found any more (F16).
 */
export function associationTargets<C extends { readonly id: string; readonly userId: string | undefined }>(
  behaviours: BehaviourSet,
  directory: ConnectionDirectory<C>,
  connection: C,
  type: string,
): readonly C[] {
  const { id, userId } = connection;
  if (isIgnored(behaviours, type)) return [];
  if (behaviours.has('shadowedAssociation') && type !== BY_USER) return directory.ofUser(id);
  if (behaviours.has('userWideAssociation') && userId !== undefined) return directory.ofUser(userId);
  return directory.has(id) ? [connection] : [];
}
