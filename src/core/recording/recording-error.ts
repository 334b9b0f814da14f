/** A file that cannot be read as a recording; the message says what was expected and received, and where. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';

  constructor(
    readonly reason: 'not_a_recording' | 'other_version' | 'bad_line' | 'too_large',
    message: string,
  ) {
    super(message);
  }
}
