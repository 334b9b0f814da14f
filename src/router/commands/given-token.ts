/** `--token`, or the environment variable that keeps it out of the list of processes. */
export function givenToken(option: string | undefined): string | undefined {
  return option ?? process.env['THREAD_LENS_TOKEN'];
}
