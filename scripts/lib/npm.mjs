// Runs npm: the one that runs this script, else the one on PATH. Node built-ins only.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.mjs';

/**
 * @param {readonly string[]} args
 * @param {import('./run.mjs').RunOptions} options
 */
export function npm(args, options = {}) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...(options.env ?? process.env), npm_config_audit: 'false', npm_config_fund: 'false', npm_config_yes: 'true' };
  // An `npm test` around us says where *its* package lies; ours may be another.
  delete env['npm_config_local_prefix'];
  const cli = process.env['npm_execpath'];
  if (cli !== undefined && /npm-cli\.c?js$/.test(cli) && existsSync(cli)) {
    return run(process.execPath, [cli, ...args], { ...options, env });
  }
  const beside = join(dirname(process.execPath), process.platform === 'win32' ? 'npm.cmd' : 'npm');
  const command = existsSync(beside) ? beside : process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return run(command, args, { ...options, env });
}

/** What npm complained about: its first words, for a usage text and advice follow, and what to do. @param {string} output */
export function complaint(output) {
  const errors = output.split('\n').filter((line) => line.startsWith('npm error') && !/^npm error\s+(?:at |\w+: |}|$)/.test(line));
  const words = errors.length === 0 ? tail(output) : errors.slice(0, 25).join('\n');
  if (!/\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ERR_SOCKET_TIMEOUT|network)\b/.test(words)) return words;
  return `${words}\nThe npm registry could not be reached. It is needed once: connect to it (\`npm config get registry\` and \`npm config get proxy\` show how), then run this again.`;
}

/** The last lines of a program's output, for an error message. @param {string} output */
export function tail(output, lines = 15) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
