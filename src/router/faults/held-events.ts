import { FAULT_LIMITS } from '../../core/index';
import type { ClockTimers } from '../clock-timers';
import type { Thread } from '../model/thread';

/** An event that a fault holds back. */
export interface Held<E> {
  readonly event: E;
  readonly thread: Thread;
  readonly bytes: number;
  /** It waits for the next event of its thread to go first. */
  readonly changesPlaces: boolean;
}

/** Events that faults hold back, bounded in number, bytes and time. */
export class HeldEvents<E> {
  private readonly held = new Map<Held<E>, () => void>();
  private readonly changingPlaces = new Map<Thread, Held<E>>();
  private bytes = 0;

  constructor(
    private readonly timers: ClockTimers,
    private readonly send: (event: E) => void,
  ) {}

  /** Holds an event for so many milliseconds; answers false when too much is held. */
  hold(held: Held<E>, ms: number): boolean {
    if (this.held.size >= FAULT_LIMITS.held || this.bytes + held.bytes > FAULT_LIMITS.heldBytes) return false;
    this.held.set(held, this.timers.after(ms, () => this.release(held)));
    this.bytes += held.bytes;
    if (held.changesPlaces) this.changingPlaces.set(held.thread, held);
    return true;
  }

  /** The event of the thread that waits for the next one to go first. */
  waitsFor(thread: Thread): Held<E> | undefined {
    return this.changingPlaces.get(thread);
  }

  /** Sends it now, if it was not sent before. */
  release(held: Held<E>): void {
    const cancel = this.held.get(held);
    if (!cancel) return;
    cancel();
    this.forget(held);
    this.send(held.event);
  }

  /** Sends everything, in the order in which it was held. */
  releaseAll(): void {
    for (const held of this.held.keys()) this.release(held);
  }

  /** Lets everything go, unsent, in the order in which it was held. */
  takeAll(): E[] {
    return Array.from(this.held, ([held, cancel]) => {
      cancel();
      this.forget(held);
      return held.event;
    });
  }

  private forget(held: Held<E>): void {
    this.held.delete(held);
    this.bytes -= held.bytes;
    if (this.changingPlaces.get(held.thread) === held) this.changingPlaces.delete(held.thread);
  }
}
