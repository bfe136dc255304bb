/**
 * PostgreSQL array literals, written directly: the driver's own conversion quotes and escapes each
 * element by regular expression, which costs more than everything else in a large block.
 */

const NEEDS_ESCAPE = /["\\]/;

/** Of integers, `null` for NULL. */
export function numberArray(values: readonly (bigint | number | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    text += index === 0 ? '' : ',';
    text += value === null || value === undefined ? 'NULL' : value;
  }
  return `${text}}`;
}

/** Of text, JSON or UUIDs; `null` for NULL. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) text += ',';
    if (value === null || value === undefined) text += 'NULL';
    else text += NEEDS_ESCAPE.test(value) ? quoted(value) : `"${value}"`;
  }
  return `${text}}`;
}

/**
 * Texts for `string_to_array($n, E'\n', '')`, which finds its way from line end to line end, where an
 * array literal is taken apart letter by letter: for the long ones, which are all of one line. Throws for
 * others, and for an empty one, which would come out as `null` does.
 */
export function lines(values: readonly (string | null)[]): string {
  for (const value of values) {
    if (value === '' || value?.includes('\n') === true) throw new Error('no text of one line');
  }
  return values.map((value) => value ?? '').join('\n');
}

/** Of truth values. */
export function booleanArray(values: readonly boolean[]): string {
  return `{${values.join()}}`;
}

/** Of times, from milliseconds since 1970; `null` for NULL. */
export function timeArray(values: readonly (number | null)[]): string {
  return textArray(values.map((at) => (at === null ? null : new Date(at).toISOString())));
}

/** Of `bytea`, from hexadecimal digits. */
export function bytesArray(hexes: readonly string[]): string {
  let text = '{';
  for (let index = 0; index < hexes.length; index += 1) {
    text += `${index === 0 ? '' : ','}"\\\\x${hexes[index]}"`;
  }
  return `${text}}`;
}

function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
