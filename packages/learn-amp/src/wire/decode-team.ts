import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { missingFields } from './decode-account.js';
import { ShownText, TeamIdOnWire, TextOnWire, unwrap } from './shown-text.js';
import type { LearnAmpTeam } from '../learn-amp-port.js';

const Team = t.type({ id: TeamIdOnWire, name: TextOnWire, integrationExternalId: ShownText });

/** Decodes a team, bare or inside `{ team }`. */
export const decodeTeam = (input: unknown): E.Either<string, LearnAmpTeam> =>
  pipe(
    Team.decode(unwrap(input, 'team')),
    E.bimap(missingFields, ({ id, name, integrationExternalId }) => ({
      teamId: id,
      name,
      externalId: integrationExternalId ?? null,
    })),
  );
