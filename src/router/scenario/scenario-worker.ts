import type { MessagePort } from 'node:worker_threads';
import { messageOf } from '../../core/message-of';
import type { HostToScenario, ScenarioStart, ScenarioToHost } from '../../protocol/scenario-control';
import { loadScenarios } from './load-scenarios';
import { ROUTER_PARTS } from './router-parts';

/** Whether a worker thread was started for a scenario. */
export function isScenarioStart(data: unknown): data is ScenarioStart {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'thread-lens-scenario';
}

/** Runs one scenario in a worker thread, tells how far it is, and ends with the thread. */
export async function runScenarioWorker({ text, variant, speed }: ScenarioStart, port: MessagePort): Promise<void> {
  const post = (message: ScenarioToHost): void => port.postMessage(message);
  const controller = new AbortController();
  port.on('message', (message: HostToScenario) => {
    if (message.kind === 'cancel') controller.abort();
  });
  try {
    const { parseScenarioText, renderReport, runScenario } = loadScenarios();
    const { scenario, problems } = parseScenarioText(text);
    if (!scenario) {
      post({ kind: 'invalid', problems });
      return;
    }
    const report = await runScenario(scenario, ROUTER_PARTS, {
      variant, speed, signal: controller.signal,
      onProgress: ({ variant: running, ...progress }) => post({ kind: 'progress', ...progress, ...(running === undefined ? {} : { variant: running }) }),
    });
    post({ kind: 'report', report, markdown: renderReport(report) });
  } catch (error) {
    post({ kind: 'failed', message: messageOf(error) });
  } finally {
    port.close();
  }
}
