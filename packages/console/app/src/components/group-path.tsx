import { shortened } from '../words.js';

type Path = { readonly groupPath: ReadonlyArray<string>; readonly groupNames: ReadonlyArray<string | null> };

/** From the company's group down to the one that lists the person: by name where it was read, with the ids to look up. */
export const GroupPath = ({ groupPath, groupNames }: Path) => (
  <>
    <span>
      {groupPath.map((groupId, place) => (
        <span key={groupId}>
          {place === 0 ? null : ' > '}
          <bdi>{shortened(groupNames[place] ?? groupId)}</bdi>
        </span>
      ))}
    </span>
    <details className="small">
      <summary>Ids of these groups</summary>
      <ul>
        {groupPath.map((groupId) => (
          <li key={groupId}>
            <code>{groupId}</code>
          </li>
        ))}
      </ul>
    </details>
  </>
);
