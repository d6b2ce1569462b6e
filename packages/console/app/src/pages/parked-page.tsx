import { useState } from 'react';
import { Link } from 'wouter';
import type { Parked, Retried } from '@learnamp/directory-sync';
import { change, path, useChange, useRead } from '../api.js';
import { useIsAdmin } from '../app.js';
import { Heading, Mistake, Nothing, Time, Waiting } from '../components/basics.js';
import { ReasonDialog } from '../components/reason-dialog.js';
import { counted } from '../words.js';

/** Who is not as the directory wants, and does not become so by itself. */
export const ParkedPage = ({ company }: { readonly company: string }) => {
  const isAdmin = useIsAdmin();
  const parked = useRead<Parked>(`${path('companies', company)}/parked`);
  const [isAsking, setAsking] = useState(false);
  const retry = useChange((reason: string) =>
    change<Retried>('POST', `${path('companies', company)}/parked/retry`, { reason }),
  );
  if (parked.data === undefined) return parked.error === null ? <Waiting /> : <Mistake refusal={parked.error} />;
  const { people } = parked.data;
  return (
    <>
      <Heading
        aside={
          isAdmin && people.length > 0 ? (
            <button type="button" className="plain" onClick={() => setAsking(true)}>
              Try everybody again
            </button>
          ) : null
        }
      >
        Needs attention
      </Heading>
      <Mistake refusal={retry.error} />
      {retry.data === undefined ? null : (
        <p role="status">
          {counted(retry.data.userIds.length, 'person is', 'people are')} tried again by the next sync.
        </p>
      )}
      {people.length === 0 ? (
        <Nothing>Nobody needs attention.</Nothing>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label="people who need attention">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Why</th>
                <th scope="col">How it stays</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person, place) => (
                <tr key={`${person.userId}${place}`}>
                  <th scope="row">
                    <Link href={`/${path('companies', company)}/people/${person.userId}`}>
                      <bdi>{person.displayName ?? person.userId}</bdi>
                    </Link>
                  </th>
                  <td>
                    {person.kind}: {person.reason}
                  </td>
                  <td>{person.waits.map(({ says, until }) => `${says}, ${until}`).join('; ') || '–'}</td>
                  <td>
                    <Time moment={person.since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isAsking ? (
        <ReasonDialog
          title="Try everybody again?"
          confirm="Try again"
          onConfirm={(reason) => retry.mutate(reason)}
          onClose={() => setAsking(false)}
        >
          <p>
            The next sync asks Learn Amp once more. Whoever has another address there by hand is left out: open that
            person.
          </p>
        </ReasonDialog>
      ) : null}
    </>
  );
};
