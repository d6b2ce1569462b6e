/** One command on its way. `unknown`: an earlier attempt of it may have reached Learn Amp. `approved`: by name, somebody's. */
export type Dispatch<C> = {
  readonly command: C;
  readonly unknown: boolean;
  readonly approved?: true | undefined;
  readonly signal?: AbortSignal | undefined;
};
