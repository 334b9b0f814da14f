import { EXIT, say, UsageError } from './commands/command';
import { COMMANDS } from './commands/commands';
import { serve } from './commands/serve';
import { ROUTER_VERSION } from './version';

/** `node router.js [COMMAND] [options]`: runs one command and leaves its exit code to the process. */
export async function runCli(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await dispatch(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}\nTry --help.`);
    process.exitCode = EXIT.usage;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first] = args;
  const named = first !== undefined && !first.startsWith('-');
  const command = named ? COMMANDS.find(({ name }) => name === first) : serve;
  if (!command) throw new UsageError(`expected a command (${COMMANDS.map(({ name }) => name).join(', ')}) or options, received ${JSON.stringify(first)}`);
  const rest = named ? args.slice(1) : args;
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(named ? command.usage : `${command.usage}\nCommands:\n${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}\n`).join('')}\nnode router.js COMMAND --help says more.\n`);
    return EXIT.ok;
  }
  if (rest.includes('--version')) {
    process.stdout.write(`${ROUTER_VERSION}\n`);
    return EXIT.ok;
  }
  return command.run(rest);
}
