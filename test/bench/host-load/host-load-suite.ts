import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { RunningRouter } from '../../../src/workbench/router/router-controller';
import { HOST_LOAD, LOAD_PROCESS, RATE, SECONDS, type HostLoad } from './measured';

/** Runs inside the extension host: views and Traffic panel open, a steady load on the router, the host's own delay measured. */
export async function run(): Promise<void> {
  const idle = await delayDuring(() => new Promise((resolve) => setTimeout(resolve, 3000)));
  const router = await vscode.commands.executeCommand<RunningRouter>('threadLens.router.start', { port: 0 });
  await vscode.commands.executeCommand('threadLens.threads.focus');
  await vscode.commands.executeCommand('threadLens.openTraffic');
  const extension = vscode.extensions.getExtension('thread-lens.thread-lens');
  if (!extension) throw new Error('the extension is not installed in this window');
  const args = [join(extension.extensionPath, LOAD_PROCESS), router.url, router.token, String(RATE), String(SECONDS)];
  let counts = '';
  const loaded = await delayDuring(async () => {
    const load = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    load.stdout.on('data', (chunk: Buffer) => (counts += chunk.toString()));
    await once(load, 'close');
  });
  await vscode.commands.executeCommand('threadLens.router.stop');
  const { sent, received } = JSON.parse(counts) as { sent: number; received: number };
  const measured: HostLoad = { idleP99: idle, loadedP99: loaded, sent, received };
  console.log(`${HOST_LOAD}${JSON.stringify(measured)}`);
}

/** The 99th percentile of the event loop's delay meanwhile, in milliseconds above the sampling interval. */
async function delayDuring(job: () => Promise<unknown>): Promise<number> {
  const resolution = 5;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await job();
  histogram.disable();
  return histogram.percentile(99) / 1e6 - resolution;
}
