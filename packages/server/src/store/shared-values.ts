/** Different texts that are kept; a bank has few assets, and an account three states. */
const TEXTS_MAX = 1_000;

const texts = new Map<string, string>();

/**
 * The same text, one copy of it for all rows: the driver makes a new one for every value, and a bank
 * keeps hundreds of thousands of rows. For columns with few different values.
 */
export function shared<Text extends string>(text: Text): Text;
export function shared(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < TEXTS_MAX) texts.set(text, text);
  return text;
}
