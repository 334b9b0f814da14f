import { loadRecordings } from '../recording/load-recordings';
import { type Command, EXIT, readOptions, UsageError } from './command';
import { reportProblem } from './report-problem';

const USAGE = `Usage: node router.js compare [--json] A B

Compares two recordings apart from IDs and times: what is missing in B, extra, in another order or changed, by field.

  --json                print the comparison as JSON instead of Markdown

Exit code 0: equal; 1: different; 2: arguments or a file cannot be used.
`;

/** `node router.js compare`: compares two recordings. */
export const compare: Command = {
  name: 'compare',
  summary: 'compare two recordings apart from IDs and times',
  usage: USAGE,
  async run(args) {
    const { values, positionals } = readOptions(args, { json: { type: 'boolean', default: false } }, true);
    const [a, b] = positionals;
    if (a === undefined || b === undefined || positionals.length > 2) throw new UsageError(`expected two recordings, received ${positionals.length} files`);
    try {
      const { comparison, markdown } = await loadRecordings().compareFiles(a, b);
      process.stdout.write(values.json ? `${JSON.stringify(comparison)}\n` : markdown);
      return comparison.equal ? EXIT.ok : EXIT.failed;
    } catch (error) {
      return reportProblem(error);
    }
  },
};
