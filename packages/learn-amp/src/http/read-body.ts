/** A body as it arrived. `NotJson` keeps no text: it may be anything, also personal data. */
export type Body =
  | { readonly _tag: 'Json'; readonly value: unknown }
  | { readonly _tag: 'Empty' }
  | { readonly _tag: 'NotJson'; readonly html: boolean };

/** A page of 100 expanded accounts is some 300 kB; far beyond that something else is answering. */
const limit = 32 * 1024 * 1024;

const readText = async (response: Response): Promise<string | undefined> => {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
    if (done || value === undefined) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > limit) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
};

/** Reads a body to its end, so that its connection is free again. The content decides, not the declared type. */
export const readBody = async (response: Response): Promise<Body> => {
  const text = await readText(response);
  if (text === undefined) return { _tag: 'NotJson', html: false };
  if (text.trim() === '') return { _tag: 'Empty' };
  try {
    return { _tag: 'Json', value: JSON.parse(text) as unknown };
  } catch {
    return { _tag: 'NotJson', html: /^\s*</.test(text) };
  }
};
