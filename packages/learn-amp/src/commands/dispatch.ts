/** One command on its way. `unknown`: an earlier attempt of it may have reached Learn Amp. */
export type Dispatch<C> = { readonly command: C; readonly unknown: boolean; readonly signal?: AbortSignal | undefined };
