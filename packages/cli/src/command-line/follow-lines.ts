import type { Output } from './output.js';

const BATCH = 32_768;

const untilIdle = (): Promise<'idle'> =>
  new Promise((resolve) => {
    setImmediate(() => resolve('idle'));
  });

/**
 * Writes lines as they come. What is there already goes out in batches; as soon as the next line has to be waited for,
 * everything before it is written. `leave` is called at the end: it must end a wait for the next line, where a reader
 * that went away would wait for it, too.
 */
export const followLines = async (output: Output, lines: AsyncIterable<string>, leave: () => void): Promise<void> => {
  const iterator = lines[Symbol.asyncIterator]();
  let batch = '';
  const flush = async (): Promise<void> => {
    const text = batch;
    batch = '';
    if (text !== '') await output.write(text);
  };
  try {
    for (;;) {
      const next = iterator.next();
      if (batch !== '' && (await Promise.race([next, untilIdle()])) === 'idle') await flush();
      const found = await next;
      if (found.done === true) break;
      batch += `${found.value}\n`;
      if (batch.length >= BATCH) await flush();
    }
  } finally {
    leave();
    await flush();
    await iterator.return?.();
  }
};
