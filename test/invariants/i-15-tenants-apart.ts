import { metaOf } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

const inPath = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

export const tenantsApart: Invariant = {
  id: 'I-15',
  says: 'nothing of one tenant gets to another',
  watch: () => ({
    onLook: ({ events, requests, writes, belongs }) => [
      ...events.flatMap((event) =>
        metaOf(event)
          .subjects.filter((id) => !belongs(id))
          .map((id) => ({ what: `${id} is of another tenant`, where: `revision ${event.revision}` })),
      ),
      ...requests
        .filter(({ system, path }) => system === 'graph' && /\/(users|groups)\/[0-9a-f]{8}-/i.test(path))
        .flatMap(({ path, sequence }) =>
          (path.match(inPath) ?? []).flatMap((id) =>
            wrongIf(!belongs(id.toLowerCase()), `${id} of another tenant is asked for`, `request ${sequence}`),
          ),
        ),
      ...writes.flatMap(({ body, sequence }) => {
        const id = body['integrationExternalId'];
        const foreign =
          typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}/i.test(id) && !belongs(id.toLowerCase());
        return wrongIf(foreign, `${String(id)} of another tenant is written`, `write ${sequence}`);
      }),
    ],
  }),
};
