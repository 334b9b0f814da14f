import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../harness/repository';
import { bundleRouter } from '../../harness/router-bundle';
import { until } from './harness';

/** The router as it is shipped, with what lies beside it, built once for a suite. */
export class BuiltRouter {
  readonly directory = mkdtempSync(join(tmpdir(), 'thread-lens-router-'));
  readonly file = join(this.directory, 'dist', 'router.js');
  private readonly processes: ChildProcess[] = [];

  async build(): Promise<void> {
    await bundleRouter(join(this.directory, 'dist'));
    symlinkSync(join(ROOT, 'media'), join(this.directory, 'media'));
  }

  async remove(): Promise<void> {
    for (const child of this.processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs the command; its output grows while it runs. */
  spawn(args: readonly string[]): { child: ChildProcess; out: () => string; err: () => string; exited: Promise<{ code: number | null; signal: string | null }> } {
    const child = spawn(process.execPath, [this.file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.processes.push(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
    return { child, out: () => out, err: () => err, exited };
  }

  /** Starts with `--json` and reads the first line. */
  async start(args: readonly string[] = []): Promise<{ url: string; port: number; token: string; pid: number; process: ReturnType<BuiltRouter['spawn']> }> {
    const running = this.spawn([...args, '--json']);
    let ended = false;
    void running.exited.then(() => (ended = true));
    await until(() => running.out().includes('\n') || ended, 'the first line', 10_000);
    if (ended) throw new Error(`the router ended: ${running.err()}`);
    return { ...(JSON.parse(running.out().split('\n')[0]!) as { url: string; port: number; token: string; pid: number }), process: running };
  }
}
