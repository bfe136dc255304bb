import { createConnection, type Socket } from 'node:net';
import type { Target } from './protocol.ts';
import { ResponseParser, type Answer } from './response-parser.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** Every connection reads into it; what was read is copied before the next read. */
const sharedBuffer = Buffer.allocUnsafeSlow(65_536);

/** One keep-alive connection with at most one request under way. Written by hand: a client library would eat the core that the server needs. */
export interface Connection {
  /** When the request under way was due, in `performance.now()` milliseconds. */
  dueAt: number;
  send(path: string, body: string): void;
  close(): void;
}

export interface ConnectionEvents {
  readonly onAnswer: (connection: Connection, answer: Answer) => void;
  /** The connection broke or sent what is no answer: what was under way is of unknown fate. */
  readonly onFailure: (error: Error) => void;
}

/** Connects within 5 s, or rejects. `headers`: lines that every request carries, each with its CRLF. */
export async function openConnection(
  target: Target,
  headers: string,
  events: ConnectionEvents,
): Promise<Connection> {
  let isClosing = false;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: Error): void => {
    if (isClosing) return;
    reject(error);
    events.onFailure(error);
  };
  const parser = new ResponseParser((answer) => events.onAnswer(connection, answer));
  const socket = connect(target, (bytes) => {
    try {
      parser.push(bytes);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  const connection: Connection = {
    dueAt: 0,
    send(path, body) {
      // Every character of our bodies is ASCII: one byte.
      socket.write(
        `POST ${path} HTTP/1.1\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`,
        'latin1',
      );
    },
    close() {
      isClosing = true;
      socket.destroy();
    },
  };
  socket.once('connect', resolve);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed a connection')));
  const timeout = setTimeout(
    () => fail(new Error(`no connection to port ${target.port} within ${CONNECT_TIMEOUT_MS} ms`)),
    CONNECT_TIMEOUT_MS,
  );
  await promise.finally(() => clearTimeout(timeout));
  return connection;
}

function connect({ host, port }: Target, onBytes: (bytes: string) => void): Socket {
  return createConnection({
    host,
    port,
    noDelay: true,
    onread: {
      buffer: sharedBuffer,
      callback: (length) => {
        onBytes(sharedBuffer.toString('latin1', 0, length));
        return true;
      },
    },
  });
}
