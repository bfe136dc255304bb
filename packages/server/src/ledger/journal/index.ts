export { CheckpointSigner } from './checkpoint/checkpoint-signer.ts';
export { ensureSigningKey, readSigningKey, SigningKeyError } from './checkpoint/signing-key.ts';
