import { basename } from 'node:path';
import { compareRecordings, type Comparison, RecordedStreams, type RecordingHeader, renderComparison } from '../../core/index';
import { checkSize, readRecording, type TaskControl } from './read-recording';

/** Largest recording that is held next to another one. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Compares two recordings apart from IDs and times.
 * @throws {RecordingError} and {RecordingFileError} when one cannot be read, or they are too large
 */
export async function compareFiles(a: string, b: string, control: TaskControl = {}): Promise<{ readonly comparison: Comparison; readonly markdown: string }> {
  const headers: RecordingHeader[] = [];
  for (const path of [a, b]) {
    await checkSize(path, MOST_BYTES);
    headers.push((await readRecording(path, () => {}, { signal: control.signal })).header);
  }
  const [first, second] = headers;
  const withRouting = headers.every(({ source }) => source === 'router' || source === 'tap');
  const half = (side: 0 | 1): TaskControl => ({ signal: control.signal, progress: (done, total) => control.progress?.(side * total + done, 2 * total) });
  const comparison = compareRecordings(await streamsOf(a, first as RecordingHeader, withRouting, half(0)), await streamsOf(b, second as RecordingHeader, withRouting, half(1)), withRouting);
  return { comparison, markdown: renderComparison(comparison, { a: basename(a), b: basename(b) }) };
}

async function streamsOf(path: string, header: RecordingHeader, withRouting: boolean, control: TaskControl): Promise<RecordedStreams> {
  const streams = new RecordedStreams(header, withRouting);
  await readRecording(path, (entry) => streams.learn(entry), { signal: control.signal });
  await readRecording(path, (entry) => streams.take(entry), control);
  return streams;
}
