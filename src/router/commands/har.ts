import { RECORDING_EXTENSION } from '../../core/index';
import { loadRecordings } from '../recording/load-recordings';
import { ROUTER_VERSION } from '../version';
import { type Command, EXIT, readOptions, UsageError } from './command';
import { reportProblem } from './report-problem';

const USAGE = `Usage: node router.js har export RECORDING HAR
       node router.js har import HAR RECORDING

Writes a recording as HAR 1.2 with WebSocket messages, as Chrome's developer tools do, or reads the WebSocket traffic of a HAR
into a recording. The file that is written must not exist. Secrets are redacted both ways.

  --json                print the result as JSON
`;

/** `node router.js har`: between recordings and HAR files. */
export const har: Command = {
  name: 'har',
  summary: 'write a recording as HAR, or read one',
  usage: USAGE,
  async run(args) {
    const { values, positionals } = readOptions(args, { json: { type: 'boolean', default: false } }, true);
    const [verb, from, to] = positionals;
    if ((verb !== 'export' && verb !== 'import') || from === undefined || to === undefined || positionals.length > 3) {
      throw new UsageError(`expected export or import and two files, received ${JSON.stringify(positionals.join(' ').slice(0, 200))}`);
    }
    if (verb === 'import' && !to.endsWith(RECORDING_EXTENSION)) throw new UsageError(`expected a recording that ends in ${RECORDING_EXTENSION}, received ${JSON.stringify(to)}`);
    try {
      if (verb === 'export') {
        const done = await loadRecordings().exportHarFile(from, to, ROUTER_VERSION);
        process.stdout.write(values.json ? `${JSON.stringify(done)}\n` : `${done.connections} connections, ${done.messages} messages, ${done.bytes} bytes\n`);
      } else {
        const done = await loadRecordings().importHarFile(from, to, ROUTER_VERSION);
        process.stdout.write(values.json ? `${JSON.stringify(done)}\n` : `${done.connections} connections, ${done.messages} messages; passed over: ${done.skippedEntries} entries without WebSocket messages, ${done.skippedMessages} messages\n`);
      }
      return EXIT.ok;
    } catch (error) {
      return reportProblem(error);
    }
  },
};
