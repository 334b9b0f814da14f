import type { StorageFailure } from './storage-failure';

/** The disk refused what the store wanted to write or read. The message says what that means for what was not written. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly reason: StorageFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
