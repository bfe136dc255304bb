export { CheckpointSigner } from './checkpoint/checkpoint-signer.ts';
export type { SigningKey } from './checkpoint/checkpoint.ts';
export { readSigningKey } from './checkpoint/signing-key.ts';
export type { Checkpoint } from './checkpoint/checkpoint.ts';
export type { Difference } from './verify/difference.ts';
export { JournalFileWriter } from './verify/journal-file-writer.ts';
export { verifyDatabase, verifySnapshot } from './verify/verify-database.ts';
export { verifyFile } from './verify/verify-file.ts';
export type { VerifyProgress, VerifyReport } from './verify/verify-report.ts';
