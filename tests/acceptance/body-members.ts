/** An integer of a body: where it lies, whether it may be zero, and what becomes of 10^12 + 1. */
export interface IntegerMember {
  readonly at: readonly (string | number)[];
  readonly zero: 'allowed' | 'refused';
  readonly negative: 'allowed' | 'refused';
  /** `core`: refused there and recorded (422); `contract`: refused as malformed (400). */
  readonly aboveAmountMax: 'core' | 'contract' | 'allowed';
  readonly isOptional?: boolean;
  readonly isNullable?: boolean;
}

/** A text of a body that names something, or that people read. */
export interface TextMember {
  readonly at: readonly (string | number)[];
  readonly kind: 'id' | 'free';
  readonly isOptional?: boolean;
  readonly isNullable?: boolean;
}

export const amount = (...at: (string | number)[]): IntegerMember => ({
  at,
  zero: 'refused',
  negative: 'refused',
  aboveAmountMax: 'core',
});
export const maybeAmount = (...at: (string | number)[]): IntegerMember => ({
  ...amount(...at),
  isOptional: true,
});
export const limit = (name: string): IntegerMember => ({
  at: [name],
  zero: 'allowed',
  negative: 'refused',
  aboveAmountMax: 'allowed',
  isOptional: true,
  isNullable: true,
});
/** What the debited account must be like. */
export const conditions = (...at: (string | number)[]): IntegerMember[] => [
  {
    at: [...at, 'ifVersion'],
    zero: 'refused',
    negative: 'refused',
    aboveAmountMax: 'allowed',
    isOptional: true,
  },
  {
    at: [...at, 'ifBalanceAtLeast'],
    zero: 'allowed',
    negative: 'allowed',
    aboveAmountMax: 'allowed',
    isOptional: true,
  },
];
export const seconds = (name: string, zero: IntegerMember['zero'] = 'refused'): IntegerMember => ({
  at: [name],
  zero,
  negative: 'refused',
  aboveAmountMax: 'contract',
  isOptional: true,
});
export const id = (...at: (string | number)[]): TextMember => ({ at, kind: 'id' });
export const maybeId = (...at: (string | number)[]): TextMember => ({
  at,
  kind: 'id',
  isOptional: true,
});
export const choice = (name: string): TextMember => ({ at: [name], kind: 'id', isOptional: true });
export const free = (...at: (string | number)[]): TextMember => ({ at, kind: 'free' });

/** How long other banks may take, and what if one is away. */
export const patience = {
  integers: [seconds('within')],
  texts: [choice('onUnavailable'), choice('deadline')],
};
