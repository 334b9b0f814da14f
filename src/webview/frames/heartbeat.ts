import type { FrameInfo } from '../../protocol/inspection';

/** Types that only say "I am still here" (DOMAIN 4, FIELD_GUIDE 5.3). */
const HEARTBEATS: ReadonlySet<string> = new Set(['ping', 'pong', 'heartbeat', 'heartbeat_ack', 'heartbeat_response', 'keepalive', 'keep_alive']);

export function isHeartbeat(frame: FrameInfo): boolean {
  return frame.type !== undefined && HEARTBEATS.has(frame.type.toLowerCase());
}
