import { measureInHost } from '../measure-in-host';
import type { Report } from '../report';
import { HOST_LOAD, RATE, type HostLoad } from './measured';

/** What a busy router costs the extension host it belongs to, with views and Traffic panel open (DESIGN 6). */
export async function run(report: Report): Promise<void> {
  const { idleP99, loadedP99, sent, received } = await measureInHost<HostLoad>(`${__dirname}/host-load-suite.ts`, HOST_LOAD);
  report({ name: 'event-loop delay of the host, idle, p99', value: idleP99, unit: 'ms' });
  report({ name: `event-loop delay of the host at ${RATE} messages/s, p99`, value: loadedP99, unit: 'ms', ratio: loadedP99 / 20, baseline: 'of 20 ms' });
  report({ name: 'of the messages sent arrived', value: (100 * received) / sent, unit: '%' });
}
