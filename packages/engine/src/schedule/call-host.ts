/**
 * Calls what the host gave us. Whatever becomes of it stays here: what it throws, and what a promise it returns rejects with
 * (an async function may stand wherever nothing is returned, and a rejection that nobody takes ends the process).
 */
export const callHost = (call: () => unknown, onFailure: (cause: unknown) => void): void => {
  try {
    void Promise.resolve(call()).catch(onFailure);
  } catch (cause) {
    onFailure(cause);
  }
};
