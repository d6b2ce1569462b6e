/** One command on its way. `unknown`: an earlier attempt of it may have reached Learn Amp. `approvedByName`: by name, somebody's. */
export type Dispatch<C> = {
  readonly command: C;
  readonly unknown: boolean;
  readonly approvedByName?: true | undefined;
  readonly signal?: AbortSignal | undefined;
};
