import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { ROOT } from '../../harness/repository';

/** The reference backend in Python, which serves the debug endpoints only, played by commands. */
export class DebugBackend {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: Interface,
    readonly url: string,
  ) {}

  /** @throws Error when there is no Python, or it does not start */
  static async start(token: string, port = 0): Promise<DebugBackend> {
    const child = spawn('python3', ['-B', join(ROOT, 'test', 'fixtures', 'backends', 'debug_backend.py'), '--token', token, '--port', String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout);
    const first = await Promise.race([
      once(lines, 'line') as Promise<[string]>,
      once(child, 'error').then(([error]) => Promise.reject(error as Error)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the backend ended with ${String(code)}`))),
    ]);
    return new DebugBackend(child, lines, (JSON.parse(first[0]) as { url: string }).url);
  }

  /** Has it do something, and waits until it is done. */
  async do(command: Readonly<Record<string, unknown>>): Promise<void> {
    const done = once(this.lines, 'line');
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    await done;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
