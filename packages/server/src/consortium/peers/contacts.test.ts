import { expect, it } from 'vitest';
import { Contacts } from './contacts.ts';

it('is offline after so many missed probes in a row, and back with the first answer', () => {
  const contacts = new Contacts(3);
  expect(contacts.of('beta').state).toBe('unknown');
  expect(contacts.missed('beta', 'peer_timeout')).toBe(false);
  expect(contacts.missed('beta', 'peer_timeout')).toBe(false);
  expect(contacts.of('beta')).toMatchObject({ state: 'unknown', trouble: 'peer_timeout' });
  expect(contacts.answered('beta', 7, ['alfa#1'])).toBe(true);
  expect(contacts.answered('beta', 8, ['alfa#1'])).toBe(false);
  for (const isOffline of [false, false, true, false]) {
    expect(contacts.missed('beta', 'peer_unreachable')).toBe(isOffline);
  }
  expect(contacts.of('beta')).toMatchObject({ state: 'offline', lastContactAt: 8 });
  expect(contacts.answered('beta', 9, [])).toBe(true);
  expect(contacts.of('beta')).toMatchObject({ state: 'online', missed: 0, trouble: null });
});

it('that a peer called proves only that it lives: whether it can be reached, a probe shows', () => {
  const contacts = new Contacts(1);
  contacts.missed('beta', 'peer_unreachable');
  contacts.heard('beta', 5);
  expect(contacts.of('beta')).toMatchObject({ state: 'offline', lastContactAt: 5 });
  contacts.forget('beta');
  expect(contacts.of('beta')).toMatchObject({ state: 'unknown', lastContactAt: null });
});
