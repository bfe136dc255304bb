/** Why a backup can't be written, read or restored; the caller has a sentence for each. */
export type BackupFault =
  /** The file doesn't begin as a backup does. */
  | { readonly kind: 'not_a_backup' }
  /** A later version of Lastro wrote it in another format. */
  | { readonly kind: 'newer_format'; readonly format: number }
  /** It was cut or changed: what its last line swears to is not what it holds. */
  | { readonly kind: 'damaged' }
  /** It holds a migration that this version of Lastro doesn't know. */
  | { readonly kind: 'schema_newer'; readonly migration: string; readonly lastro: string }
  /** It holds a migration that this version knows with another text. */
  | { readonly kind: 'schema_changed'; readonly migration: string; readonly lastro: string }
  /** What its migrations make and what it holds are not the same tables. */
  | { readonly kind: 'tables_differ'; readonly table: string }
  /** There is a bank in the place where one should be restored. */
  | { readonly kind: 'holds_bank'; readonly bank: string; readonly block: number }
  /** There is something else than a bank. */
  | { readonly kind: 'not_empty'; readonly table: string }
  /** Another program prepares the database. */
  | { readonly kind: 'place_in_use' }
  /** There is no bank in the place that should be backed up, or one that is only half restored. */
  | { readonly kind: 'no_bank' };

export class BackupError extends Error {
  readonly fault: BackupFault;

  constructor(fault: BackupFault, options?: ErrorOptions) {
    super(JSON.stringify(fault), options);
    this.name = 'BackupError';
    this.fault = fault;
  }
}
