/** Keeps equal texts once, for as many different ones as it remembers. */
export class SharedTexts {
  private readonly known = new Map<string, string>();

  /**
   * @param most different texts remembered; one more and all are forgotten, which costs only memory.
   * @param longest length of a text that is worth it, in UTF-16 units; bounds what this holds.
   */
  constructor(
    private readonly most: number,
    private readonly longest: number,
  ) {}

  /** The same text: the one that came first of those equal to it. */
  share(text: string): string {
    if (text.length > this.longest) return text;
    const known = this.known.get(text);
    if (known !== undefined) return known;
    if (this.known.size >= this.most) this.known.clear();
    this.known.set(text, text);
    return text;
  }
}
