import { createRequire } from 'node:module';
import type * as undici from 'undici';

/** Where undici, and the copy of it inside Node, look for the dispatcher of the whole process. */
const PROCESS_WIDE = Symbol.for('undici.globalDispatcher.1');

const require = createRequire(import.meta.url);

/**
 * Loads undici and leaves the process as it is. When it is loaded undici puts an agent of its own in the place that the built-in
 * `fetch` reads as well, unless somebody is there: the host's requests would go through ours from then on.
 *
 * The built-in copy looks into that place once, when it is loaded itself, which is when one of its classes is first asked for,
 * by undici too. So it is loaded first: it finds the place empty and takes it. Where it looks elsewhere, somebody is there for the
 * moment that undici looks.
 */
const load = (): typeof undici => {
  Reflect.get(globalThis, 'Headers');
  if (Object.hasOwn(globalThis, PROCESS_WIDE)) return require('undici') as typeof undici;
  Object.defineProperty(globalThis, PROCESS_WIDE, { value: {}, configurable: true });
  try {
    return require('undici') as typeof undici;
  } finally {
    Reflect.deleteProperty(globalThis, PROCESS_WIDE);
  }
};

let loaded: typeof undici | undefined;

export const loadUndici = (): typeof undici => (loaded ??= load());
