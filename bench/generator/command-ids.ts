/** Two hexadecimal digits of each byte: a table is the cheapest way to write an id. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Numbers from 0 up to and without 1; `Math.random` outside tests. */
export type Chance = () => number;

/**
 * A UUID of version 7 (RFC 9562), as a client would choose: 48 bits of time, 74 bits of chance.
 * `now`: milliseconds since 1970. Its chance is cheap and not secret: for load, not for keys.
 */
export function commandId(now: number, chance: Chance): string {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  const low = chance() * 0x1_0000_0000;
  const middle = chance() * 0x1_0000_0000;
  const high = chance() * 0x1_0000_0000;
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${hex(low).slice(1)}${hex(low >>> 8)}-` +
    `${hex(((low >>> 16) & 0x3f) | 0x80)}${hex(low >>> 24)}-` +
    `${hex(middle)}${hex(middle >>> 8)}${hex(middle >>> 16)}${hex(middle >>> 24)}` +
    `${hex(high)}${hex(high >>> 8)}`
  );
}

function hex(byte: number): string {
  return HEX[byte & 0xff] ?? '00';
}
