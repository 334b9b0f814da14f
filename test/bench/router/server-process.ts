/** Memory that is in use: collected twice, with time for pages to go back. */
async function settledMemory(): Promise<{ rss: number; heapUsed: number; external: number }> {
  for (let round = 0; round < 2; round++) {
    // The last resort also gives pages back that the collector would keep for later.
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

/** Makes this process a server under test: tells its port when it listens, and answers over IPC what it costs. */
export function answerQuestions(port: Promise<number>): void {
  const answer = (message: object): void => void process.send?.(message);
  process.on('message', (question: string) => {
    if (question === 'cpu') {
      const { user, system } = process.cpuUsage();
      answer({ cpuMs: (user + system) / 1000, userMs: user / 1000 });
    } else if (question === 'memory') {
      void settledMemory().then(answer);
    }
  });
  process.on('disconnect', () => process.exit(0));
  void port.then((listening) => answer({ port: listening }));
}
