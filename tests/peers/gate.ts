import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be shut: whoever comes then is cut off, as is whoever is on the way. */
export interface Gate {
  /** Host and port, like `127.0.0.1:4711`. */
  readonly address: string;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Opens a gate on a free port of 127.0.0.1 before the port of another server there. */
export async function openGate(port: () => number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    keep(incoming);
    if (!isOpen) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(port(), '127.0.0.1');
    keep(outgoing);
    incoming.once('close', () => outgoing.destroy());
    outgoing.once('close', () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${own}`,
    shut() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      isOpen = true;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
