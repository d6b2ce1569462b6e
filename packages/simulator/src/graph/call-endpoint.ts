import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What Graph posts to an endpoint that was named in a subscription. */
export type EndpointCall = { readonly url: URL; readonly contentType: string; readonly body: string };

export type EndpointAnswer = { readonly status: number; readonly contentType: string; readonly text: string };

/** Posts to an endpoint; rejects where it cannot be reached, and with `EndpointTimedOut` where it does not answer. */
export type CallEndpoint = (call: EndpointCall) => Promise<EndpointAnswer>;

export class EndpointTimedOut extends Error {
  constructor() {
    super('The endpoint did not answer in time.');
    this.name = 'EndpointTimedOut';
  }
}

/** Graph waits so long for an answer. */
const patience = 10_000;

/** Enough for any token; what is longer is cut off, and is none. */
const longestAnswer = 4096;

export const callOverHttp: CallEndpoint = ({ url, contentType, body }) =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
    const outgoing = send(url, { method: 'POST', headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (part: string) => {
        text += part;
        if (text.length > longestAnswer) incoming.destroy();
      });
      incoming.on('close', () =>
        resolve({ status: incoming.statusCode ?? 0, contentType: incoming.headers['content-type'] ?? '', text }),
      );
    });
    const timer = setTimeout(() => {
      reject(new EndpointTimedOut());
      outgoing.destroy();
    }, patience);
    timer.unref();
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
