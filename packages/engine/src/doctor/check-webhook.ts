import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { openSubscriptionClient } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { graphError } from '../failure.js';
import { counted, failed, note, ok, type DoctorCheck } from './doctor-check.js';
import type { Asked } from './doctor-options.js';
import { probeCertificate, type CertificateSeen } from './probe-certificate.js';

const DAY = 24 * 3_600_000;
/** Graph gives up then. */
const ANSWER_WITHIN_MS = 10_000;
const LONGEST_ANSWER = 4_096;
/** Of one app in one tenant. */
const MOST_SUBSCRIPTIONS = 100;

const POLLED = 'Until then changes are polled.';

const privateRanges = /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/i;
const isPrivate = (address: string | undefined): boolean =>
  address !== undefined && isIP(address) !== 0 && privateRanges.test(address.replace(/^::ffff:/i, ''));

const certificateFault = (seen: CertificateSeen, host: string, now: Date): DoctorCheck | undefined => {
  if (seen._tag === 'Unreachable') {
    const unknown = seen.fault === 'ENOTFOUND' || seen.fault === 'EAI_AGAIN';
    return unknown
      ? failed(
          'webhook',
          `The name ${host} leads nowhere (${seen.fault}): check notifications.publicUrl and the DNS. ${POLLED}`,
        )
      : note(
          'webhook',
          `Nobody answers at ${host} (${seen.fault}): start "directory-sync run", or the host, behind it. ${POLLED}`,
        );
  }
  if (!seen.trusted)
    return failed(
      'webhook',
      `The certificate of ${host} is not one that Microsoft trusts (${seen.fault ?? 'unknown'}): a public authority has to sign it, for this name, with its whole chain. ${POLLED}`,
    );
  if (seen.notAfter !== undefined && seen.notAfter.getTime() - now.getTime() < 14 * DAY)
    return note('webhook', `The certificate of ${host} ends on ${seen.notAfter.toISOString().slice(0, 10)}: renew it.`);
  return isPrivate(seen.address)
    ? note(
        'webhook',
        `The name ${host} leads to a private address from here: Microsoft calls it from the internet, and has to reach it there.`,
      )
    : undefined;
};

/** At most so much of an answer is read: a proxy's page is longer than any token. */
const readStart = async (response: Response): Promise<string> => {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  if (reader === undefined) return '';
  const parts: Uint8Array[] = [];
  for (let length = 0; length <= LONGEST_ANSWER;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString('utf8');
    parts.push(value);
    length += value.byteLength;
  }
  await reader.cancel();
  return '';
};

type Handshake = 'answered' | 'slow' | { readonly gateway: string } | { readonly wrong: string };

/** As Graph does when it is asked to subscribe (change-notifications-delivery-webhooks). */
const shakeHands = async (publicUrl: string, { world, signal }: Asked): Promise<Handshake> => {
  const url = new URL(publicUrl);
  const token = `doctor ${randomBytes(12).toString('base64url')} +&`;
  url.searchParams.set('validationToken', token);
  const begun = world.now().getTime();
  try {
    const response = await world.fetch(url.href, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const text = await readStart(response);
    const isPlain = /^text\/plain\b/i.test(response.headers.get('content-type') ?? '');
    if ([502, 503, 504].includes(response.status)) return { gateway: `status ${response.status}` };
    if (response.status !== 200) return { wrong: `with status ${response.status}` };
    if (!isPlain) return { wrong: 'with something other than text/plain' };
    if (text !== token) return { wrong: 'with something other than the token' };
    return world.now().getTime() - begun > 3_000 ? 'slow' : 'answered';
  } catch {
    return { gateway: 'no answer' };
  }
};

const handshakeCheck = (handshake: Handshake, publicUrl: string): DoctorCheck => {
  const { host, hostname } = new URL(publicUrl);
  if (handshake === 'slow')
    return note(
      'webhook',
      `${host} answers the validation in more than 3 seconds: Microsoft holds notifications back from so slow an address.`,
    );
  if (handshake === 'answered')
    return ok(
      'webhook',
      `${host} answers the validation of Microsoft Graph${isPrivate(hostname) || hostname === 'localhost' ? ', on this machine alone' : ''}.`,
    );
  return 'gateway' in handshake
    ? note(
        'webhook',
        `Nobody answers behind ${host} (${handshake.gateway}): start "directory-sync run", or the host, behind it. ${POLLED}`,
      )
    : failed(
        'webhook',
        `${host} answers the validation of Microsoft Graph ${handshake.wrong}: notifications.publicUrl has to lead to "directory-sync run", or to the host’s handler, by POST. ${POLLED}`,
      );
};

/** The notification address: its name, its certificate, and whether it answers as Graph wants. */
export const checkWebhook = async (asked: Asked): Promise<DoctorCheck> => {
  const { options, world, signal } = asked;
  const { notifications } = options;
  if (notifications === undefined) return ok('webhook', 'No notifications are configured: changes are polled.');
  const url = new URL(notifications.publicUrl);
  let remark: DoctorCheck | undefined;
  if (url.protocol === 'https:') {
    const seen = await (options.probeCertificate ?? probeCertificate)(url, signal);
    remark = certificateFault(seen, url.host, world.now());
    if (remark !== undefined && (seen._tag === 'Unreachable' || !seen.trusted)) return remark;
  }
  const shaken = handshakeCheck(await shakeHands(notifications.publicUrl, asked), notifications.publicUrl);
  return shaken.result === 'ok' ? (remark ?? shaken) : shaken;
};

/** How many of the app's subscriptions are taken, and whether ours are among them. */
export const checkSubscriptions = async ({ options, transport, signal, world }: Asked): Promise<DoctorCheck> => {
  const check = 'subscriptions';
  const { notifications } = options;
  if (notifications === undefined) return ok(check, 'No notifications are configured: nothing is subscribed to.');
  const client = openSubscriptionClient(transport);
  const listed = await client.list({ signal })();
  await client.close();
  if (E.isLeft(listed)) return failed(check, graphError(listed.left).message);
  const ours = listed.right.filter(({ notificationUrl }) => notificationUrl === notifications.publicUrl);
  const taken = `${counted(listed.right.length, 'subscription', 'subscriptions')} of the app in this tenant, of ${MOST_SUBSCRIPTIONS} it may have`;
  if (ours.length === 0)
    return listed.right.length >= MOST_SUBSCRIPTIONS - 2
      ? failed(check, `${taken}: too few are left for this connection; remove those that nobody uses.`)
      : ok(check, `${taken}; none of this address yet: "run" makes them.`);
  const ends = new Date(Math.min(...ours.map(({ expiresAt }) => Date.parse(expiresAt))));
  return ends.getTime() < world.now().getTime() + DAY
    ? note(check, `${taken}; that of this address ends on ${ends.toISOString()}: "run" renews it, so see that it runs.`)
    : ok(check, `${taken}; ${ours.length} of this address, alive until ${ends.toISOString().slice(0, 10)}.`);
};
