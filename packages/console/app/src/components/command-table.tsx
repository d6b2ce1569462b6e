import { heldBecause } from '@learnamp/directory-sync/words';
import { Link } from 'wouter';
import type { CommandLine } from '../../../src/contract.js';
import { path } from '../api.js';
import { count, spaced } from '../words.js';
import { Badge } from './basics.js';

type Shown = { readonly company: string; readonly commands: ReadonlyArray<CommandLine>; readonly total: number };

export const CommandTable = ({ company, commands, total }: Shown) => (
  <div className="scroll" tabIndex={0} role="region" aria-label="commands">
    <table>
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">Command</th>
          <th scope="col">What it says</th>
        </tr>
      </thead>
      <tbody>
        {commands.map(({ userId, displayName, kind, says, held }, at) => (
          <tr key={at}>
            <td>
              {userId === null ? (
                'team'
              ) : (
                <Link href={`/${path('companies', company)}/people/${userId}`}>{displayName ?? userId}</Link>
              )}
            </td>
            <td>
              {spaced(kind)} {held === null ? null : <Badge tone="warn">held: {heldBecause(held)}</Badge>}
            </td>
            <td>{says}</td>
          </tr>
        ))}
      </tbody>
    </table>
    {commands.length < total ? (
      <p className="small">
        The first {count(commands.length)} of {count(total)}.
      </p>
    ) : null}
  </div>
);
