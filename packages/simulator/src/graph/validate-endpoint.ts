import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Graph waits so long for the answer to its validation request. */
const patience = 10_000;

/** Enough for any token; a longer answer is not the token. */
const longestAnswer = 4096;

/**
 * The handshake: `POST {url}?validationToken=…` must be answered with 200, `text/plain` and the decoded token
 * (change-notifications-delivery-webhooks).
 */
export const validateEndpoint = (target: string, token: string): Promise<'valid' | 'failed' | 'timed-out'> =>
  new Promise((resolve) => {
    const url = new URL(target);
    url.searchParams.set('validationToken', token);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = send(
      url,
      { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': '0' } },
      (incoming) => {
        let answer = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (part: string) => {
          answer += part;
          if (answer.length > longestAnswer) incoming.destroy();
        });
        incoming.on('close', () => {
          const plain = (incoming.headers['content-type'] ?? '').toLowerCase().startsWith('text/plain');
          resolve(incoming.statusCode === 200 && plain && answer === token ? 'valid' : 'failed');
        });
      },
    );
    const timer = setTimeout(() => {
      resolve('timed-out');
      outgoing.destroy();
    }, patience);
    timer.unref();
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', () => resolve('failed'));
    outgoing.end();
  });
