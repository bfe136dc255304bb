// Since 12.8 V8 compares a member's name with the one that stood at its place in an object read earlier,
// and compares too little where the name is written with an escape and the earlier one has a backslash:
// `{"k":1,"\n":2}` after `{"k":1,"\\":2}` comes back with the earlier name (nodejs/node#63785), with a
// reviver as well. So names that are written with an escape are read under another name, without one.

export type Reviver = (
  name: string,
  value: unknown,
  context?: { readonly source?: string },
) => unknown;

/** Begins every stand-in; who writes it in a name is given a stand-in, too. */
const MARK = '\u{e0f8}';

/** Up to the end of the next string, and whether it is a name. */
const NEXT_STRING = /[^"]*("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/y;

/** `JSON.parse`, but right for names that are written with an escape. */
export function parseJson(text: string, reviver?: Reviver): unknown {
  const readable = text.includes('\\') || text.includes(MARK) ? withStandIns(text) : text;
  if (readable === text) return JSON.parse(text, reviver);
  return JSON.parse(readable, (name, value: unknown, context?: { readonly source?: string }) => {
    const named = withNames(value);
    return reviver === undefined ? named : reviver(nameOf(name), named, context);
  });
}

/** A stand-in for each name that has an escape; what is no JSON stays none. */
function withStandIns(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  NEXT_STRING.lastIndex = 0;
  for (let found = NEXT_STRING.exec(text); found !== null; found = NEXT_STRING.exec(text)) {
    const [all, written = '', colon] = found;
    if (colon === undefined || !(written.includes('\\') || written.includes(MARK))) continue;
    const end = found.index + all.length - colon.length;
    parts.push(text.slice(copied, end - written.length), `"${standInFor(JSON.parse(written))}"`);
    copied = end;
  }
  return parts.join('') + text.slice(copied);
}

function standInFor(written: unknown): string {
  const name = String(written);
  const units = Array.from({ length: name.length }, (_, index) => name.charCodeAt(index));
  return MARK + units.map((unit) => unit.toString(16).padStart(4, '0')).join('');
}

function nameOf(name: string): string {
  if (!name.startsWith(MARK)) return name;
  const units = name.slice(1).match(/.{4}/g) ?? [];
  return units.map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join('');
}

function withNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members: [string, unknown][] = Object.entries(value);
  if (!members.some(([name]) => name.startsWith(MARK))) return value;
  return Object.fromEntries(members.map(([name, member]) => [nameOf(name), member]));
}
