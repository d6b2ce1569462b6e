import { type Invariant, wrongIf } from './invariant.js';

export const nothingDeleted: Invariant = {
  id: 'I-03',
  says: 'no user and no team is ever deleted',
  watch: () => ({
    onLook: ({ requests, writes }) => [
      ...requests.flatMap(({ system, method, path, sequence }) =>
        wrongIf(
          system === 'learnAmp' && method === 'DELETE',
          `DELETE ${path} was asked of Learn Amp`,
          `request ${sequence}`,
        ),
      ),
      ...writes.flatMap(({ method, path, sequence }) =>
        wrongIf(method === 'DELETE', `DELETE ${path} was asked of Learn Amp`, `write ${sequence}`),
      ),
    ],
  }),
};
