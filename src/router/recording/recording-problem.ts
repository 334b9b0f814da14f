import { messageOf } from '../../core/message-of';
import { systemCode } from '../system-code';
/** A recording that cannot be started, written or read; the message says what was expected and received. */
export class RecordingFileError extends Error {
  override readonly name = 'RecordingFileError';

  constructor(
    readonly reason: 'bad_file_name' | 'file_exists' | 'no_folder' | 'not_permitted' | 'disk_full' | 'disk' | 'recording' | 'not_recording' | 'not_found' | 'too_large',
    message: string,
  ) {
    super(message);
  }
}

/** An error of the file system in words. */
export function fileProblem(error: unknown, file: string): RecordingFileError {
  const code = systemCode(error);
  const name = JSON.stringify(file);
  switch (code) {
    case 'EEXIST':
      return new RecordingFileError('file_exists', `expected a file that does not exist, received ${name}, which does; nothing is overwritten`);
    case 'ENOENT':
      return new RecordingFileError('no_folder', `expected a file in a folder that exists, received ${name}`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new RecordingFileError('not_permitted', `expected a file that may be written, received ${name} (${code})`);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new RecordingFileError('disk_full', `the disk is full: expected room for ${name} (${code})`);
    default:
      return new RecordingFileError('disk', `${name}: ${messageOf(error)}`);
  }
}
