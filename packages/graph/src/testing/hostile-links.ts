/**
 * What a hostile or broken answer may put where a link belongs. One table for everything that leads on: the links of delta
 * rounds and lists, `Location`s, and the redirects of photos.
 *
 * In a template, `SCHEME`, `AUTHORITY` and `ORIGIN` are those of the configured Graph, `EVIL` is the authority of another
 * server, `PATH` the path below the base that the link must lead to, and `OTHER` another one in the same Graph.
 */
export type LinkPlace = {
  readonly origin: string;
  readonly evil: string;
  readonly path: string;
  readonly other: string;
};

export const spell = (template: string, { origin, evil, path, other }: LinkPlace): string => {
  const [scheme = '', authority = ''] = origin.split('://');
  const words = { ORIGIN: origin, SCHEME: scheme, AUTHORITY: authority, EVIL: evil, PATH: path, OTHER: other };
  return template.replace(
    /ORIGIN|SCHEME|AUTHORITY|EVIL|PATH|OTHER/g,
    (word) => Object.entries(words).find(([name]) => name === word)?.[1] ?? word,
  );
};

/** Taken, whatever the place: as written by servers that spell in another way than ours. */
export const friendlyLinks: ReadonlyArray<string> = [
  'ORIGIN/v1.0/PATH',
  'ORIGIN/v1.0/PATH?$skiptoken=abc',
  'ORIGIN/v1.0/PATH?$skipToken=abc',
  'ORIGIN/v1.0/PATH?$deltaToken=abc',
  'ORIGIN/v1.0/PATH?$deltatoken=',
  'ORIGIN/v1.0/PATH?%24skiptoken=abc',
  'ORIGIN/v1.0/PATH?%24deltatoken=a%2Fb%2Bc%3D',
  'ORIGIN/v1.0/PATH?$SKIPTOKEN=abc&$select=id,displayName&extra=1&extra=2&=&&',
  "ORIGIN/v1.0/PATH?$filter=id eq 'a'",
  'ORIGIN/v1.0/PATH?$skiptoken=https://evil.example/@x\u00e9?y=/../',
  'ORIGIN/v1.0/PATH?',
];

const otherHosts: ReadonlyArray<string> = [
  'SCHEME://EVIL/v1.0/PATH?$skiptoken=x',
  'https://EVIL/v1.0/PATH?$skiptoken=x',
  'http://EVIL/v1.0/PATH?$skiptoken=x',
  '//EVIL/v1.0/PATH?$skiptoken=x',
  '///EVIL/v1.0/PATH',
  '/\\EVIL/v1.0/PATH',
  'SCHEME://AUTHORITY.EVIL/v1.0/PATH',
  'SCHEME://AUTHORITY@EVIL/v1.0/PATH',
  'SCHEME://AUTHORITY:x@EVIL/v1.0/PATH',
  'SCHEME://AUTHORITY%40EVIL/v1.0/PATH',
  'SCHEME://AUTHORITY\\@EVIL/v1.0/PATH',
  'SCHEME://AUTHORITY\t.EVIL/v1.0/PATH',
  'SCHEME://AUTHORITY#@EVIL/v1.0/PATH',
  'SCHEME://EVIL#@AUTHORITY/v1.0/PATH',
  'SCHEME://EVIL?@AUTHORITY/v1.0/PATH',
  'SCHEME://EVIL\\.AUTHORITY/v1.0/PATH',
  'SCHEME://EVIL;AUTHORITY/v1.0/PATH',
  'SCHEME://EVIL,AUTHORITY/v1.0/PATH',
  'SCHEME://EVIL/ORIGIN/v1.0/PATH',
  'SCHEME:\\\\EVIL\\v1.0\\PATH',
  'SCHEME://user:pass@AUTHORITY/v1.0/PATH',
  'SCHEME://@AUTHORITY/v1.0/PATH',
  'SCHEME://:@AUTHORITY/v1.0/PATH',
  'SCHEME://EVIL@AUTHORITY/v1.0/PATH',
  'SCHEME://evil-AUTHORITY/v1.0/PATH',
  'SCHEME://evil.AUTHORITY/v1.0/PATH',
  'https://graph.microsoft.us/v1.0/PATH',
  'https://dod-graph.microsoft.us/v1.0/PATH',
  'https://microsoftgraph.chinacloudapi.cn/v1.0/PATH',
  'https://login.microsoftonline.com/v1.0/PATH',
  'https://microsoft.com/v1.0/PATH',
  'https://graph%2emicrosoft.com/v1.0/PATH',
  'https://gr\u0430ph.microsoft.com/v1.0/PATH',
  'https://xn--grph-43d.microsoft.com/v1.0/PATH',
  'https://graph\u3002microsoft.com/v1.0/PATH',
  'https://graph.microsoft.c\uff4fm/v1.0/PATH',
  'https://graph.micro\u017foft.com/v1.0/PATH',
  'https://graph.micro\u00adsoft.com/v1.0/PATH',
  'https://graph.microsoft.com\u200b/v1.0/PATH',
  'https://\u202egraph.microsoft.com/v1.0/PATH',
];

const otherSpellings: ReadonlyArray<string> = [
  'SCHEME://AUTHORITY./v1.0/PATH',
  'SCHEME://AUTHORITY../v1.0/PATH',
  'SCHEME://AUTHORITY:/v1.0/PATH',
  'SCHEME://AUTHORITY:8443/v1.0/PATH',
  'SCHEME://AUTHORITY:0/v1.0/PATH',
  'SCHEME://AUTHORITY:00443/v1.0/PATH',
  'SCHEME://AUTHORITY:443:443/v1.0/PATH',
  'SCHEME://AUTHORITY:\u0664\u0664\u0663/v1.0/PATH',
  'http://2130706433:1/v1.0/PATH',
  'http://0x7f000001:1/v1.0/PATH',
  'http://0x7f.1:1/v1.0/PATH',
  'http://0177.0.0.1:1/v1.0/PATH',
  'http://127.1:1/v1.0/PATH',
  'http://[::1]:1/v1.0/PATH',
  'http://[::ffff:127.0.0.1]:1/v1.0/PATH',
  'http://[fe80::1%25lo]:1/v1.0/PATH',
  'http://169.254.169.254/v1.0/PATH',
  'http://localhost:1/v1.0/PATH',
  'SCHEME:AUTHORITY/v1.0/PATH',
  'SCHEME:/AUTHORITY/v1.0/PATH',
  'SCHEME:///AUTHORITY/v1.0/PATH',
  'SCHEME://',
  'SCHEME:///v1.0/PATH',
  'ftp://AUTHORITY/v1.0/PATH',
  'ws://AUTHORITY/v1.0/PATH',
  'file:///v1.0/PATH',
  'data:text/plain,ORIGIN/v1.0/PATH',
  'javascript:alert(1)//AUTHORITY/v1.0/PATH',
  'blob:ORIGIN/v1.0/PATH',
  'view-source:ORIGIN/v1.0/PATH',
  'SCHEME\u200b://AUTHORITY/v1.0/PATH',
  ' ORIGIN/v1.0/PATH',
  '\ufeffORIGIN/v1.0/PATH',
  '\u00a0ORIGIN/v1.0/PATH',
  'PATH?$skiptoken=x',
  './PATH',
  '?$skiptoken=x',
  '#',
  '',
  ' ',
];

const otherPaths: ReadonlyArray<string> = [
  'ORIGIN/beta/PATH?$skiptoken=x',
  'ORIGIN/v1.0x/PATH',
  'ORIGIN/v2.0/PATH',
  'ORIGIN/V1.0/PATH',
  'ORIGIN/v1%2e0/PATH',
  'ORIGIN/v1.0',
  'ORIGIN/v1.0/',
  'ORIGIN/PATH',
  'ORIGIN/v1.0/OTHER?$skiptoken=x',
  'ORIGIN/v1.0/me/messages/delta',
  'ORIGIN/v1.0/applications/delta',
  'ORIGIN/v1.0/servicePrincipals',
  'ORIGIN/v1.0/$batch',
  'ORIGIN/v1.0/5f1c0b2a-0000-4000-8000-00000000bbbb/PATH',
  'ORIGIN/5f1c0b2a-0000-4000-8000-00000000bbbb/v1.0/PATH',
  'ORIGIN/v1.0/../beta/PATH',
  'ORIGIN/v1.0/../v1.0/PATH',
  'ORIGIN/v1.0/x/../PATH',
  'ORIGIN/v1.0/%2e%2e/beta/PATH',
  'ORIGIN/v1.0/.%2E/beta/PATH',
  'ORIGIN/v1.0/./PATH',
  'ORIGIN/v1.0/%252e%252e/PATH',
  'ORIGIN/v1.0/..;/PATH',
  'ORIGIN/v1.0/..%2f..%2fbeta/PATH',
  'ORIGIN/v1.0%2fPATH',
  'ORIGIN/v1.0/PATH%2f..',
  'ORIGIN/v1.0/PATH%5c',
  'ORIGIN/v1.0/PATH%00',
  'ORIGIN/v1.0/PATH%0d%0aHost:EVIL',
  'ORIGIN/v1.0/PATH%',
  'ORIGIN/v1.0/PATH%c0%ae',
  'ORIGIN/v1.0//PATH',
  'ORIGIN//v1.0/PATH',
  'ORIGIN/v1.0/PATH/',
  'ORIGIN/v1.0/PATH/extra',
  'ORIGIN/v1.0/PATH;x',
  'ORIGIN/v1.0/PATHx',
  'ORIGIN/v1.0\\PATH',
  'ORIGIN/v1.0/PATH#@EVIL',
  'ORIGIN/v1.0/PATH?x=y#z',
  'ORIGIN/v1.0/PATH\r\nHost: EVIL',
  'ORIGIN/v1.0/PATH?x=\r\nHost: EVIL',
  'ORIGIN/v1.0/PATH?x=\u0000',
  'ORIGIN/v1.0/PATH?x=\u0085',
  'ORIGIN/v1.0/PATH?x=\u2028',
  'ORIGIN/v1.0/PATH?x=\u202e',
  'ORIGIN/v1.0/PATH?x=\ud800',
  'ORIGIN/v1.0/PATH?x ',
  'ORIGIN/v1.0/PATH ?x',
  'ORIGIN/v1.0/\uff50ATH',
  `ORIGIN/v1.0/PATH?x=${'y'.repeat(70_000)}`,
];

/** Refused, whatever the place. Those that begin with one slash lead where a `Location` may lead. */
export const hostileLinks: ReadonlyArray<string> = [...otherHosts, ...otherSpellings, ...otherPaths];

/** What an absolute link may not be, but a `Location` may. */
export const relativeLinks: ReadonlyArray<string> = ['/v1.0/PATH', '/v1.0/PATH?$skiptoken=x'];
