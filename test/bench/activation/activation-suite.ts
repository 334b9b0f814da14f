import * as vscode from 'vscode';
import { MEASURED, type Activation } from './measured';

/** Runs inside the extension host of a fresh window and activates the extension as its first act. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('thread-lens.thread-lens');
  if (!extension) throw new Error('the extension is not installed in this window');
  const wasActive = extension.isActive;
  const heapBefore = process.memoryUsage().heapUsed;
  const begin = performance.now();
  await extension.activate();
  const ms = performance.now() - begin;
  const activation: Activation = { wasActive, ms, heapMb: (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20 };
  console.log(`${MEASURED}${JSON.stringify(activation)}`);
}
