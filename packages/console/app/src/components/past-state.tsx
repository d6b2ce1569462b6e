import { useState } from 'react';
import type { PersonAt, Why } from '@learnamp/directory-sync';
import { path, useRead } from '../api.js';
import { at } from '../words.js';
import { Card, Facts, Mistake, Nothing } from './basics.js';
import { GroupPath } from './group-path.js';
import { SideBySide, type KnownManager } from './side-by-side.js';

type Part = {
  readonly company: string;
  readonly userId: string;
  readonly why: Why;
  readonly manager: KnownManager | undefined;
};

const PastPath = ({ directory }: Pick<PersonAt, 'directory'>) => {
  if (directory?.inScope !== true) return <>not in the group</>;
  const { groupPath, groupNames = [] } = directory;
  if (groupPath.length === 0) return <>in the group; moved within it since they joined, so the way is not told</>;
  return <GroupPath groupPath={groupPath} groupNames={groupNames} />;
};

/** The two sides as they stood at any event about this person. */
export const PastState = ({ company, userId, why, manager }: Part) => {
  const moments = [...new Set([...why.events, ...why.commands].map(({ revision }) => revision))].sort((a, b) =>
    Number(BigInt(a) - BigInt(b)),
  );
  const [place, setPlace] = useState(moments.length - 1);
  const revision = moments[place];
  const found = [...why.events, ...why.commands].find((each) => each.revision === revision);
  const past = useRead<PersonAt | null>(
    `${path('companies', company, 'people', userId)}/at?revision=${revision ?? '0'}`,
  );
  if (moments.length < 2) return null;
  const moment = found === undefined ? '' : `${at(found.recordedAt)}, event ${found.revision}`;
  return (
    <Card title="At a past moment">
      <label>
        {moment}
        <input
          type="range"
          min={0}
          max={moments.length - 1}
          value={place}
          aria-valuetext={moment}
          onChange={(event) => setPlace(Number(event.target.value))}
        />
      </label>
      <p className="small">
        What was known then. "By the directory" is what today’s preferences would have made of it, which need not be
        those of the time; people and groups have the names of today.
      </p>
      <Mistake refusal={past.error} />
      {past.data === undefined ? null : past.data === null ? (
        <Nothing>Nothing was known by then.</Nothing>
      ) : (
        <>
          <Facts facts={[['In the group by', <PastPath key="path" directory={past.data.directory} />]]} />
          <SideBySide sides={past.data} label="both sides at the past moment" manager={manager} />
        </>
      )}
    </Card>
  );
};
