import { spaced } from '../words.js';
import { eventGroups } from './event-groups.js';
import { FindPerson, type Found } from './find-person.js';

/** What the log is asked for; texts as the fields hold them. */
export type LogFilter = {
  readonly types: string;
  readonly person: Found | undefined;
  readonly since: string;
  readonly before: string;
};

export const wholeLog: LogFilter = { types: '', person: undefined, since: '', before: '' };

/** The local time of a field as the moment it is. */
export const momentOf = (local: string): string => {
  const moment = new Date(local);
  return local === '' || Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
};

type Filtering = {
  readonly company: string;
  readonly filter: LogFilter;
  readonly change: (parts: Partial<LogFilter>) => void;
};

const Kinds = ({ filter, change }: Omit<Filtering, 'company'>) => (
  <label>
    What happened
    <select value={filter.types} onChange={(event) => change({ types: event.target.value })}>
      <option value="">Everything</option>
      {eventGroups.map(([title, types]) => (
        <optgroup key={title} label={title}>
          <option value={types.join(',')}>{title}: all</option>
          {types.map((type) => (
            <option key={type} value={type}>
              {spaced(type)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  </label>
);

/** Which events are shown: what happened, when, and about whom. */
export const LogFilters = ({ company, filter, change }: Filtering) => (
  <>
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <Kinds filter={filter} change={change} />
      <label>
        From
        <input type="datetime-local" value={filter.since} onChange={(event) => change({ since: event.target.value })} />
      </label>
      <label>
        Until
        <input
          type="datetime-local"
          value={filter.before}
          onChange={(event) => change({ before: event.target.value })}
        />
      </label>
    </form>
    {filter.person === undefined ? (
      <FindPerson company={company} label="About whom" choose={(person) => change({ person })} />
    ) : (
      <p className="chosen">
        About <bdi>{filter.person.displayName ?? filter.person.userId}</bdi>{' '}
        <button type="button" className="plain" onClick={() => change({ person: undefined })}>
          Show everybody again
        </button>
      </p>
    )}
  </>
);
