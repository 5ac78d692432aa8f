import { givesAway, type OnlineAnswers, type OnlineRequest, type PostalAddress } from '@send/case-file';
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

/** Who asked, by the word that the form and the command have for it. */
export const askedByWords: Readonly<Record<string, string>> = {
  parent: 'a parent or carer',
  'young-person': 'the young person',
  school: 'a school, college or nursery',
  other: 'someone else',
};

/** How the note begins that says where a case came from. */
export const cameFrom = 'Came from online request';

type Words = 'worries' | 'setting' | 'asker';

/** What would tell an address that is not to be shared, if it stood in the open: it stays in the sealed request alone. */
export function keptSealed(answers: OnlineAnswers): Words[] {
  if (!answers.addressProtected) return [];
  const { home, asker, reach, parent, worries, setting } = answers;
  const secret = [home, asker?.address];
  const words: Record<Words, string> = {
    worries: worries ?? '',
    setting: setting ?? '',
    asker: [whoAsked(answers), reach.email, parent?.firstNames, parent?.lastName].join(' '),
  };
  return (Object.keys(words) as Words[]).filter((name) => givesAway(words[name], secret));
}

/** Where the case came from and who asked, for everybody who works on it; how to reach whoever is not among its people. */
export function originOf(request: OnlineRequest, answers: OnlineAnswers, known: boolean): string {
  const sealed = keptSealed(answers);
  const { askedBy, reach, setting } = answers;
  const beside = !known && (askedBy === 'parent' || askedBy === 'young-person');
  const reached = beside ? [] : [reach.email, reach.phone].filter((one) => one !== undefined);
  return [
    `${cameFrom} ${request.reference}, received on ${formatDay(request.receivedOn)}.`,
    sealed.includes('asker')
      ? 'Who asked is kept sealed with the request.'
      : `Asked by ${whoAsked(answers)}: ${askedByWords[askedBy] ?? ''}${reached.length === 0 ? '' : `. To reach them: ${reached.join(', ')}`}.`,
    ...(setting === undefined || sealed.includes('setting') ? [] : [`School or setting they name: ${setting}.`]),
    ...(sealed.includes('worries') || sealed.includes('setting')
      ? ['Some of what they wrote names an address that is not to be shared: it is kept sealed with the request.']
      : []),
  ].join('\n');
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
  const protect = request.addressProtected && own;
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
    home: own && asker?.livesWithChild !== false ? 'yes' : 'no',
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

/**
 * Where the person of the second page lives, where that is who asked. A parent whom a school or somebody else names may be the
 * one who must not be told where the child lives: nobody's home is taken to be theirs.
 */
function addressOf({ askedBy, asker, home }: OnlineAnswers): PostalAddress | undefined {
  if (askedBy === 'school' || askedBy === 'other') return undefined;
  return askedBy === 'parent' && asker?.livesWithChild === false ? asker.address : home;
}

/** The child's home where it is not that of the person of the second page: it then stands with the child alone. */
export const homeApart = (answers: OnlineAnswers): PostalAddress | undefined =>
  homeIsApart(answers) ? answers.home : undefined;

export const homeIsApart = (answers: OnlineAnswers): boolean =>
  answers.askedBy === 'school' ||
  answers.askedBy === 'other' ||
  (answers.askedBy === 'parent' && answers.asker?.livesWithChild === false);

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
