import type { CallEndpoint } from '@learnamp/directory-sync-simulator';

/** What becomes of one post of Graph's. */
export type PostTrouble = 'lost' | 'duplicated' | 'late' | 'reordered';

type Post = Parameters<CallEndpoint>[0];

/** Carries what Graph posts to whichever process answers at the address. */
export type PostOffice = {
  readonly call: CallEndpoint;
  /** Befalls the next notification. */
  readonly arm: (trouble: PostTrouble, lateByMs: number) => { readonly hits: () => number };
  /** Whatever was held back arrives. */
  readonly flush: () => Promise<void>;
};

type Armed = { readonly trouble: PostTrouble; readonly lateByMs: number; hits: number; done: boolean };

const accepted = { status: 202, contentType: '', text: '' };

export const openPostOffice = (
  handlerNow: () => ((request: Request) => Promise<Response>) | undefined,
  sleep: (milliseconds: number) => Promise<void>,
): PostOffice => {
  const armed: Armed[] = [];
  let heldBack: Post[] = [];

  const deliver: CallEndpoint = async ({ url, contentType, body }) => {
    const handler = handlerNow();
    if (handler === undefined) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const headers = { 'content-type': contentType };
    const response = await handler(new Request(url, { method: 'POST', headers, body }));
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      text: await response.text(),
    };
  };
  /** Graph tries again for hours what is not accepted; here the next poll finds it. */
  const tried = (post: Post): Promise<unknown> => deliver(post).catch(() => undefined);
  const flush = async (): Promise<void> => {
    const posts = heldBack;
    heldBack = [];
    for (const post of posts.reverse()) await tried(post);
  };

  return {
    arm: (trouble, lateByMs) => {
      const entry: Armed = { trouble, lateByMs, hits: 0, done: false };
      armed.push(entry);
      return { hits: () => entry.hits };
    },
    flush,
    call: async (post) => {
      // A handshake is answered at once or has failed.
      if (post.url.searchParams.has('validationToken')) return deliver(post);
      const entry = armed.find(({ done }) => !done);
      if (entry === undefined) {
        const answer = await deliver(post);
        await flush();
        return answer;
      }
      entry.done = true;
      entry.hits += 1;
      if (entry.trouble === 'duplicated') await tried(post);
      if (entry.trouble === 'duplicated') return deliver(post);
      if (entry.trouble === 'reordered') heldBack.push(post);
      if (entry.trouble === 'late') void sleep(entry.lateByMs).then(() => tried(post));
      return accepted;
    },
  };
};
