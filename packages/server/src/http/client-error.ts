import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '@lastro/contract';
import { v7 as uuidV7 } from 'uuid';
import { problemOf } from './problem.ts';
import { CONTENT_TYPE_OPTIONS } from './security-headers.ts';

/** Answers what is not HTTP enough to reach a route, and closes the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(codeOf(error.code), {}, uuidV7(), 'en');
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n` +
      'Content-Type: application/problem+json\r\n' +
      `X-Request-Id: ${problem.requestId}\r\nX-Content-Type-Options: ${CONTENT_TYPE_OPTIONS}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function codeOf(code: string | undefined): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return 'invalid_request';
}
