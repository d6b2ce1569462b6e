/**
 * What Entra's token endpoint says by number, in our words
 * (https://learn.microsoft.com/entra/identity-platform/reference-error-codes, and https://login.microsoftonline.com/error).
 *
 * The numbers choose a sentence for people, whether another try may help, and whether another credential may: nothing else
 * depends on them, since Microsoft may change them at any time.
 */
export type SignInRefusal = {
  /** What was wrong, as the end of a sentence. */
  readonly says: string;
  /** What to do, as a sentence of its own without its full stop. */
  readonly todo: string;
  /** The secret or certificate itself was refused: another one of the same app may be taken. */
  readonly of?: 'credential' | undefined;
  /** The service's own trouble: tried again instead. */
  readonly passes?: true | undefined;
};

const newSecret =
  'Create a new one under Certificates & secrets of the app registration, and put its value where graph.auth.clientSecret points';
const passing = (says: string): SignInRefusal => ({
  says,
  todo: 'It is tried again by itself; nothing is to be done',
  passes: true,
});
const federation = (part: string): SignInRefusal => ({
  says: `no federated credential of the app has the ${part} of the assertion`,
  todo: `Compare the ${part} of the federated credential in the app registration with the one in the token, letter by letter and in case`,
});
const otherCloud: SignInRefusal = {
  says: 'the tenant belongs to another cloud',
  todo: 'Set graph.cloud to the cloud of the tenant (global, usgov, usgovdod or china), and use an app that is registered there',
};
const noConsent: SignInRefusal = {
  says: 'an administrator has not consented to the application',
  todo: 'Have an administrator of the tenant grant admin consent for the app (App registrations, the app, API permissions)',
};
const conditionalAccess: SignInRefusal = {
  says: 'a policy of the tenant blocks the application',
  todo: 'Look at the sign-in logs of service principals in Entra for the policy, and leave the app or its network address out of it; the credential itself is not in question',
};

export const signInRefusals: Readonly<Record<string, SignInRefusal>> = {
  AADSTS7000215: {
    says: 'the client secret is wrong',
    todo: 'Copy the value of the secret, not its ID, to where graph.auth.clientSecret points, or create a new one',
    of: 'credential',
  },
  AADSTS7000222: { says: 'the client secret has expired', todo: newSecret, of: 'credential' },
  AADSTS7000216: {
    says: 'the request held neither a secret nor an assertion',
    todo: 'Check graph.auth, and that no proxy changes the request',
  },
  AADSTS7000218: {
    says: 'the request held neither a secret nor an assertion',
    todo: 'Check graph.auth, and that no proxy changes the request',
  },
  AADSTS700016: {
    says: 'the application is not known in this tenant',
    todo: 'Check graph.auth.clientId (Application ID, not the object ID) and tenantId; an app of another tenant needs the consent of an administrator of this one first',
  },
  AADSTS7000229: {
    says: 'the application has no enterprise application (service principal) in this tenant',
    todo: 'Have an administrator of the tenant grant admin consent, which creates it, and check tenantId',
  },
  AADSTS7000112: {
    says: 'the application is disabled in this tenant',
    todo: 'Have an administrator enable sign-in for it (Enterprise applications, the app, Properties)',
  },
  AADSTS90002: {
    says: 'the tenant does not exist',
    todo: 'Check tenantId, and that graph.cloud is the cloud of the tenant',
  },
  AADSTS900023: {
    says: 'the tenant id is neither a GUID nor a domain',
    todo: 'Set tenantId to the Directory (tenant) ID on the overview page of Entra ID',
  },
  AADSTS50194: {
    says: 'the application is for one tenant, and the sign-in was for any',
    todo: 'Set tenantId to the Directory (tenant) ID of the tenant, and check that no proxy changes the address of the sign-in',
  },
  AADSTS65001: noConsent,
  AADSTS90094: noConsent,
  AADSTS65004: {
    says: 'the consent was declined',
    todo: 'Have an administrator of the tenant grant admin consent for the app',
  },
  AADSTS501051: {
    says: 'the application is assigned to no role in the tenant',
    todo: 'Assign it to the enterprise application that was asked for, or switch off that an assignment is required there',
  },
  AADSTS500011: {
    says: 'Microsoft Graph is not known in this tenant under the name of this cloud',
    todo: 'Check that graph.cloud is the cloud of the tenant, and tenantId; in a new tenant grant admin consent first',
  },
  AADSTS50034: {
    says: 'the account does not exist in this tenant',
    todo: 'Check tenantId; the sync signs in as an application and needs no account, so check graph.auth.clientId too',
  },
  AADSTS53003: conditionalAccess,
  AADSTS530032: conditionalAccess,
  AADSTS500021: {
    says: 'a tenant restriction on the way out of this network does not allow this tenant',
    todo: 'Have the tenant added to the restriction that the network or its proxy sets',
  },
  AADSTS700027: {
    says: 'the certificate is not registered on the application, has expired, or did not sign the assertion',
    todo: 'Upload the public part of the configured certificate under Certificates & secrets of the app registration, and check its last day',
    of: 'credential',
  },
  AADSTS1000502: {
    says: 'the certificate is not within the time it is valid for',
    todo: 'Check the first and last day of the certificate and the clock of this machine, or configure a new certificate',
    of: 'credential',
  },
  AADSTS7000214: {
    says: 'the certificate was revoked',
    todo: 'Create a new certificate, upload its public part to the app registration, and configure it',
    of: 'credential',
  },
  AADSTS7000277: {
    says: 'the certificate was revoked',
    todo: 'Create a new certificate, upload its public part to the app registration, and configure it',
    of: 'credential',
  },
  AADSTS7000274: {
    says: 'the certificate is not within the time it is valid for',
    todo: 'Check the first and last day of the certificate and the clock of this machine, or configure a new certificate',
    of: 'credential',
  },
  AADSTS700030: {
    says: 'the certificate is not one this application or this cloud accepts',
    todo: 'Upload the public part of the configured certificate to the app registration in the cloud of the tenant, and put the certificate itself first where a file holds a chain',
    of: 'credential',
  },
  AADSTS700024: {
    says: 'the assertion is not within the time it is valid for',
    todo: 'Set the clock of this machine right (NTP); for a federated credential, check that its token file is renewed before it expires',
  },
  AADSTS700021: {
    says: 'the assertion names another application',
    todo: 'Check graph.auth.clientId, and which application the assertion was made for',
  },
  AADSTS50027: {
    says: 'the assertion is not a token that can be read',
    todo: 'Check that the file or the callback of the federated credential gives the token itself and nothing else',
  },
  AADSTS70021: {
    says: 'no federated credential of the app matches the assertion',
    todo: 'Compare issuer, subject and audience of the federated credential in the app registration with the token; a new one takes some minutes to arrive',
  },
  AADSTS700211: federation('issuer'),
  AADSTS700212: federation('audience'),
  AADSTS700213: federation('subject'),
  AADSTS7002138: federation('subject'),
  AADSTS70011: {
    says: 'the scope that was asked for is not one',
    todo: 'Check graph.cloud, and that no proxy changes the request',
  },
  AADSTS90038: otherCloud,
  AADSTS900382: otherCloud,
  AADSTS900432: otherCloud,
  AADSTS90051: otherCloud,
  AADSTS90033: passing('the directory behind the sign-in is not available'),
  AADSTS90006: passing('the sign-in is not available'),
  AADSTS90012: passing('the sign-in took too long'),
  AADSTS90024: passing('the sign-in has a passing trouble'),
  AADSTS90055: passing('too many sign-ins of this tenant arrive at once'),
  AADSTS90090: passing('the sign-in is not available'),
};

/** Own keys only: what arrives chooses the name. */
export const refusalBy = (code: string): SignInRefusal | undefined =>
  Object.hasOwn(signInRefusals, code) ? signInRefusals[code] : undefined;

/** What to do about a refusal that has no sentence of its own. */
export const lookUp = (code: string): string =>
  /^AADSTS\d+$/.test(code)
    ? `Look it up at https://login.microsoftonline.com/error?code=${code.slice('AADSTS'.length)}`
    : 'Check tenantId, graph.auth.authority and any proxy between here and the sign-in';
