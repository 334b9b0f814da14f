import type { RecordedFrame } from '../../core/index';
import type { FrameMarks } from '../journal/journal';

/** What a tap did to a frame, or found, as a recording holds it. */
export function recordedMarks(marks: FrameMarks | undefined): Pick<RecordedFrame, 'edited' | 'discarded' | 'injected' | 'misrouted'> {
  if (!marks) return {};
  const { edited, discarded, injected, misrouted } = marks;
  return { ...(edited ? { edited } : {}), ...(discarded ? { discarded } : {}), ...(injected ? { injected } : {}), ...(misrouted ? { misrouted } : {}) };
}
