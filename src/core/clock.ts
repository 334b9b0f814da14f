/** Milliseconds since 1970. Core never reads a clock of its own where the caller can give one. */
export type Clock = () => number;

/** The host's clock. */
export const systemClock: Clock = () => Date.now();
