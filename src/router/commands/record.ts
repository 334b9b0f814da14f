import { resolve } from 'node:path';
import { messageOf } from '../../core/message-of';
import { aborted } from '../abortable';
import { loadRecordings } from '../recording/load-recordings';
import { type Command, EXIT, readOptions, say, UsageError } from './command';
import { givenToken } from './option-values';
import { reportProblem } from './report-problem';
import { untilSignal } from './signals';

const USAGE = `Usage: node router.js record --attach URL --token TOKEN [--past] FILE

Has a running router or tap record its traffic to a new file, *.threadlens-rec.jsonl, until SIGINT or SIGTERM. The router
writes the file itself, secrets redacted, so it has to run on this machine.

  --attach URL          the router, e.g. http://127.0.0.1:8787; a tap with /__thread-lens behind it
  --token TOKEN         its token (default: THREAD_LENS_TOKEN)
  --past                write what the router still remembers, and end
  --json                print the result as JSON
`;

/** `node router.js record`: records the traffic of a running router. */
export const record: Command = {
  name: 'record',
  summary: 'record the traffic of a running router to a file',
  usage: USAGE,
  async run(args) {
    const { values, positionals } = readOptions(args, { attach: { type: 'string' }, token: { type: 'string' }, past: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } }, true);
    const token = givenToken(values.token);
    const [name] = positionals;
    if (values.attach === undefined || !/^https?:\/\//.test(values.attach)) throw new UsageError(`--attach: expected the URL of a router such as http://127.0.0.1:8787, received ${JSON.stringify(values.attach ?? '')}`);
    if (token === undefined) throw new UsageError('--token: expected the token of the router, received none');
    if (name === undefined || positionals.length > 1) throw new UsageError(`expected one file, received ${positionals.length}`);
    const file = resolve(name);
    const interrupted = untilSignal();
    try {
      const caller = await loadRecordings().InspectionCaller.attach(values.attach, token);
      try {
        if (values.past) {
          print(await caller.request('saveJournal', { file }), values.json);
          return EXIT.ok;
        }
        await caller.request('startRecording', { file });
        say(`recording to ${file}; end it with Ctrl+C`);
        const over = await new Promise<string | undefined>((end) => {
          caller.onGone(end);
          const ended = caller.onRecording((recording) => {
            if (recording?.file !== file) end('the recording was ended by somebody else');
            else if (recording.problem !== undefined) end(recording.problem);
          });
          ended.catch((error: unknown) => end(messageOf(error)));
          void aborted(interrupted.signal).then(() => end(undefined));
        });
        if (over !== undefined) {
          say(`${over}; what was recorded until then is in the file`);
          return EXIT.failed;
        }
        const recorded = await caller.request('stopRecording', {});
        print(recorded, values.json);
        if (recorded.problem === undefined) return EXIT.ok;
        say(`${recorded.problem}; what was recorded until then is in the file`);
        return EXIT.failed;
      } finally {
        await caller.close();
      }
    } catch (error) {
      return reportProblem(error);
    } finally {
      interrupted.release();
    }
  },
};

function print(info: { readonly file: string; readonly frames: number; readonly bytes: number }, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(info)}\n` : `${info.frames} frames, ${info.bytes} bytes: ${info.file}\n`);
}
