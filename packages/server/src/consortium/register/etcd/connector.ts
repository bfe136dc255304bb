import { buildConnector } from 'undici';
import type { RegisterTls } from '../register-tls.ts';

const CONNECT_TIMEOUT_MS = 1_000;

/**
 * With TLS 1.3 a member judges the bank's certificate when for the bank the connection stands already,
 * and before it reads anything from it.
 */
const CERTIFICATE_REFUSED = /ALERT_\w*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

/** A connection that never stood. */
class UnconnectedError extends Error {
  constructor(cause: Error) {
    super(cause.message || cause.name, { cause });
    this.name = 'UnconnectedError';
  }
}

/** Connects to members; over TLS to those alone whose certificate is of the authority and names their host. */
export function connectorOf(tls: RegisterTls): buildConnector.connector {
  const connect = buildConnector({ ...tls, timeout: CONNECT_TIMEOUT_MS, allowH2: false });
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        callback(new UnconnectedError(error), null);
        return;
      }
      // What a member refuses with is followed by its end, which would be told instead.
      socket.once('error', () => socket.destroy());
      callback(null, socket);
    });
  };
}

/** Why no request went over the connection that the error ended; undefined where one may have. */
export function connectFaultOf(error: Error): string | undefined {
  const end = error instanceof UnconnectedError ? error.cause : error;
  if (end instanceof Error && 'code' in end && CERTIFICATE_REFUSED.test(String(end.code))) {
    return `the bank's certificate is refused${'reason' in end ? `: ${String(end.reason)}` : ''}`;
  }
  return error instanceof UnconnectedError ? error.message : undefined;
}
