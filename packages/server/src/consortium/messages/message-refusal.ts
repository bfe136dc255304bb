/** Why a message of another bank is not obeyed. No refusal has any effect, a spent nonce included. */
export type MessageRefusalCode =
  | 'signature_missing'
  | 'header_repeated'
  | 'signature_malformed'
  | 'signature_repeated'
  | 'profile_mismatch'
  | 'components_mismatch'
  | 'algorithm_not_allowed'
  | 'unknown_key'
  | 'key_revoked'
  | 'wrong_bank'
  | 'signature_from_future'
  | 'signature_expired'
  | 'lifetime_too_long'
  | 'digest_malformed'
  | 'digest_mismatch'
  | 'signature_invalid'
  | 'nonce_replayed';

/** What happened and what the sender can do; total over the codes by the compiler. */
export const MESSAGE_REFUSALS: { readonly [Code in MessageRefusalCode]: string } = {
  signature_missing:
    'Signature, Signature-Input, Content-Digest and Content-Type must all be there.',
  header_repeated: 'One of the signed headers stands more than once.',
  signature_malformed: 'Signature or Signature-Input is not of the profile’s form.',
  signature_repeated: 'There is more than one signature; send exactly one.',
  profile_mismatch: 'The signature’s label or tag is not the one for this kind of message.',
  components_mismatch: 'The signature must cover exactly the profile’s components, in their order.',
  algorithm_not_allowed: 'Only ed25519 is allowed.',
  unknown_key: 'No member of the consortium has registered this key.',
  key_revoked: 'The key was given up; sign with the bank’s active key.',
  wrong_bank: 'The key belongs to another bank than the one that was asked.',
  signature_from_future: 'The signature was created in the future; set the clock right.',
  signature_expired: 'The signature has expired; sign again with a fresh nonce.',
  lifetime_too_long: 'The signature is valid for longer than the profile allows.',
  digest_malformed: 'Content-Digest must be one sha-256 of RFC 9530.',
  digest_mismatch: 'The body is not the one that Content-Digest describes.',
  signature_invalid: 'The signature does not fit the message.',
  nonce_replayed: 'A message with this nonce was taken already.',
};

export interface MessageRefused {
  readonly kind: 'refused';
  readonly code: MessageRefusalCode;
}

export function refuse(code: MessageRefusalCode): MessageRefused {
  return { kind: 'refused', code };
}
