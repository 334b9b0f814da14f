/** A text of at most `most` UTF-16 units; a longer one ends in an ellipsis there, or before a character that would be cut in half. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cutsPair = (text.codePointAt(most - 1) ?? 0) > 0xffff;
  return `${text.slice(0, cutsPair ? most - 1 : most)}…`;
}
