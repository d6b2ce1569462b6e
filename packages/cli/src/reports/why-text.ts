import type { LiveStep, Why, WhyCommand, WhyEvent, WhyFields, WhyWait } from '@learnamp/directory-sync';
import { printable } from './printable.js';
import type { Style } from './style.js';

const INDENT = '  ';

const answered = (requestId: string | null): string => (requestId === null ? '' : ` (request-id ${requestId})`);

const fields = (values: WhyFields): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${value ?? 'empty'}`)
    .join(', ');

const waitLine = ({ kind, says, until }: WhyWait, style: Style): string =>
  `${INDENT}${style.warning(kind)}: ${printable(says)} ${printable(until)}.`;

export const eventLine = ({ revision, recordedAt, source, says, graphRequestId }: WhyEvent): string =>
  `${INDENT}${revision.padStart(6)}  ${recordedAt}  ${source.padEnd(13)}  ${printable(says)}${answered(graphRequestId)}`;

const byRevision = (a: WhyEvent, b: WhyEvent): number => (BigInt(a.revision) < BigInt(b.revision) ? -1 : 1);

const outcomes: Readonly<Record<WhyCommand['receipt']['outcome'], keyof Style>> = {
  succeeded: 'good',
  rejected: 'bad',
  deferred: 'warning',
  parked: 'warning',
  'identity-conflict': 'warning',
  seen: 'faint',
  'not-tried': 'faint',
  unknown: 'bad',
};

export const commandLines = (command: WhyCommand, style: Style): ReadonlyArray<string> => {
  const { revision, recordedAt, kind, because, reason, risk, approved, before, after, receipt, commandId } = command;
  const weight = [...(risk === null || risk === 'safe' ? [] : [risk]), ...(approved ? ['approved'] : [])];
  const under = ' '.repeat(10);
  const from = because.length === 0 ? '' : ` (${because.map((at) => `revision ${at}`).join(', ')})`;
  const at = receipt.revision === null ? '' : ` (revision ${receipt.revision})`;
  return [
    `${INDENT}${revision.padStart(6)}  ${recordedAt}  ${kind}: ${style[outcomes[receipt.outcome]](receipt.outcome)}${weight.length === 0 ? '' : ` (${weight.join(', ')})`}`,
    `${under}because ${printable(reason)}${from}`,
    ...(before !== null && Object.keys(before).length > 0 ? [`${under}before  ${printable(fields(before))}`] : []),
    ...(after === null ? [] : [`${under}after   ${printable(fields(after))}`]),
    `${under}receipt ${printable(receipt.says)}${at}`,
    `${under}${style.faint(`command ${commandId}`)}`,
  ];
};

export const stepLine = ({ step, outcome, says, requestId }: LiveStep, style: Style): string => {
  const mark = outcome === 'yes' ? style.good(outcome) : outcome === 'no' ? style.warning(outcome) : style.bad(outcome);
  return `${INDENT}${step.padEnd(13)}  ${mark}: ${printable(says)}${answered(requestId)}`;
};

export const section = (title: string, lines: ReadonlyArray<string>, style: Style): ReadonlyArray<string> =>
  lines.length === 0 ? [] : ['', style.strong(title), ...lines];

const accountLine = ({ account }: Why): string => {
  if (account.learnAmpUserId === null) return 'none';
  const parts = [
    account.status === null ? [] : [account.status],
    account.primaryTeam === null ? [] : [`primary team ${account.primaryTeam}`],
    account.managerLearnAmpUserId === null ? [] : [`manager account ${account.managerLearnAmpUserId}`],
  ].flat();
  return `${account.learnAmpUserId}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
};

const scopeLines = ({ scope: { inScope, groupPath, groupNames } }: Why): ReadonlyArray<string> => {
  if (!inScope) return ['In scope  no'];
  const names = groupPath.map((groupId, place) => printable(groupNames[place] ?? groupId));
  return [
    `In scope  yes, through ${names.length === 0 ? 'a group' : names.join(' > ')}`,
    ...(groupNames.some((name) => name !== null) ? [`Groups    ${groupPath.join(' > ')}`] : []),
  ];
};

const nextLines = ({ next }: Why): ReadonlyArray<string> =>
  next.commands.length === 0
    ? [`${INDENT}nothing`]
    : next.commands.map(
        ({ kind, says, risk }) => `${INDENT}${kind}: ${printable(says)}${risk === 'safe' ? '' : ` (${risk})`}`,
      );

const lookedLines = ({ looked }: Why): ReadonlyArray<string> =>
  looked === null
    ? []
    : [
        `${INDENT}the log, by the index of the person; the scope group ${looked.scopeGroupId}; ${looked.inScope} people in scope`,
        ...(looked.cursors.length === 0 ? [`${INDENT}nothing was read yet`] : []),
        ...looked.cursors.map(
          ({ cursor, readToEndAt, unfinished }) =>
            `${INDENT}${cursor}: ${readToEndAt === null ? 'never read to its end' : `read to its end at ${readToEndAt}`}${unfinished ? ', a read is under way' : ''}`,
        ),
        ...looked.reasons.map(({ reason, applies, says }) => `${INDENT}${reason} (${applies}): ${printable(says)}`),
      ];

/** One person explained, for people: the answer first, then what it rests on. */
export const whyText = (why: Why, style: Style): string => {
  const { userId, waits, answers, events, commands, scope, live } = why;
  return [
    style.strong(printable(why.conclusion)),
    '',
    `Person    ${userId}`,
    ...scopeLines(why),
    `Account   ${printable(accountLine(why))}`,
    ...section(
      'Waits',
      waits.map((wait) => waitLine(wait, style)),
      style,
    ),
    ...(why.looked === null ? section('Next', nextLines(why), style) : []),
    ...section('Looked at', lookedLines(why), style),
    ...section(
      'In particular',
      answers.map(({ topic, says }) => `${INDENT}${topic.padEnd(13)}  ${printable(says)}`),
      style,
    ),
    ...section('What was said', [...scope.nesting, ...events].sort(byRevision).map(eventLine), style),
    ...section(
      'What was sent',
      commands.flatMap((command) => commandLines(command, style)),
      style,
    ),
    ...(live === null
      ? []
      : section(
          `Asked now (${live.askedAt})`,
          [...live.steps.map((step) => stepLine(step, style)), `${INDENT}${live.comparison}`],
          style,
        )),
    '',
  ].join('\n');
};
