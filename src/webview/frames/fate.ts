import type { DeliveryOutcome } from '../../protocol/delivery';
import type { FrameInfo } from '../../protocol/inspection';

/** What the list says became of a frame. The last three only a tap tells. */
export type Fate = DeliveryOutcome | 'misrouted' | 'discarded' | 'edited';

export const TAP_FATES = ['misrouted', 'discarded', 'edited'] as const satisfies readonly Fate[];

/** What a tap did to a frame, or found, goes before how it was delivered. */
export function fateOf(frame: FrameInfo): Fate | undefined {
  if (frame.misrouted !== undefined) return 'misrouted';
  if (frame.discarded === true) return 'discarded';
  return frame.edited === true ? 'edited' : frame.outcome;
}
