import { Link, Redirect } from 'wouter';
import type { Company } from '../../../src/contract.js';
import { path, useRead } from '../api.js';
import { Badge, Heading, Mistake, Nothing, Time, Waiting } from '../components/basics.js';
import { Standing } from '../components/standing.js';
import { count } from '../words.js';

/** Every company at a glance; a single one is opened at once. */
export const CompaniesPage = () => {
  const companies = useRead<ReadonlyArray<Company>>('companies', 10_000);
  if (companies.data === undefined)
    return companies.error === null ? <Waiting /> : <Mistake refusal={companies.error} />;
  const [only, ...others] = companies.data;
  if (only === undefined)
    return (
      <>
        <Heading>Companies</Heading>
        <Nothing>No company is connected yet.</Nothing>
      </>
    );
  if (others.length === 0) return <Redirect to={`/${path('companies', only.connectionId)}`} replace />;
  return (
    <>
      <Heading>Companies</Heading>
      <table>
        <thead>
          <tr>
            <th scope="col">Company</th>
            <th scope="col">Standing</th>
            <th scope="col">Last sync</th>
            <th scope="col" className="number">
              In the group
            </th>
            <th scope="col" className="number">
              Linked
            </th>
            <th scope="col" className="number">
              Held
            </th>
            <th scope="col" className="number">
              Attention
            </th>
          </tr>
        </thead>
        <tbody>
          {companies.data.map(({ connectionId, name, isSetUp, status, problem }) => (
            <tr key={connectionId}>
              <th scope="row">
                <Link href={`/${path('companies', connectionId)}`}>{name}</Link>
              </th>
              <td>
                {isSetUp ? <Standing status={status} problem={problem} /> : <Badge tone="info">Not set up yet</Badge>}
              </td>
              <td>
                <Time moment={status?.lastSync?.at} />
              </td>
              {(['inScope', 'linked', 'held', 'parked'] as const).map((key) => (
                <td key={key} className="number">
                  {status === null ? '–' : count(status.people[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};
