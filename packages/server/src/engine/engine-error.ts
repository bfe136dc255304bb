/** Why the engine gives a command back without an outcome of its own. */
export type EngineErrorCode =
  /** Not submitted, no effect. */
  | 'overloaded'
  | 'deadline_exceeded'
  | 'database_unavailable'
  | 'clock_off'
  | 'history_rewound'
  | 'shutting_down'
  /** It may have taken effect; the same id tells. */
  | 'outcome_unknown'
  /** It failed alone and could not even be recorded. */
  | 'internal_error';

export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string = code, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
