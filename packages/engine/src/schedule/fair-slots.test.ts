import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeFairSlots } from './fair-slots.js';

type Request = { readonly key: string; readonly answer: (response?: Response) => void; readonly fail: () => void };

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const open = (most: number) => {
  const slots = makeFairSlots(most);
  const sent: Request[] = [];
  const fetchFor = (key: string) =>
    slots.sharing(
      key,
      () =>
        new Promise<Response>((resolve, reject) => {
          sent.push({
            key,
            answer: (response = new Response(null, { status: 204 })) => resolve(response),
            fail: () => reject(new TypeError('fetch failed')),
          });
        }),
    );
  const ask = (key: string, init?: RequestInit) => {
    const asked = fetchFor(key)('https://graph.example/', init);
    asked.catch(() => undefined);
    return asked;
  };
  return { slots, sent, ask };
};

it('never lets more than so many be under way, and each waiting key gets its turn', async () => {
  const { slots, sent, ask } = open(2);
  for (let n = 0; n < 10; n += 1) void ask('huge');
  void ask('small');
  void ask('other');
  await settle();
  expect(sent.map(({ key }) => key)).toEqual(['huge', 'huge']);
  expect([slots.underWay(), slots.waiting()]).toEqual([2, 10]);
  sent[0]?.answer();
  await settle();
  sent[1]?.answer();
  await settle();
  sent[2]?.answer();
  await settle();
  // After one more of the one that was first in line, the others had theirs.
  expect(sent.slice(2).map(({ key }) => key)).toEqual(['huge', 'small', 'other']);
});

it('holds the slot until the body was read, and gives it back when it is', async () => {
  const { slots, sent, ask } = open(1);
  const first = ask('one');
  void ask('two');
  await settle();
  sent[0]?.answer(new Response('{"value":[]}', { status: 200, headers: { 'content-type': 'application/json' } }));
  const response = await first;
  await settle();
  expect(sent).toHaveLength(1);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.text()).toBe('{"value":[]}');
  await settle();
  expect(sent).toHaveLength(2);
  expect(slots.underWay()).toBe(1);
});

it('gives it back when the body is cancelled, breaks off, or the request fails', async () => {
  const { slots, sent, ask } = open(1);
  const cancelled = ask('one');
  await settle();
  sent[0]?.answer(new Response('a body that nobody reads'));
  await (await cancelled).body?.cancel();
  expect(slots.underWay()).toBe(0);

  const broken = ask('one');
  await settle();
  const stream = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
  sent[1]?.answer(new Response(stream));
  await expect((await broken).text()).rejects.toThrow('reset');
  expect(slots.underWay()).toBe(0);

  const failed = ask('one');
  await settle();
  sent[2]?.fail();
  await expect(failed).rejects.toThrow('fetch failed');
  expect(slots.underWay()).toBe(0);
});

it('a signal that aborts frees the slot of a silent request, and the place of one that waits', async () => {
  const { slots, sent, ask } = open(1);
  const [silent, waiting] = [new AbortController(), new AbortController()];
  void ask('one', { signal: silent.signal });
  const second = ask('two', { signal: waiting.signal });
  void ask('three');
  await settle();
  waiting.abort();
  await expect(second).rejects.toThrow();
  silent.abort();
  await settle();
  expect(sent.map(({ key }) => key)).toEqual(['one', 'three']);
  expect([slots.underWay(), slots.waiting()]).toEqual([1, 0]);
});

it('no key waits for more than one request of each other key, whatever is asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 }),
      async (most, keys) => {
        const { slots, sent, ask } = open(most);
        for (const key of keys) void ask(key);
        await settle();
        for (let answered = 0; answered < keys.length; answered += 1) {
          expect(slots.underWay()).toBeLessThanOrEqual(most);
          sent[answered]?.answer();
          await settle();
        }
        expect(sent).toHaveLength(keys.length);
        expect([slots.underWay(), slots.waiting()]).toEqual([0, 0]);
        const queued = sent.slice(most).map(({ key }) => key);
        // Between two requests of one key, while others wait, each other key that waits comes at most once.
        queued.forEach((key, index) => {
          const next = queued.indexOf(key, index + 1);
          const between = next < 0 ? [] : queued.slice(index + 1, next);
          expect(new Set(between).size).toBe(between.length);
        });
      },
    ),
    { numRuns: 60 },
  );
});
