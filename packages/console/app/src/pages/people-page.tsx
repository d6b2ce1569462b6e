import { useDeferredValue, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { PersonStatus } from '@learnamp/directory-sync';
import type { People } from '../../../src/contract.js';
import { asking, path, useRead } from '../api.js';
import { Heading, Mistake, Nothing, StatusBadge, Waiting } from '../components/basics.js';
import { PageButtons } from '../components/page-buttons.js';
import { count, counted, statusWords } from '../words.js';

const statuses = Object.keys(statusWords) as ReadonlyArray<PersonStatus>;

/** Everybody who ever was in the group: searched, filtered, page by page. */
export const PeoplePage = ({ company }: { readonly company: string }) => {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.get('text') ?? '';
  const status = parameters.get('status') ?? '';
  /** Where each page that was turned to begins. */
  const [begins, setBegins] = useState<ReadonlyArray<string>>(['']);
  const page = begins.length - 1;
  const asked = useDeferredValue(
    asking(`${path('companies', company)}/people`, { text, status, after: begins[page], limit: '50' }),
  );
  const people = useRead<People>(asked, (known) => (known?.reading === undefined ? false : 500));
  const look = (name: 'text' | 'status', value: string): void => {
    setBegins(['']);
    setParameters(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  };
  const turn = (by: 1 | -1): void =>
    setBegins((before) => (by === -1 ? before.slice(0, -1) : [...before, people.data?.next ?? '']));
  return (
    <>
      <Heading>People</Heading>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          Search
          <input
            type="search"
            value={text}
            placeholder="Name, address, team or id"
            onChange={(event) => look('text', event.target.value)}
          />
        </label>
        <label>
          Status
          <select value={status} onChange={(event) => look('status', event.target.value)}>
            <option value="">Any</option>
            {statuses.map((each) => (
              <option key={each} value={each}>
                {statusWords[each]}
                {people.data === undefined ? '' : ` (${count(people.data.byStatus[each])})`}
              </option>
            ))}
          </select>
        </label>
      </form>
      <Mistake refusal={people.error} />
      {people.data?.reading !== undefined ? (
        <p role="status">
          Everybody is looked at for the first time since the start: {count(people.data.reading.done)} of{' '}
          {counted(people.data.reading.total, 'person', 'people')} so far.
        </p>
      ) : people.data === undefined ? (
        <Waiting />
      ) : (
        <>
          <p role="status">{counted(people.data.found, 'person', 'people')} found</p>
          {people.data.people.length === 0 ? (
            <Nothing>Nobody is found so. Somebody who was never in the group leaves no trace here.</Nothing>
          ) : (
            <div className="scroll" tabIndex={0} role="region" aria-label="people">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Address</th>
                    <th scope="col">Team</th>
                    <th scope="col">Status</th>
                  </tr>
                </thead>
                <tbody>
                  {people.data.people.map((person) => (
                    <tr key={person.userId}>
                      <th scope="row">
                        <Link href={`/${path('companies', company)}/people/${person.userId}`}>
                          <bdi>{person.displayName ?? person.userId}</bdi>
                        </Link>
                      </th>
                      <td>
                        <bdi>{person.email ?? '–'}</bdi>
                      </td>
                      <td>
                        <bdi>{person.primaryTeam ?? '–'}</bdi>
                      </td>
                      <td>
                        <StatusBadge status={person.status} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <PageButtons
            back="Previous"
            forth="Next"
            isFirst={page === 0}
            hasMore={people.data.next !== null}
            turn={turn}
          >
            <span>Page {page + 1}</span>
          </PageButtons>
        </>
      )}
    </>
  );
};
