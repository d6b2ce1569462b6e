import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { PersonSync, Why, WhyCommand, WhyEvent } from '@learnamp/directory-sync';
import type { Person } from '../../../src/contract.js';
import { change, path, useChange, useRead } from '../api.js';
import { useIsAdmin } from '../app.js';
import { Badge, Card, Facts, Heading, Mistake, Nothing, StatusBadge, Waiting } from '../components/basics.js';
import { ReasonDialog } from '../components/reason-dialog.js';
import { GroupPath } from '../components/group-path.js';
import { PastState } from '../components/past-state.js';
import { SideBySide, type KnownManager } from '../components/side-by-side.js';
import { at, receiptWords, sentence, shortened, sourceWords, spaced } from '../words.js';

type Entry =
  | { readonly revision: string; readonly recordedAt: string; readonly event: WhyEvent }
  | { readonly revision: string; readonly recordedAt: string; readonly command: WhyCommand };

/** A command tells of its dispatch and its receipt itself. */
const isOfCommand = ({ type }: WhyEvent): boolean => /^Command(sDispatched|Succeeded|Rejected)$/.test(type);

/** Events and commands in the order in which they were recorded, newest first. */
const timelineOf = ({ events, commands }: Why): ReadonlyArray<Entry> =>
  [
    ...events
      .filter((event) => !isOfCommand(event))
      .map((event): Entry => ({ revision: event.revision, recordedAt: event.recordedAt, event })),
    ...commands.map((command): Entry => ({ revision: command.revision, recordedAt: command.recordedAt, command })),
  ].sort((a, b) => Number(BigInt(b.revision) - BigInt(a.revision)));

const receiptTone = {
  succeeded: 'good',
  seen: 'good',
  rejected: 'bad',
  parked: 'bad',
  deferred: 'warn',
  unknown: 'warn',
  'identity-conflict': 'bad',
  'not-tried': 'quiet',
} as const;

const Changed = ({ command }: { readonly command: WhyCommand }) => {
  const fields = Object.keys(command.after ?? {});
  if (fields.length === 0) return null;
  return (
    <ul className="fields">
      {fields.map((field) => (
        <li key={field}>
          {spaced(field)}:{' '}
          {command.before?.[field] === undefined ? null : <del>{command.before[field] ?? 'empty'}</del>}{' '}
          <ins>{command.after?.[field] ?? 'empty'}</ins>
        </li>
      ))}
    </ul>
  );
};

const TimelineEntry = ({ entry }: { readonly entry: Entry }) => (
  <li className={'event' in entry ? 'happened' : 'sent'}>
    <p className="when">
      <time dateTime={entry.recordedAt}>{at(entry.recordedAt)}</time> · event {entry.revision}
    </p>
    {'event' in entry ? (
      <>
        <p>
          <strong>{spaced(entry.event.type)}</strong>{' '}
          <span className="small">said by {sourceWords[entry.event.source]}</span>
        </p>
        <p>{sentence(entry.event.says)}</p>
        {entry.event.graphRequestId === null ? null : (
          <p className="small">
            Microsoft request <code>{entry.event.graphRequestId}</code>
          </p>
        )}
      </>
    ) : (
      <>
        <p>
          <strong>{spaced(entry.command.kind)}</strong>{' '}
          <Badge tone={receiptTone[entry.command.receipt.outcome]}>{receiptWords[entry.command.receipt.outcome]}</Badge>
        </p>
        <p>{sentence(entry.command.reason)}</p>
        <p>{sentence(entry.command.receipt.says)}</p>
        <Changed command={entry.command} />
      </>
    )}
  </li>
);

const Actions = ({ company, userId }: { readonly company: string; readonly userId: string }) => {
  const [isAsking, setAsking] = useState(false);
  const sync = useChange(() => change<PersonSync>('POST', `${path('companies', company, 'people', userId)}/sync`));
  const retry = useChange((reason: string) =>
    change('POST', `${path('companies', company, 'people', userId)}/retry`, { reason }),
  );
  return (
    <>
      <div className="buttons">
        <button type="button" disabled={sync.isPending} onClick={() => sync.mutate()}>
          {sync.isPending ? 'Syncing…' : 'Sync this person'}
        </button>
        <button type="button" className="plain" onClick={() => setAsking(true)}>
          Try again what was refused
        </button>
      </div>
      <Mistake refusal={sync.error ?? retry.error} />
      {isAsking ? (
        <ReasonDialog
          title="Try again what was refused?"
          confirm="Try again"
          onConfirm={(reason) => retry.mutate(reason)}
          onClose={() => setAsking(false)}
        >
          <p>The next sync asks Learn Amp once more, whatever it said before.</p>
        </ReasonDialog>
      ) : null}
    </>
  );
};

const List = ({ title, items }: { readonly title: string; readonly items: ReadonlyArray<ReactNode> }) =>
  items.length === 0 ? null : (
    <Card title={title}>
      <ul>
        {items.map((item, place) => (
          <li key={place}>{item}</li>
        ))}
      </ul>
    </Card>
  );

type Part = { readonly company: string; readonly userId: string; readonly read: Person };

const Who = ({ company, userId, read: { person, manager, why } }: Part) => {
  const managerId = person?.managerId ?? null;
  return (
    <Card title="Who">
      <Facts
        facts={[
          ['Object id', <code key="id">{userId}</code>],
          ['Learn Amp id', why.account.learnAmpUserId ?? 'none yet'],
          [
            'Manager',
            managerId === null ? (
              'none'
            ) : (
              <Link key="manager" href={`/${path('companies', company)}/people/${managerId}`}>
                <bdi>{manager?.displayName ?? managerId}</bdi>
              </Link>
            ),
          ],
          [
            'In the group by',
            why.scope.groupPath.length === 0 ? 'not in the group' : <GroupPath key="path" {...why.scope} />,
          ],
        ]}
      />
    </Card>
  );
};

const Happened = ({ why }: { readonly why: Why }) => (
  <Card title="What happened">
    {why.events.length === 0 ? (
      <Nothing>There is no event about this person.</Nothing>
    ) : (
      <ol className="timeline">
        {timelineOf(why).map((entry) => (
          <TimelineEntry key={`${entry.revision}${'event' in entry ? 'e' : entry.command.commandId}`} entry={entry} />
        ))}
      </ol>
    )}
  </Card>
);

const managerOf = ({ manager }: Person): KnownManager | undefined =>
  manager === null
    ? undefined
    : { userId: manager.userId, displayName: manager.displayName, account: manager.learnAmpUserId };

/** Why things are as they are, both sides, and everything that happened. */
const Explained = ({ company, userId, read }: Part) => {
  const { now, why } = read;
  const manager = managerOf(read);
  return (
    <>
      <List title="Waits" items={why.waits.map(({ says, until }) => sentence(`${says}, ${until}`))} />
      <List title="The next sync would" items={why.next.commands.map(({ says }) => sentence(says))} />
      <div className="grid">
        <Who company={company} userId={userId} read={read} />
        <List title="Good to know" items={why.answers.map(({ says }) => sentence(says))} />
      </div>
      <Card title="Directory and Learn Amp">
        {now === null ? (
          <Nothing>Nothing is known of this person.</Nothing>
        ) : (
          <SideBySide sides={now} label="both sides now" manager={manager} />
        )}
      </Card>
      <List title="What was looked at" items={(why.looked?.reasons ?? []).map(({ says }) => sentence(says))} />
      <PastState company={company} userId={userId} why={why} manager={manager} />
      <Happened why={why} />
    </>
  );
};

/** One person. */
export const PersonPage = ({ company, person: userId }: { readonly company: string; readonly person: string }) => {
  const isAdmin = useIsAdmin();
  const read = useRead<Person>(path('companies', company, 'people', userId));
  if (read.data === undefined) return read.error === null ? <Waiting /> : <Mistake refusal={read.error} />;
  const { person, why } = read.data;
  return (
    <>
      <Heading aside={person === null ? null : <StatusBadge status={person.status} />}>
        <bdi>{shortened(person?.displayName ?? userId)}</bdi>
      </Heading>
      <p className="conclusion">{sentence(why.conclusion)}</p>
      {isAdmin && person !== null ? <Actions company={company} userId={userId} /> : null}
      <Explained company={company} userId={userId} read={read.data} />
    </>
  );
};
