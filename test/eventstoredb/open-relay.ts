import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Relay = {
  readonly port: number;
  /** The connections that are open carry nothing more, and nobody closes them, as when a machine vanishes; new ones do. */
  readonly hold: () => void;
};

/** A way to a port of this machine, until the test ends. */
export const openRelay = async (to: number): Promise<Relay> => {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    hold: () => {
      for (const socket of open) {
        socket.unpipe();
        socket.pause();
      }
    },
  };
};
