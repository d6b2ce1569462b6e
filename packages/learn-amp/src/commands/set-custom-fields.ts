import type { CommandOf, LearnAmpAccount, Outcome, RejectionCode } from '@learnamp/directory-sync-domain';
import type { RestContext } from '../rest/rest-context.js';
import type { Dispatch } from './dispatch.js';
import { rejected } from './outcomes.js';
import { updateAccount } from './update-account.js';

type SetCustomFields = CommandOf<'SetCustomFields'>;
type Refused = { readonly code: RejectionCode; readonly name: string };

/** More requests than this for one person's refusal are not worth it: then all fields are named. */
const mostAlone = 25;

/** Refusals that may be about one field of several; whose address or account it is concerns all of them. */
const aboutFields: ReadonlySet<RejectionCode> = new Set([
  'unknown_custom_field',
  'required_custom_field',
  'validation',
  'protocol',
]);

const isAboutFields = (outcome: Outcome, { fields }: SetCustomFields): boolean => {
  if (outcome._tag !== 'Rejected' || !aboutFields.has(outcome.code)) return false;
  const own = new Set([...fields.map(({ name }) => name), 'customFields', 'name', 'value']);
  return outcome.fields.every((field) => own.has(field));
};

/** Each field by itself, so that one that is refused takes no other down. What is named was not written; the rest was. */
const setApart = async (context: RestContext, { command, signal }: Dispatch<SetCustomFields>): Promise<Outcome> => {
  const refused: Array<Refused> = [];
  let account: LearnAmpAccount | undefined;
  for (const field of command.fields) {
    const one: SetCustomFields = { ...command, fields: [field] };
    const [outcome] = await updateAccount(context, [one], signal);
    if (outcome?._tag === 'Succeeded') account = outcome.account ?? account;
    else if (outcome?._tag === 'Rejected' && isAboutFields(outcome, one))
      refused.push({ code: outcome.code, name: field.name });
    // No answer, or a refusal that is not about the field: so it is with the whole command.
    else return outcome ?? { _tag: 'Unknown' };
  }
  const [first] = refused;
  if (first !== undefined)
    return rejected(
      first.code,
      refused.map(({ name }) => name),
    );
  return { _tag: 'Succeeded', result: 'updated', ...(account === undefined ? {} : { account }) };
};

/** All fields in one request; where that is refused over one of several, each by itself. */
export const setCustomFields = async (context: RestContext, dispatch: Dispatch<SetCustomFields>): Promise<Outcome> => {
  const { command, signal } = dispatch;
  const [together = { _tag: 'Unknown' } as const] = await updateAccount(context, [command], signal);
  const several = command.fields.length > 1 && command.fields.length <= mostAlone;
  return several && isAboutFields(together, command) ? setApart(context, dispatch) : together;
};
