/** A text of at most `most` UTF-16 units; a longer one ends in an ellipsis there. */
export function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
