import { isIP } from 'node:net';
import { connect, rootCertificates, type TLSSocket } from 'node:tls';

/** The certificate that stands at an address, and whether it would be trusted. */
export type CertificateSeen =
  | {
      readonly _tag: 'Seen';
      /** Signed by an authority that everybody knows, and for this name. */
      readonly trusted: boolean;
      /** The system's name of the fault, where it is not. */
      readonly fault: string | undefined;
      readonly notAfter: Date | undefined;
      /** What the name leads to from here. */
      readonly address: string | undefined;
    }
  | { readonly _tag: 'Unreachable'; readonly fault: string };

/** Asks an address for the certificate that it shows. */
export type CertificateProbe = (url: URL, signal: AbortSignal) => Promise<CertificateSeen>;

const TIMEOUT_MS = 10_000;

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'the connection failed';

/** The name of an address as a socket takes it: without the brackets of IPv6. */
const nameOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

const seenOn = (socket: TLSSocket): CertificateSeen => {
  const at = new Date(socket.getPeerCertificate().valid_to);
  return {
    _tag: 'Seen',
    trusted: socket.authorized,
    fault: socket.authorized ? undefined : String(socket.authorizationError),
    notAfter: Number.isNaN(at.getTime()) ? undefined : at,
    address: socket.remoteAddress,
  };
};

/** A probe that trusts these authorities alone, whatever this machine trusts beside them. */
export const certificateProbe =
  (authorities: ReadonlyArray<string>): CertificateProbe =>
  (url, signal) =>
    new Promise((resolve) => {
      const host = nameOf(url);
      const socket = connect({
        host,
        port: url.port === '' ? 443 : Number(url.port),
        // An address without a name is no server name (RFC 6066): the certificate is compared with the address itself.
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ca: [...authorities],
        // The fault is told instead of thrown.
        rejectUnauthorized: false,
        minVersion: 'TLSv1.2',
      });
      const end = (seen: CertificateSeen): void => {
        signal.removeEventListener('abort', abort);
        socket.destroy();
        resolve(seen);
      };
      const abort = (): void => end({ _tag: 'Unreachable', fault: 'stopped' });
      signal.addEventListener('abort', abort, { once: true });
      socket.setTimeout(TIMEOUT_MS, () => end({ _tag: 'Unreachable', fault: 'no answer within 10 s' }));
      socket.once('error', (cause) => end({ _tag: 'Unreachable', fault: codeOf(cause) }));
      socket.once('secureConnect', () => end(seenOn(socket)));
      if (signal.aborted) abort();
    });

/** Opens a TLS connection as Microsoft would, with the authorities that come with Node. Nothing is sent over it. */
export const probeCertificate: CertificateProbe = certificateProbe(rootCertificates);
