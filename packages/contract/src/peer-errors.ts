import type { ErrorEntry } from './error-entry.ts';

/** Errors about the other banks of a consortium. */
export type PeerErrorCode =
  | 'member_unknown'
  | 'peer_keys_refused'
  | 'peer_in_use'
  | 'key_unheard'
  | 'position_smaller'
  | 'no_position';

/** What goes wrong with other banks: total by the compiler. */
export const PEER_ERRORS: { readonly [Code in PeerErrorCode]: ErrorEntry } = {
  member_unknown: {
    status: 422,
    retryable: false,
    title: { en: 'No such member', pt: 'Membro desconhecido' },
    explanation:
      'The register has no entry of this bank. It writes one when it starts with the same `--register`; or give its `url` and `keys`.',
  },
  peer_keys_refused: {
    status: 422,
    retryable: false,
    title: { en: 'Keys refused', pt: 'Chaves recusadas' },
    explanation:
      'A peer has one key or two different ones (while it rotates), each an Ed25519 public key in base64url, and a bank is no peer of its own. At most 100 banks can be peers.',
  },
  peer_in_use: {
    status: 409,
    retryable: false,
    title: { en: 'Still open with this bank', pt: 'Ainda há pendências com este banco' },
    explanation:
      'A position with the peer is not zero, or a transaction with it is not decided. Settle the positions (`POST /v1/peers/{bank}/settlements`) and wait for what is under way.',
  },
  key_unheard: {
    status: 409,
    retryable: false,
    title: {
      en: 'A peer has not heard of the present key',
      pt: 'Um par ainda não soube da chave atual',
    },
    explanation:
      'The key before the present one would be given up, and the bank that `bank` names knows no other: it would take nothing from this bank any more. Rotate when it is online again, or force it and have its operator add this bank anew.',
  },
  position_smaller: {
    status: 422,
    retryable: false,
    title: { en: 'Position is smaller', pt: 'A posição é menor' },
    explanation:
      'A settlement moves a position towards zero and not beyond; the position is in `detail`.',
  },
  no_position: {
    status: 422,
    retryable: false,
    title: { en: 'Nothing to settle', pt: 'Nada a liquidar' },
    explanation: 'Neither bank owes the other anything in this asset.',
  },
};
