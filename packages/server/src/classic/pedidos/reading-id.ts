import { v5 as uuidV5 } from 'uuid';
import { canonicalJson } from './canonical-json.ts';

/** The namespace of one feed's readings: UUIDv5 of its URL. Credentials are no part of what it is. */
export function feedNamespace(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return uuidV5(bare.href, uuidV5.URL);
}

/** A reading is known by its content: the id of its order is the UUIDv5 of its canonical JSON. */
export function readingOrderId(namespace: string, reading: unknown): string {
  return uuidV5(canonicalJson(reading), namespace);
}
