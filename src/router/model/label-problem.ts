// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * What is wrong with the ID of a thread or user that a client names; undefined when it can be used. IDs stand in logs, headers
 * and views, where control characters would say something of their own.
 * @param most characters it may have
 */
export function labelProblem(text: string, most: number): { readonly expected: string; readonly received: string } | undefined {
  const expected = `at most ${most} characters without control characters`;
  if (text.length > most) return { expected, received: `${text.length} characters` };
  const found = CONTROL.exec(text);
  if (!found) return undefined;
  return { expected, received: `U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')} at character ${found.index + 1}` };
}
