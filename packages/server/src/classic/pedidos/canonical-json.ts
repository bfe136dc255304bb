const DEPTH_MAX = 100;

/**
 * The canonical text of a JSON value (RFC 8785): members in the order of their names' UTF-16 units,
 * no space, numbers as ECMAScript prints them. A bigint stands for an integer that a double can't
 * hold and keeps its digits. Throws `RangeError` where it is nested deeper than 100.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > DEPTH_MAX) throw new RangeError(`JSON is nested deeper than ${DEPTH_MAX}`);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item, depth + 1)).join()}]`;
  }
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const texts = members.map(
    ([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, depth + 1)}`,
  );
  return `{${texts.join()}}`;
}
