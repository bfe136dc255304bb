import type { ErrorEntry } from './error-entry.ts';

/** Errors that arise at the edge, before or beside a decision of `core`. */
export type EdgeErrorCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'invalid_number'
  | 'invalid_id'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'id_reused'
  | 'seq_not_reached'
  | 'precondition_required'
  | 'no_consortium'
  | 'peer_unknown'
  | 'internal_error'
  | 'overloaded'
  | 'deadline_exceeded'
  | 'database_unavailable'
  | 'clock_off'
  | 'history_rewound'
  | 'peer_unavailable'
  | 'peer_busy'
  | 'reconciling'
  | 'register_unavailable'
  | 'shutting_down'
  | 'outcome_unknown';

/** What goes wrong beside the rules: total by the compiler. */
export const EDGE_ERRORS: { readonly [Code in EdgeErrorCode]: ErrorEntry } = {
  invalid_request: {
    status: 400,
    retryable: false,
    title: { en: 'Invalid request', pt: 'Requisição inválida' },
    explanation: 'A member is missing, unknown or out of bounds; `errors` names the places.',
  },
  invalid_json: {
    status: 400,
    retryable: false,
    title: { en: 'Invalid JSON', pt: 'JSON inválido' },
    explanation: 'The body is not one JSON value in UTF-8.',
  },
  invalid_number: {
    status: 400,
    retryable: false,
    title: { en: 'Not a plain integer', pt: 'Não é um inteiro simples' },
    explanation:
      'Numbers are written as 0 or [1-9][0-9]*, with a minus where allowed: no 1.0, no 1e2.',
  },
  invalid_id: {
    status: 400,
    retryable: false,
    title: { en: 'Invalid Idempotency-Key', pt: 'Idempotency-Key inválida' },
    explanation: 'The header has 8–255 visible ASCII characters, bare or in double quotes.',
  },
  unauthorized: {
    status: 401,
    retryable: false,
    title: { en: 'No valid key', pt: 'Sem chave válida' },
    explanation: 'Send `Authorization: Bearer <key>` with a key of this bank.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    title: { en: 'Not allowed', pt: 'Não permitido' },
    explanation: 'The key’s scope does not cover this route.',
  },
  not_found: {
    status: 404,
    retryable: false,
    title: { en: 'Not found', pt: 'Não encontrado' },
    explanation: 'There is nothing here for this key to see.',
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    title: { en: 'Method not allowed', pt: 'Método não permitido' },
    explanation: 'The path exists; the method does not.',
  },
  request_timeout: {
    status: 408,
    retryable: true,
    title: { en: 'Request too slow', pt: 'Requisição lenta demais' },
    explanation: 'The request did not arrive whole in time. It had no effect.',
  },
  body_too_large: {
    status: 413,
    retryable: false,
    title: { en: 'Body too large', pt: 'Corpo grande demais' },
    explanation: 'A body has at most 1 MiB.',
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    title: { en: 'Unsupported media type', pt: 'Tipo de mídia não suportado' },
    explanation: 'Send `Content-Type: application/json`.',
  },
  headers_too_large: {
    status: 431,
    retryable: false,
    title: { en: 'Headers too large', pt: 'Cabeçalhos grandes demais' },
    explanation: 'The request’s headers pass the bound.',
  },
  id_reused: {
    status: 422,
    retryable: false,
    title: { en: 'Id used for another request', pt: 'Identificador usado em outra requisição' },
    explanation: 'The same id came with another route or body. Nothing was done.',
  },
  seq_not_reached: {
    status: 422,
    retryable: false,
    title: { en: 'Not there yet', pt: 'Ainda não aconteceu' },
    explanation:
      'The history asked for lies beyond the newest event (its number is in detail). What was is answered as of any event up to it; what will be is not guessed.',
  },
  precondition_required: {
    status: 428,
    retryable: false,
    title: { en: 'If-Match required', pt: 'If-Match obrigatório' },
    explanation: 'Send If-Match with the ETag that you read, so that no change is lost.',
  },
  no_consortium: {
    status: 422,
    retryable: false,
    title: { en: 'In no consortium', pt: 'Fora de consórcio' },
    explanation:
      'This bank belongs to no consortium, so it can reach no account of another bank. Start it with `--register` (`docs/operating/consortium.md`).',
  },
  peer_unknown: {
    status: 422,
    retryable: false,
    title: { en: 'Bank unknown here', pt: 'Banco desconhecido aqui' },
    explanation:
      'The member `bank` names a bank that is no peer of this one. `lastro peers add` makes it one.',
  },
  internal_error: {
    status: 500,
    retryable: false,
    title: { en: 'Internal error', pt: 'Erro interno' },
    explanation: 'The bank failed on this command alone. It had no effect and was recorded so.',
  },
  overloaded: {
    status: 503,
    retryable: true,
    title: { en: 'Overloaded', pt: 'Sobrecarregado' },
    explanation: 'The queue is full. The command was not submitted; wait as Retry-After says.',
  },
  deadline_exceeded: {
    status: 503,
    retryable: true,
    title: { en: 'Not taken in time', pt: 'Não atendido a tempo' },
    explanation: 'The command’s deadline passed while it waited. It was not submitted.',
  },
  database_unavailable: {
    status: 503,
    retryable: true,
    title: { en: 'Database unavailable', pt: 'Banco de dados indisponível' },
    explanation: 'The command was not submitted. Send it again; the bank recovers by itself.',
  },
  clock_off: {
    status: 503,
    retryable: true,
    title: { en: 'Clock off', pt: 'Relógio fora de hora' },
    explanation: 'This process’s clock differs from the database’s by more than a second.',
  },
  history_rewound: {
    status: 503,
    retryable: false,
    title: { en: 'The database went back', pt: 'O banco de dados voltou no tempo' },
    explanation:
      'The database lacks blocks that this process saw committed: a failover lost its tail, or a backup was restored under it. It writes nothing more. The operator stops every server process of the bank, settles which history goes on, and starts them again (`docs/operating/backup.md`, “When the database went back”).',
  },
  peer_unavailable: {
    status: 503,
    retryable: true,
    title: { en: 'Another bank is away', pt: 'Outro banco indisponível' },
    explanation:
      'The bank that `bank` names does not answer. Nothing was begun. Try again, or let it wait with `"onUnavailable": "queue"`.',
  },
  peer_busy: {
    status: 503,
    retryable: true,
    title: {
      en: 'Too much under way with another bank',
      pt: 'Muitas operações em curso com outro banco',
    },
    explanation:
      'As many transactions, or as much value, as this bank allows are under way with the bank that `bank` names. Nothing was begun; try again in a moment.',
  },
  register_unavailable: {
    status: 503,
    retryable: true,
    title: { en: 'The register is away', pt: 'Registro do consórcio indisponível' },
    explanation:
      'The consortium’s register does not answer, so no transaction across banks can be decided. Nothing was begun; work within the bank goes on.',
  },
  reconciling: {
    status: 503,
    retryable: true,
    title: {
      en: 'Asking the other banks what it forgot',
      pt: 'Consultando os outros bancos sobre o que esqueceu',
    },
    explanation:
      'This bank was restored from a backup and promises nothing to others before each of them has told it what it may have promised before. Work within the bank goes on.',
  },
  shutting_down: {
    status: 503,
    retryable: true,
    title: { en: 'Shutting down', pt: 'Encerrando' },
    explanation: 'The command was not submitted; send it again in a moment.',
  },
  outcome_unknown: {
    status: 504,
    retryable: true,
    title: { en: 'Outcome unknown', pt: 'Resultado desconhecido' },
    explanation:
      'The command may or may not have taken effect. Send the same request with the same id: it gets the one outcome.',
  },
};
