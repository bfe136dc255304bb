/** What clients hang on accounts and transfers: at most 20 pairs of at most 500 characters. */
export type Metadata = Readonly<Record<string, string>>;

export const NO_METADATA: Metadata = Object.freeze({});
