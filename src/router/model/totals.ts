import type { DeliveryOutcome } from '../../protocol/delivery';

/** What has happened since the start; only ever grows. Sizes are bytes. */
export class Totals {
  delivered = 0;
  queued = 0;
  undeliverable = 0;
  rejected = 0;
  dropped = 0;
  framesIn = 0;
  framesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Resolutions by their source; `none` for those that failed. */
  readonly resolutions = new Map<string, number>();

  countOutcome(outcome: DeliveryOutcome): void {
    this[outcome]++;
  }

  countResolution(source: string): void {
    this.resolutions.set(source, (this.resolutions.get(source) ?? 0) + 1);
  }
}
