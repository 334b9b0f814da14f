/** Bounds of a scenario (SECURITY 9): a file from elsewhere can neither hold the machine nor fill its memory. Times are milliseconds. */
export const SCENARIO_LIMITS = {
  /** Of the file, in UTF-16 units. */
  characters: 512 * 1024,
  depth: 40,
  ids: 200,
  idLength: 1_024,
  clients: 100,
  agents: 32,
  /** Steps in all lanes together. */
  steps: 2_000,
  lanes: 32,
  laneDepth: 4,
  /** Events of one `emit`, and of a scenario in all. */
  repeat: 10_000,
  events: 20_000,
  fillBytes: 512 * 1024,
  /** Bytes that `fillBytes` and `repeat` may add up to in all. */
  filledBytes: 256 * 1024 * 1024,
  payloadCharacters: 64 * 1024,
  /** Of one pause. */
  pause: 10 * 60_000,
  /** Of one `advance`. */
  advance: 366 * 86_400_000,
  expectations: 500,
  text: 2_000,
} as const;
