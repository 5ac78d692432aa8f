import type { OnlineAnswers, OnlineRequest, PostalAddress } from '@send/case-file';
import { type FieldError, Form } from '@send/pages';
import { formatDay } from '@send/statute';

type Typed = Record<string, string>;

/** As the audit and the protected address keep it: who asked for it, and nothing of what they said. */
export const keptProtected = ({ reference, receivedOn }: Pick<OnlineRequest, 'reference' | 'receivedOn'>): string =>
  `Asked for in online request ${reference} of ${formatDay(receivedOn)}.`;

export function whoAsked({ asker, child, askedBy }: OnlineAnswers): string {
  const { firstNames, lastName } = asker ?? child;
  const role = asker?.role === undefined ? '' : `, ${asker.role}`;
  return `${firstNames} ${lastName}${askedBy === 'young-person' ? ' (the young person)' : role}`;
}

/** The first page as the request fills it. An address not to be shared takes no part in looking for the child. */
export function childTyped({ child, home, addressProtected }: OnlineAnswers): Typed {
  const [year = '', month = '', day = ''] = child.dateOfBirth.split('-');
  return {
    firstNames: child.firstNames,
    lastName: child.lastName,
    'born-day': String(Number(day)),
    'born-month': String(Number(month)),
    'born-year': year,
    ...(child.upn === undefined ? {} : { upn: child.upn }),
    ...(home === undefined || addressProtected ? {} : { postcode: home.postcode }),
  };
}

/** The second page: the request, and the person beside the child whose details came with it. */
export function askerTyped(
  request: OnlineRequest,
  answers: OnlineAnswers,
  settings: readonly { readonly id: string; readonly name: string }[],
  withPerson: boolean,
): Typed {
  const { setting, askedBy } = answers;
  const named = settings.find(({ name }) => name.toLowerCase() === setting?.toLowerCase());
  return {
    from: askedBy,
    ...(named === undefined ? {} : { setting: named.id }),
    ...(withPerson ? personTyped(request, answers) : {}),
  };
}

function personTyped(request: OnlineRequest, answers: OnlineAnswers): Typed {
  const { askedBy, asker, child, parent, reach } = answers;
  const own = askedBy === 'parent' || askedBy === 'young-person';
  const who = askedBy === 'young-person' ? child : askedBy === 'parent' ? asker : parent;
  const phone = own ? reach.phone : parent?.phone;
  const email = own ? reach.email : parent?.email;
  const protect = request.addressProtected;
  const address = protect ? undefined : addressOf(answers);
  return at({
    firstNames: who?.firstNames ?? '',
    lastName: who?.lastName ?? '',
    relationship: askedBy === 'young-person' ? 'self' : (asker?.relationship ?? (own ? '' : 'parent')),
    responsibility: askedBy === 'young-person' ? 'no' : own ? (asker?.responsibility ?? '') : 'not-known',
    channel: own ? reach.channel : 'post',
    format: own ? reach.format : 'standard',
    interpreter: (own ? reach.interpreter : undefined) ?? '',
    phone: phone ?? '',
    email: email ?? '',
    home: askedBy === 'parent' && asker?.livesWithChild === false ? 'no' : 'yes',
    ...(address === undefined ? {} : linesTyped(address)),
    ...(protect ? { sent: 'yes', protect: 'yes', reason: keptProtected(request) } : {}),
  });
}

const at = (fields: Typed): Typed =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`p1-${name}`, value]));

function linesTyped({ lines, postcode }: PostalAddress): Typed {
  const [line1 = '', ...rest] = lines;
  return { line1, line2: rest.length > 1 ? (rest[0] ?? '') : '', town: rest.at(-1) ?? '', postcode };
}

/** Where the person of the second page lives. */
function addressOf({ askedBy, asker, home }: OnlineAnswers): PostalAddress | undefined {
  return askedBy === 'parent' && asker?.livesWithChild === false ? asker.address : home;
}

/** The child's home where the parent who asked lives somewhere else, so that it stands with nobody on the second page. */
export const homeApart = ({ askedBy, asker, home }: OnlineAnswers): PostalAddress | undefined =>
  askedBy === 'parent' && asker?.livesWithChild === false ? home : undefined;

/**
 * The form with what no page of ours may show or change: the day of receipt, and an address that is not to be shared. It
 * goes from the sealed request to the sealed address, and never through a browser.
 */
export function withOnline(form: Form, request: OnlineRequest, answers: OnlineAnswers): Form {
  const typed: Typed = Object.fromEntries(form.names().map((name) => [name, form.text(name)]));
  const [year = '', month = '', day = ''] = request.receivedOn.split('-');
  const address = addressOf(answers);
  const untouched = ['line1', 'line2', 'town', 'postcode'].every((name) => (typed[`p1-${name}`] ?? '') === '');
  const sealed = typed['p1-sent'] === 'yes' && typed['p1-protect'] === 'yes' && untouched;
  return new Form({
    ...typed,
    'on-day': day,
    'on-month': month,
    'on-year': year,
    how: 'online',
    ...(sealed && address !== undefined ? at(linesTyped(address)) : {}),
    // Without any address there is nothing to protect, and nothing is refused for that.
    ...(sealed && address === undefined ? { 'p1-protect': 'no' } : {}),
  });
}

/** Where the form would let an address out that the request asks to keep. */
export function leftOpen(form: Form, answers: OnlineAnswers): FieldError[] {
  if (!answers.addressProtected) return [];
  if (form.text('p1-sent') === 'yes' && addressOf(answers) !== undefined && form.text('p1-protect') !== 'yes')
    return [
      {
        field: 'p1-protect',
        message:
          'Select that this address is not to be shared: the request asks for it. Two people can lift it afterwards',
      },
    ];
  return [];
}
