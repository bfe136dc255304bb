export type RegisterSetupErrorCode =
  | 'register_address_invalid'
  | 'register_schema_newer'
  | 'register_tls_invalid'
  | 'register_unsafe';

/** Why a register can't be used as it is set up: one sentence that a person can act on. */
export class RegisterSetupError extends Error {
  readonly code: RegisterSetupErrorCode;

  constructor(code: RegisterSetupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RegisterSetupError';
    this.code = code;
  }
}
