import type { GraphSettings } from './graph-settings.js';

export type Cloud = GraphSettings['cloud'];

/**
 * Where each national cloud answers (https://learn.microsoft.com/graph/deployments). Tokens and scopes of one cloud
 * are worth nothing in another.
 */
export const cloudDefaults: Readonly<Record<Cloud, { readonly baseUrl: string; readonly authority: string }>> = {
  global: { baseUrl: 'https://graph.microsoft.com/v1.0', authority: 'https://login.microsoftonline.com' },
  usgov: { baseUrl: 'https://graph.microsoft.us/v1.0', authority: 'https://login.microsoftonline.us' },
  usgovdod: { baseUrl: 'https://dod-graph.microsoft.us/v1.0', authority: 'https://login.microsoftonline.us' },
  china: { baseUrl: 'https://microsoftgraph.chinacloudapi.cn/v1.0', authority: 'https://login.chinacloudapi.cn' },
};

/** The scope names the cloud's Graph, whatever `baseUrl` is: a proxy or a loopback has no scope of its own. */
export const scopeOf = (cloud: Cloud): string => `${new URL(cloudDefaults[cloud].baseUrl).origin}/.default`;
