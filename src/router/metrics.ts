import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { RouterModel } from './model/router-model';

/** Upper bounds of the latency histogram, in seconds. */
const BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** Figures for Prometheus (text format 0.0.4). */
export class Metrics {
  private readonly buckets = new Float64Array(BOUNDS.length + 1);
  private latencySum = 0;
  private latencyCount = 0;
  private loopDelay: IntervalHistogram | undefined;

  start(): void {
    this.loopDelay = monitorEventLoopDelay({ resolution: 20 });
    this.loopDelay.enable();
  }

  stop(): void {
    this.loopDelay?.disable();
    this.loopDelay = undefined;
  }

  /** So many events took at most that long from their arrival until they were written, in milliseconds. */
  deliveryTook(ms: number, events: number): void {
    const seconds = ms / 1000;
    this.latencySum += seconds * events;
    this.latencyCount += events;
    let index = 0;
    while (index < BOUNDS.length && seconds > (BOUNDS[index] ?? Infinity)) index++;
    this.buckets[index] = (this.buckets[index] ?? 0) + events;
  }

  text(model: RouterModel): string {
    const counters = model.counters();
    const lines: string[] = [];
    const family = (name: string, type: string, help: string, samples: readonly (readonly [labels: string, value: number])[]): void => {
      lines.push(`# HELP thread_lens_${name} ${help}`, `# TYPE thread_lens_${name} ${type}`);
      for (const [labels, value] of samples) lines.push(`thread_lens_${name}${labels} ${value}`);
    };
    const gauge = (name: string, help: string, value: number): void => family(name, 'gauge', help, [['', value]]);
    gauge('connections', 'Open client connections.', counters.connections);
    gauge('agents', 'Open agent connections.', counters.agents);
    gauge('threads', 'Known threads.', counters.threads);
    gauge('runs', 'Known runs.', counters.runs);
    gauge('waiting_events', 'Events that wait for a connection.', counters.waiting);
    gauge('waiting_bytes', 'Bytes of the events that wait.', model.waitingBytes);
    gauge('dead_letters', 'Events given up that can be delivered again.', model.deadLetters);
    family('deliveries_total', 'counter', 'Agent events by outcome.', [
      ['{outcome="delivered"}', counters.delivered],
      ['{outcome="queued"}', counters.queued],
      ['{outcome="undeliverable"}', counters.undeliverable],
      ['{outcome="rejected"}', counters.rejected],
    ]);
    family('resolutions_total', 'counter', 'Resolutions by source.', [...model.totals.resolutions].map(([source, count]) => [`{source="${source}"}`, count] as const));
    family('dropped_total', 'counter', 'Events not sent to a connection because it read too slowly.', [['', counters.dropped]]);
    family('frames_total', 'counter', 'Frames by direction.', [
      ['{direction="in"}', counters.framesIn],
      ['{direction="out"}', counters.framesOut],
    ]);
    family('bytes_total', 'counter', 'Bytes of messages by direction.', [
      ['{direction="in"}', counters.bytesIn],
      ['{direction="out"}', counters.bytesOut],
    ]);
    lines.push('# HELP thread_lens_delivery_seconds Time from the arrival of an event until it was written.', '# TYPE thread_lens_delivery_seconds histogram');
    let below = 0;
    BOUNDS.forEach((bound, index) => {
      below += this.buckets[index] ?? 0;
      lines.push(`thread_lens_delivery_seconds_bucket{le="${bound}"} ${below}`);
    });
    lines.push(`thread_lens_delivery_seconds_bucket{le="+Inf"} ${this.latencyCount}`);
    lines.push(`thread_lens_delivery_seconds_sum ${this.latencySum}`, `thread_lens_delivery_seconds_count ${this.latencyCount}`);
    const delay = this.loopDelay;
    if (delay && delay.count > 0) {
      family('event_loop_delay_seconds', 'gauge', 'Delay of the event loop since the start.', [
        ['{quantile="0.5"}', delay.percentile(50) / 1e9],
        ['{quantile="0.99"}', delay.percentile(99) / 1e9],
        ['{quantile="1"}', delay.max / 1e9],
      ]);
    }
    return `${lines.join('\n')}\n`;
  }
}
