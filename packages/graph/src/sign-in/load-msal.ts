import { createRequire } from 'node:module';
import type * as msal from '@azure/msal-node';

const require = createRequire(import.meta.url);

/**
 * Loads MSAL when somebody signs in: half of what is done with a connection (status, why, replay, rebuild) asks Microsoft nothing.
 * Its CommonJS build is one file, where the other one is 170.
 */
export const loadMsal = (): typeof msal => require('@azure/msal-node') as typeof msal;
