/** What a code means, for programs and for people. */
export interface ErrorEntry {
  readonly status: number;
  /** Whether the same request, with the same id, can succeed later. */
  readonly retryable: boolean;
  readonly title: { readonly en: string; readonly pt: string };
  /** What happened and what the reader can do; for docs/reference/errors.md. */
  readonly explanation: string;
}
