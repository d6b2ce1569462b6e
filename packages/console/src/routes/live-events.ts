import type { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { companyOf, type ConsoleEnv, type Parts } from '../console-context.js';
import { given, kindsIn, revisionIn } from './asked-events.js';
import { headOf } from './head-of.js';

/** What a tab may be behind by: one that slept for longer reads its page anew. */
const CATCHES_UP = 500n;
/** A stream ends after so long; the browser opens it again, and whoever lost their rights meanwhile is refused then. */
const LONGEST_MS = 5 * 60_000;
/** Proxies close what is silent. */
const BEAT_MS = 20_000;
const AGAIN_MS = 3_000;
/** Over all companies; where one more is opened, the oldest ends. */
const MOST = 50;

/** A new stream, at the expense of the oldest one where there are too many. */
const enter = (open: Set<AbortController>): AbortController => {
  const [oldest] = open;
  if (open.size >= MOST && oldest !== undefined) {
    oldest.abort();
    open.delete(oldest);
  }
  const own = new AbortController();
  open.add(own);
  return own;
};

/** Events as they are recorded, as server-sent events: pushed when the log tells of them, and asked for by nobody. */
export const addLiveEvents = (api: Hono<ConsoleEnv>, parts: Parts): void => {
  const open = new Set<AbortController>();
  api.get('/companies/:company/events/live', async (request) => {
    const { engine } = companyOf(parts, request);
    const asked = kindsIn(request);
    const head = await headOf(engine);
    const seen = revisionIn('Last-Event-ID', given(request.req.header('last-event-id')));
    const wanted = seen === undefined ? revisionIn('from', given(request.req.query('from'))) : seen + 1n;
    const isBehind = wanted !== undefined && head - wanted > CATCHES_UP;
    const from = wanted === undefined || isBehind ? head + 1n : wanted;
    request.header('content-type', 'text/event-stream; charset=utf-8');
    request.header('x-accel-buffering', 'no');
    const own = enter(open);
    return stream(
      request,
      async (output) => {
        output.onAbort(() => own.abort());
        const beat = setInterval(() => void output.write(': still here\n\n'), BEAT_MS);
        const end = setTimeout(() => own.abort(), LONGEST_MS);
        try {
          await output.write(`retry: ${AGAIN_MS}\n\n`);
          if (isBehind) await output.write('event: behind\ndata: \n\n');
          for await (const event of engine.events({ ...asked, follow: true, from, signal: own.signal }))
            await output.write(`id: ${event.revision}\ndata: ${JSON.stringify(event)}\n\n`);
        } finally {
          clearInterval(beat);
          clearTimeout(end);
          open.delete(own);
        }
      },
      // The stream ends, and the browser comes again: what is wrong with the log is told by the page that it reads then.
      () => Promise.resolve(),
    );
  });
};
