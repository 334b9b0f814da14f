/** A regular expression that is not accepted. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  constructor(
    readonly reason: 'too_long' | 'syntax' | 'not_linear',
    message: string,
  ) {
    super(message);
  }
}

/** A regular expression matched in linear time. */
export class LinearPattern {
  constructor(source: string) {
    throw new PatternError('syntax', `regular expressions are not accepted yet, received ${JSON.stringify(source)}`);
  }

  test(text: string): boolean {
    return text === '';
  }
}
