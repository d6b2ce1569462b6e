import { Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One connection that was opened from this process, and everything that was written to it. */
export type SpiedSocket = { readonly host: string; readonly port: number; readonly sent: () => string };

type Method = (this: Socket, ...args: Array<unknown>) => unknown;

type Target = { readonly host: string; readonly port: number };

/** The forms of the arguments of `connect`: options, or a port and a host; those of `net.connect` come as an array of both. */
const targetOf = (args: ReadonlyArray<unknown>): Target => {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as ReadonlyArray<unknown>) : args;
  if (typeof first === 'object' && first !== null) {
    const { host, port, path } = first as { readonly host?: string; readonly port?: unknown; readonly path?: string };
    return { host: host ?? path ?? 'localhost', port: Number(port ?? 0) };
  }
  return { host: typeof second === 'string' ? second : 'localhost', port: Number(first) };
};

const bytesOf = (chunk: unknown): string =>
  typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : '';

/**
 * Every connection that anything in this process opens until the test ends, whichever client does it: seen at the socket
 * itself, below `fetch`, `http`, `tls` and every dispatcher.
 */
export const spyOnSockets = (): ReadonlyArray<SpiedSocket> => {
  const seen: SpiedSocket[] = [];
  const methods = Socket.prototype as unknown as Record<'connect' | 'write' | 'end', Method>;
  const before = { connect: methods.connect, write: methods.write, end: methods.end };
  const written = new WeakMap<Socket, string[]>();
  const noting = (method: Method): Method =>
    function (...args) {
      written.get(this)?.push(bytesOf(args[0]));
      return Reflect.apply(method, this, args);
    };
  methods.connect = function (...args) {
    const parts: string[] = [];
    written.set(this, parts);
    seen.push({ ...targetOf(args), sent: () => parts.join('') });
    return Reflect.apply(before.connect, this, args);
  };
  methods.write = noting(before.write);
  methods.end = noting(before.end);
  onTestFinished(() => {
    Object.assign(methods, before);
  });
  return seen;
};
