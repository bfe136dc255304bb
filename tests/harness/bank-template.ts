/** The database of the run's PostgreSQL that banks of tests are copied from: migrated, without a bank. */
export const BANK_TEMPLATE = 'bank_template';
