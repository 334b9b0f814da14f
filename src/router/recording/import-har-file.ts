import { readFile } from 'node:fs/promises';
import { HarError, type ImportedHar, importHar, type RecordingEntry, recordingLine } from '../../core/index';
import { NewFile } from './new-file';
import { checkSize, type TaskControl } from './read-recording';
import { redactBinary } from './recorded-body';

/** V8 holds no longer text. */
const MOST_BYTES = 500 * 1024 * 1024;
const PIECE_CHARACTERS = 256 * 1024;

export type ImportCounts = Pick<ImportedHar, 'connections' | 'messages' | 'skippedEntries' | 'skippedMessages'>;

/**
 * Reads the WebSocket traffic of a HAR into a new recording that only its owner may read.
 * @throws {HarError} and {RecordingFileError}; nothing is left of the new file then
 */
export async function importHarFile(from: string, to: string, version: string, control: TaskControl = {}): Promise<ImportCounts> {
  await checkSize(from, MOST_BYTES);
  const text = await readFile(from, { encoding: 'utf8', ...(control.signal ? { signal: control.signal } : {}) });
  let value: unknown;
  try {
    // Some programs write a byte order mark.
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    throw new HarError('not_har', `expected a HAR, received no JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}`);
  }
  const { header, entries, ...counts } = importHar(value, version);
  if (counts.connections === 0) {
    throw new HarError('not_har', `expected WebSocket messages in the HAR, received ${counts.skippedEntries} entries without; save it with content`);
  }
  const file = new NewFile(to);
  try {
    let piece = recordingLine(header);
    for (const [index, entry] of entries.entries()) {
      piece += recordingLine(withoutBinarySecrets(entry));
      if (piece.length < PIECE_CHARACTERS) continue;
      file.append(piece);
      piece = '';
      control.signal?.throwIfAborted();
      control.progress?.(index, entries.length);
    }
    file.append(piece + recordingLine({ kind: 'end', t: entries.at(-1)?.t ?? 0, why: 'stopped' }));
    file.close();
    return counts;
  } catch (error) {
    file.discard();
    throw error;
  }
}

function withoutBinarySecrets(entry: RecordingEntry): RecordingEntry {
  return entry.kind === 'frame' && entry.base64 !== undefined ? { ...entry, base64: redactBinary(Buffer.from(entry.base64, 'base64')).toString('base64') } : entry;
}
