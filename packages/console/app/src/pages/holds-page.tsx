import { useState } from 'react';
import { Link } from 'wouter';
import type { Held, HeldPerson, HoldDecided } from '@learnamp/directory-sync';
import { holdReasonWords } from '@learnamp/directory-sync/words';
import { change, path, useChange, useRead } from '../api.js';
import { useIsAdmin } from '../app.js';
import { Badge, Heading, Mistake, Nothing, Time, Waiting } from '../components/basics.js';
import { ReasonDialog } from '../components/reason-dialog.js';
import { counted } from '../words.js';

type Decision = 'approve' | 'approve-all' | 'reject';

const evidence = ({ evidence: { leave, blocked }, role }: HeldPerson): string =>
  [
    leave === null
      ? ''
      : leave.reason === 'deleted'
        ? 'deleted in Entra'
        : leave.reason === 'removed'
          ? 'removed from the group'
          : 'another group was chosen',
    leave === null ? '' : `read ${counted(leave.confirmations + 1, 'time', 'times')}`,
    blocked ? 'sign-in is blocked' : '',
    role === null ? '' : `role at Learn Amp: ${role}`,
  ]
    .filter((each) => each !== '')
    .join(', ');

const words = { approve: 'Approve', 'approve-all': 'Approve', reject: 'Reject' } as const;

const questions = {
  approve: 'They are deactivated or created by the next sync. A deactivation destroys tasks and enrolments.',
  'approve-all':
    'Everybody who is held now, but owners and admins of Learn Amp, is deactivated or created by the next sync. A deactivation destroys tasks and enrolments.',
  reject: 'They keep what they have. They come up again with a new change of theirs.',
} as const;

type Choice = {
  readonly chosen: ReadonlySet<string>;
  readonly choose: (ids: ReadonlyArray<string>, isChosen: boolean) => void;
};

const useChoice = (): Choice => {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  return {
    chosen,
    choose: (ids, isChosen) =>
      setChosen((before) => new Set(isChosen ? [...before, ...ids] : [...before].filter((id) => !ids.includes(id)))),
  };
};

type Table = Choice & {
  readonly company: string;
  readonly people: ReadonlyArray<HeldPerson>;
  readonly decides: boolean;
};

const HeldRow = ({
  company,
  person,
  decides,
  chosen,
  choose,
}: Omit<Table, 'people'> & { readonly person: HeldPerson }) => (
  <tr>
    {decides ? (
      <td>
        <input
          type="checkbox"
          aria-label={`Choose ${person.displayName ?? person.userId}`}
          checked={chosen.has(person.userId)}
          onChange={(event) => choose([person.userId], event.target.checked)}
        />
      </td>
    ) : null}
    <th scope="row">
      <Link href={`/${path('companies', company)}/people/${person.userId}`}>
        <bdi>{person.displayName ?? person.userId}</bdi>
      </Link>{' '}
      {person.byName ? <Badge tone="bad">to be named one by one</Badge> : null}
    </th>
    <td>{person.kind === 'deactivations' ? 'deactivated' : 'created'}</td>
    <td>{evidence(person)}</td>
    <td>
      <Time moment={person.since} />
    </td>
  </tr>
);

/** Owners and admins are chosen one by one: the box for everybody leaves them out. */
const HeldTable = ({ people, ...table }: Table) => {
  const { decides, chosen, choose } = table;
  const others = people.filter(({ byName }) => !byName).map(({ userId }) => userId);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="held people">
      <table>
        <thead>
          <tr>
            {decides ? (
              <th scope="col">
                <input
                  type="checkbox"
                  aria-label="Choose everybody but owners and admins"
                  checked={others.length > 0 && others.every((userId) => chosen.has(userId))}
                  onChange={(event) => choose(others, event.target.checked)}
                />
              </th>
            ) : null}
            <th scope="col">Name</th>
            <th scope="col">To be</th>
            <th scope="col">Evidence</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <HeldRow key={person.userId} person={person} {...table} />
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Decided = ({ decided, leftOut }: HoldDecided) => (
  <p role="status">
    {counted(decided.length, 'person was', 'people were')} decided.
    {leftOut.length > 0 ? ` ${counted(leftOut.length, 'person was', 'people were')} left out.` : ''}
  </p>
);

const Counts = ({ counts }: Pick<Held, 'counts'>) => (
  <ul className="counts">
    {counts.map(({ kind, reason, people }) => (
      <li key={`${kind}${reason ?? ''}`}>
        {counted(people, 'person', 'people')} to be {kind === 'deactivations' ? 'deactivated' : 'created'}
        {reason === null ? '' : `: ${holdReasonWords[reason]}`}
      </li>
    ))}
  </ul>
);

/** Who waits for a decision, why and on what evidence; and the decision. */
const Holds = ({ company, held: { people, counts } }: { readonly company: string; readonly held: Held }) => {
  const isAdmin = useIsAdmin();
  const choice = useChoice();
  const [asking, setAsking] = useState<Decision>();
  const here = people.filter(({ userId }) => choice.chosen.has(userId)).map(({ userId }) => userId);
  const all = counts.reduce((sum, { people: number }) => sum + number, 0);
  const decide = useChange(({ decision, reason }: { readonly decision: Decision; readonly reason: string }) => {
    const [verb, whom] = decision === 'approve-all' ? ['approve', {}] : [decision, { userIds: here }];
    return change<HoldDecided>('POST', `${path('companies', company)}/held/${verb}`, { reason, ...whom });
  });
  const number = here.length === 0 ? '' : here.length;
  return (
    <>
      <Mistake refusal={decide.error} />
      {decide.data === undefined ? null : <Decided {...decide.data} />}
      {people.length === 0 ? <Nothing>Nobody waits for a decision.</Nothing> : <Counts counts={counts} />}
      {isAdmin && people.length > 0 ? (
        <div className="buttons">
          <button type="button" className="danger" disabled={here.length === 0} onClick={() => setAsking('approve')}>
            Approve {number}
          </button>
          <button type="button" className="plain" disabled={here.length === 0} onClick={() => setAsking('reject')}>
            Reject {number}
          </button>
          {people.length < all ? (
            <button type="button" className="danger" onClick={() => setAsking('approve-all')}>
              Approve everybody
            </button>
          ) : null}
        </div>
      ) : null}
      {people.length === 0 ? null : <HeldTable company={company} people={people} decides={isAdmin} {...choice} />}
      {people.length < all ? <p className="small">The first {counted(people.length, 'person', 'people')}.</p> : null}
      {asking === undefined ? null : (
        <ReasonDialog
          title={`${words[asking]} ${counted(asking === 'approve-all' ? all : here.length, 'person', 'people')}?`}
          confirm={words[asking]}
          danger={asking !== 'reject'}
          onConfirm={(reason) => decide.mutate({ decision: asking, reason })}
          onClose={() => setAsking(undefined)}
        >
          <p>{questions[asking]}</p>
        </ReasonDialog>
      )}
    </>
  );
};

export const HoldsPage = ({ company }: { readonly company: string }) => {
  const held = useRead<Held>(`${path('companies', company)}/held`);
  if (held.data === undefined) return held.error === null ? <Waiting /> : <Mistake refusal={held.error} />;
  const { scopeFrozen } = held.data;
  return (
    <>
      <Heading>Holds</Heading>
      {scopeFrozen === null ? null : (
        <p className="mistake">
          Nobody leaves for now: {holdReasonWords[scopeFrozen]}. That is not decided here, but in Entra.
        </p>
      )}
      <Holds company={company} held={held.data} />
    </>
  );
};
