import type { GraphSettings } from '../graph-settings.js';
import { certificateNow } from './credentials.js';

/**
 * When the credential ends, where that is known: the last moment of the certificate as it is kept now, or what was said of
 * the client secret. `undefined` where nobody can say, also where the certificate cannot be read: the sign-in tells that.
 */
export const credentialExpiry = async (auth: GraphSettings['auth']): Promise<Date | undefined> => {
  if (auth.kind === 'client-secret') return auth.expiresAt;
  if (auth.kind !== 'certificate') return undefined;
  try {
    return (await certificateNow(auth)).notAfter;
  } catch {
    return undefined;
  }
};
