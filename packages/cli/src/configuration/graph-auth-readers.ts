import * as E from 'fp-ts/lib/Either.js';
import type { GraphAuth } from './graph-auth.js';
import { fileNamedBy, material } from './material.js';
import { byKind, defaulted, guid, mistake, oneOf, optional, type Reader, record, required, yesOrNo } from './reader.js';
import { secret, type SecretSources } from './secret.js';
import { authorityPath, webAddress } from './web-address.js';

export const secretShape = '{ "env": "NAME" } or { "file": "PATH" }';

export const fixedToken = (sources: SecretSources) =>
  record<Extract<GraphAuth, { readonly kind: 'token' }>>({
    kind: oneOf(['token']),
    token: required(secret(sources), secretShape),
  });

/** A day, to its end: Entra's page of the secrets shows days. Or an exact time. */
const moment: Reader<Date> = (input, path) => {
  const says = 'must be a day or a time, such as 2027-01-31 or 2027-01-31T09:00:00Z';
  if (typeof input !== 'string' || !/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(input))
    return mistake(path, says);
  const at = new Date(input.includes('T') ? input : `${input}T23:59:59Z`);
  return Number.isNaN(at.getTime()) ? mistake(path, says) : E.right(at);
};

const authority = optional(webAddress(authorityPath));
const clientId = required(guid, 'the Application (client) ID of the app registration');

export const graphAuth = (sources: SecretSources): Reader<GraphAuth> =>
  byKind<GraphAuth>({
    'client-secret': record<Extract<GraphAuth, { readonly kind: 'client-secret' }>>({
      kind: oneOf(['client-secret']),
      authority,
      clientId,
      clientSecret: required(secret(sources), secretShape),
      otherClientSecret: optional(secret(sources)),
      expiresAt: optional(moment),
    }),
    certificate: record<Extract<GraphAuth, { readonly kind: 'certificate' }>>({
      kind: oneOf(['certificate']),
      authority,
      clientId,
      certificate: required(material(sources), `PEM or PFX, as ${secretShape}`),
      privateKey: optional(material(sources)),
      passphrase: optional(secret(sources)),
      sendCertificateChain: defaulted(yesOrNo, false),
    }),
    federated: record<Extract<GraphAuth, { readonly kind: 'federated' }>>({
      kind: oneOf(['federated']),
      authority,
      clientId,
      tokenFile: required(fileNamedBy(sources), 'the file of the token, or { "env": "AZURE_FEDERATED_TOKEN_FILE" }'),
    }),
    token: fixedToken(sources),
  });
