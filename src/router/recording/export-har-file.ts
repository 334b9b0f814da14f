import { HarError, HarExport, harFrame } from '../../core/index';
import { NewFile } from './new-file';
import { checkSize, readRecording, type TaskControl } from './read-recording';

const MOST_RECORDING_BYTES = 256 * 1024 * 1024;
/** Other programs hold a HAR in memory, and JavaScript ones as one text. */
const MOST_HAR_BYTES = 500 * 1024 * 1024;

export interface ExportedHar {
  readonly connections: number;
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Writes a recording as HAR 1.2 to a new file that only its owner may read.
 * @throws {RecordingError}, {RecordingFileError}, {HarError}; nothing is left of the new file then
 */
export async function exportHarFile(from: string, to: string, version: string, control: TaskControl = {}): Promise<ExportedHar> {
  await checkSize(from, MOST_RECORDING_BYTES);
  const { header } = await readRecording(from, () => {}, { signal: control.signal });
  const har = new HarExport(header);
  await readRecording(from, (entry) => har.take(entry), control);
  const file = new NewFile(to);
  try {
    const { before, after } = harFrame(version);
    file.append(before);
    let connections = 0;
    for (const entry of har.entries()) {
      control.signal?.throwIfAborted();
      file.append(`${connections++ === 0 ? '' : ',\n'}${JSON.stringify(entry)}`);
      if (file.bytes > MOST_HAR_BYTES) throw new HarError('too_large', `expected a HAR of at most ${MOST_HAR_BYTES} bytes, received more; record less at a time`);
    }
    file.append(after);
    file.close();
    return { connections, messages: har.messages, bytes: file.bytes };
  } catch (error) {
    file.discard();
    throw error;
  }
}
