import type { Position } from './position.ts';

/**
 * The consortium's linearizable map (DESIGN section 6), which no bank owns.
 *
 * entry: a key and its value, with the revision of its last change.
 * revision: the number of the register's newest change; every change raises it.
 * generation: which register this is; a new or emptied one has another.
 * position: generation and revision together. A bank keeps the newest that it saw: its pin.
 * floor: per coordinator, the transaction id below which no decision can be created any more.
 */

/** Bytes, or a text that is stored as UTF-8. */
export type RegisterValue = string | Uint8Array;

export interface Entry {
  readonly key: string;
  readonly value: Buffer;
  /** Changes with every change of this entry; what `replace` compares. */
  readonly revision: bigint;
}

/** What stands after a create. Only `created` says that this very call put it there. */
export type Creation =
  | { readonly kind: 'created'; readonly entry: Entry }
  | { readonly kind: 'stands'; readonly entry: Entry }
  /** Nothing stands there, and nothing ever will: the coordinator's floor is above. */
  | { readonly kind: 'below_floor'; readonly floor: string };

export type Replacement =
  /** `entry` is null when it was deleted. */
  | { readonly kind: 'replaced'; readonly entry: Entry | null }
  /** Another revision stands, or nothing; this call had no effect. */
  | { readonly kind: 'changed'; readonly entry: Entry | null };

export interface Page {
  readonly entries: readonly Entry[];
  /** Hand it in as `after` for the next page; null after the last one. */
  readonly next: string | null;
}

/** The register can't be used now. A caller goes on without it, or asks again. */
export interface RegisterUnavailable {
  readonly kind: 'register_unavailable';
  /** `unknown`: the change may have been made, or may still be. A create is settled by repeating it. */
  readonly effect: 'none' | 'unknown';
  /** For people: what was tried and what came of it. */
  readonly reason: string;
}

/** The register is not what it was; nothing was done. It stays closed to this pin. */
export interface RegisterWentBack {
  readonly kind: 'register_went_back' | 'register_replaced';
  readonly pinned: Position;
  /** Null: it holds no generation, as an empty one. */
  readonly seen: Position | null;
}

export type RegisterFailure = RegisterUnavailable | RegisterWentBack;

/** `position`: where the register was when it answered; a pin may be moved up to it. */
export type RegisterAnswer<Result> =
  | { readonly kind: 'answered'; readonly position: Position; readonly result: Result }
  | RegisterFailure;

export interface CallOptions {
  /** The call has ended by then, whatever happens; milliseconds from now. */
  readonly timeoutMs?: number;
}

/**
 * The register's calls. Each is linearizable, ends by its deadline and never rejects for what the
 * outside does; a key, value or limit out of bounds is a defect of the caller and throws.
 */
export interface Register {
  /** Where the register is now. */
  position(options?: CallOptions): Promise<RegisterAnswer<null>>;
  /** What stands under the key. Null is no decision: only `create` makes one. */
  read(key: string, options?: CallOptions): Promise<RegisterAnswer<Entry | null>>;
  /**
   * Puts the value there unless something stands, and says what stands. It may be repeated for ever.
   * Calls that wait together travel in one transaction of the register, within its limits.
   */
  create(
    key: string,
    value: RegisterValue,
    options?: CallOptions,
  ): Promise<RegisterAnswer<Creation>>;
  /** Compare-and-swap: another value, or null to delete. Decisions can't be replaced. */
  replace(
    key: string,
    revision: bigint,
    value: RegisterValue | null,
    options?: CallOptions,
  ): Promise<RegisterAnswer<Replacement>>;
  /**
   * Removes decisions of one coordinator, and raises its floor first: below it nothing can be created
   * ever again. A floor is never lowered. What else stands below it stays.
   * @param ids transactions' ids without the coordinator, each below `floor`; at most 100
   */
  retire(
    coordinator: string,
    floor: string,
    ids: readonly string[],
    options?: CallOptions,
  ): Promise<RegisterAnswer<{ readonly floor: string }>>;
  /**
   * Entries whose key begins with the prefix, in the order of their bytes. Each page is of one moment;
   * several pages are not.
   * @param limit 1 to 100
   */
  list(
    prefix: string,
    page: { readonly after?: string | null; readonly limit: number },
    options?: CallOptions,
  ): Promise<RegisterAnswer<Page>>;
  /** Ends what is under way, as unavailable, and closes the connections. */
  close(): Promise<void>;
}
