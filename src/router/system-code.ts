/** The code of an error of the system, such as `EADDRINUSE`; undefined for every other. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
