import { addDays, type Day, isOverCompulsorySchoolAge } from '@send/statute';
import type { Draw } from './draw';
import { ethnicities } from './figures';
import type { Member, Organisation, School } from './organisation';
import { givenNames, streets, surnames, towns } from './phrases';
import type { RowSheet } from './row-sheet';

export type Responsibility = 'yes' | 'no' | 'not-known' | 'court-limited';

export interface Grown {
  readonly title?: string;
  readonly given?: string;
  readonly surname?: string;
  readonly kind?: 'parent' | 'step-parent' | 'carer' | 'foster-carer' | 'guardian';
  readonly responsibility?: Responsibility;
  /** Lives at another address than the child. */
  readonly apart?: boolean;
  /** Address not to be shared; the child's own too where they live together. */
  readonly hidden?: boolean;
  readonly interpreter?: string;
  readonly language?: string;
  readonly format?: string;
  /** Agreed to letters by email. Post is safe for them all the same: it is how they were written to. */
  readonly agreedToEmail?: boolean;
  /** What was decided about their letters, where a court or care makes it a decision. */
  readonly receives?: readonly string[];
  readonly leftOut?: 'court-order' | 'risk-assessment' | 'adoption';
  readonly agreedByYoungPerson?: boolean;
}

export interface ChildGiven {
  readonly number: number;
  readonly born: Day;
  /** The day of the record's beginning: the request. */
  readonly from: Day;
  readonly sex: 'F' | 'M';
  readonly need: string;
  readonly school: School | null;
  readonly given?: string;
  readonly surname?: string;
  readonly knownAs?: string;
  readonly previousNames?: readonly string[];
  readonly adults?: readonly Grown[];
  readonly lookedAfter?: boolean;
  readonly serviceFamily?: boolean;
  readonly withoutUpn?: boolean;
}

interface Beside {
  readonly id: string;
  readonly personId: string;
  readonly kind: string;
  readonly responsibility: Responsibility;
  readonly receives: readonly string[] | null;
  readonly leftOut: boolean;
  readonly agreed: boolean;
  readonly mark: string | undefined;
  readonly salutation: string;
  readonly name: string;
  readonly address: readonly string[];
}

/** Somebody a letter was for and did not go to. */
export interface HeldBack {
  readonly who: string;
  readonly why: string;
  readonly text: string;
}

export type Sealer = (
  address: { lines: readonly string[]; postcode: string },
  personId: string,
  id: string,
) => { ciphertext: Buffer; keyId: string };

export const notToBeShared = 'Address not to be shared';

/** A child with those around them, and who gets which letter. */
export class Household {
  private readonly beside: readonly Beside[];

  constructor(
    readonly id: string,
    readonly reference: string,
    readonly given: ChildGiven,
    readonly firstName: string,
    readonly fullName: string,
    readonly caseworker: Member,
    readonly school: School | null,
    private readonly organisation: Organisation,
    beside: Beside[],
  ) {
    this.beside = beside.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  holdsRights(on: Day): 'parent' | 'young-person' {
    return isOverCompulsorySchoolAge(this.given.born, on) ? 'young-person' : 'parent';
  }

  /** Ids of all who must have the letter, and who was held back; by the same rules as the case file's own. */
  addressees(to: string, on: Day, readers?: readonly string[]): { ids: string[]; held: HeldBack[] } {
    switch (to) {
      case 'parent-or-young-person':
        return this.holdsRights(on) === 'parent' ? this.parents() : { ids: this.youngPerson(), held: [] };
      case 'child':
        return { ids: this.beside.filter((one) => one.kind === 'self').map(key), held: [] };
      case 'setting':
        return { ids: this.school === null ? [] : [`setting:${this.school.id}`], held: [] };
      case 'health':
        return { ids: this.advisers('health-commissioner'), held: [] };
      case 'partners':
        return {
          // Partners are told only what is written for them.
          ids: [
            ...(readers?.includes('health') === false ? [] : this.advisers('health-commissioner')),
            ...(readers?.includes('social-care') === false ? [] : this.advisers('social-care')),
            ...(readers?.includes('setting') === false ? [] : this.addressees('setting', on).ids),
          ],
          held: [],
        };
      default: {
        const [kind, id = ''] = to.split(':', 2);
        const isSchool = kind === 'setting' || this.organisation.readers.has(`setting:${id}`);
        return { ids: [`${isSchool ? 'setting' : 'adviser'}:${id}`], held: [] };
      }
    }
  }

  /** Provision of the plan, once there is one: final letters list it. */
  provisions: readonly { id: string; what: string; howOften: string; howLong: string; who: string }[] = [];

  /** How a person is written to: what a letter prints of them. `mark` stands for an address that is not to be shared. */
  recipient(key: string):
    | {
        name: string;
        salutation: string;
        role?: string;
        address: readonly string[];
        mark?: string;
        kind: 'parent' | 'child';
      }
    | undefined {
    const one = this.beside.find(({ personId }) => key === `person:${personId}`);
    if (one === undefined) return undefined;
    const { name, salutation, address, mark } = one;
    return {
      name,
      salutation,
      address,
      kind: one.kind === 'self' ? 'child' : 'parent',
      ...(mark === undefined ? {} : { mark }),
    };
  }

  private parents(): { ids: string[]; held: HeldBack[] } {
    const ids: string[] = [];
    const held: HeldBack[] = [];
    for (const one of this.beside) {
      if (one.kind === 'self') continue;
      const decided = one.receives?.includes('all') === true;
      if (one.responsibility === 'not-known') {
        held.push({
          who: key(one),
          why: 'parental-responsibility-not-known',
          text: `Find out whether ${one.name} has parental responsibility. Nothing is sent to them until that is recorded.`,
        });
      } else if (one.leftOut || one.responsibility === 'no') {
        if (decided) ids.push(key(one));
      } else if (one.receives === null && this.given.lookedAfter === true) {
        held.push({
          who: key(one),
          why: 'looked-after-not-decided',
          text: `The child is looked after. Decide and record which letters ${one.name} receives.`,
        });
      } else if (one.receives === null && one.responsibility === 'court-limited') {
        held.push({
          who: key(one),
          why: 'court-limits-not-decided',
          text: `A court has limited the parental responsibility of ${one.name}. Decide and record which letters they receive.`,
        });
      } else if (decided || one.receives === null) ids.push(key(one));
    }
    return { ids, held };
  }

  private youngPerson(): string[] {
    const self = this.beside.filter((one) => one.kind === 'self');
    return [...self, ...this.beside.filter((one) => one.kind !== 'self' && one.agreed && !one.leftOut)].map(key);
  }

  private advisers(kind: string): string[] {
    return this.organisation.advisers.filter((one) => one.kind === kind).map((one) => `adviser:${one.id}`);
  }
}

const key = (one: Beside): string => `person:${one.personId}`;

const upnLetters = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/** Authority number 999, which no school has: the check letter is right all the same. */
function upnOf(number: number, draw: Draw): string {
  const digits = `999${String(draw.whole(0, 99)).padStart(2, '0')}${String(number).padStart(7, '0').slice(-7)}`;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at + 2), 0);
  return `${upnLetters.charAt(sum % 23)}${digits}`;
}

/** From the range kept for tests, with its right check digit; the next number where that would be ten. */
function nhsNumberOf(number: number): string {
  for (let tried = number * 3; ; tried += 1) {
    const digits = `999${String(tried).padStart(6, '0').slice(-6)}`;
    const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return `${digits}${check}`;
  }
}

/** The child, the people beside them, where they live and how they are written to, as rows. */
export function makeHousehold(
  organisation: Organisation,
  child: ChildGiven,
  draw: Draw,
  seal: Sealer,
  sheet: RowSheet,
): Household {
  const authority_id = organisation.id;
  const recorded_by = 'seed';
  const from = child.from;
  const at = (minutes: number): string => new Date(Date.parse(`${from}T08:00:00Z`) + minutes * 60_000).toISOString();
  const surname = child.surname ?? draw.pick(surnames);
  const givenName = child.given ?? draw.pick(givenNames);
  const firstNames =
    child.given === undefined && draw.chance(0.4) ? `${givenName} ${draw.pick(givenNames)}` : givenName;
  const knownAs = child.knownAs ?? givenName;
  const caseworker = draw.pick(organisation.caseworkers);
  const id = draw.id(from);
  const personId = draw.id(from);
  const reference = `${organisation.prefix}-${1000 + child.number}`;
  sheet.add('case_file.person', personRow(personId, 'child', null, firstNames, surname));
  sheet.add('case_file.child', {
    id,
    authority_id,
    reference,
    person_id: personId,
    known_as: knownAs,
    first_names: firstNames,
    last_name: surname,
    previous_names: child.previousNames ?? [],
    date_of_birth: child.born,
    sex: child.sex,
    ethnicity: draw.weighted(ethnicities),
    upn: child.withoutUpn === true ? null : upnOf(child.number, draw),
    upn_unknown_reason: child.withoutUpn === true ? 'Not in a school in England yet' : null,
    nhs_number: draw.chance(0.7) ? nhsNumberOf(child.number) : null,
    primary_need: child.need === 'none' ? null : child.need,
    setting_id: child.school?.id ?? null,
    year_group: null,
    looked_after: child.lookedAfter ?? (draw.chance(0.02) ? null : false),
    service_family: child.serviceFamily ?? false,
    own_views_private: draw.chance(0.01),
    classification: 'standard',
    team: caseworker.team,
    caseworker_id: caseworker.id,
    demo: true,
    seed: organisation.seed,
    version: 1,
    created_at: at(0),
  });
  sheet.add('access.case_grant', {
    id: draw.id(from),
    authority_id,
    staff_id: caseworker.id,
    child_id: id,
    kind: 'assigned',
    from_day: from,
    until_day: null,
    reason: null,
    given_by: organisation.seniors[0]?.id ?? 'seed',
    ended_by: null,
  });

  const home = addressOf(draw);
  const adults = child.adults ?? usualAdults(draw, isOverCompulsorySchoolAge(child.born, from));
  const childHidden = adults.some((one) => one.hidden === true && one.apart !== true);
  const beside: Beside[] = [];
  const seniors = organisation.seniors;
  const confirmer = draw.pick(seniors).id;

  const settle = (person: string, address: Home, hidden: boolean): string | undefined => {
    if (!hidden) {
      sheet.add('case_file.address', {
        id: draw.id(from),
        authority_id,
        person_id: person,
        lines: address.lines,
        postcode: address.postcode,
        from_day: from,
        until_day: null,
        recorded_by,
      });
      return undefined;
    }
    const row = draw.id(from);
    const sealed = seal(address, person, row);
    sheet.add('case_file.protected_address', {
      id: row,
      authority_id,
      person_id: person,
      ciphertext: `\\x${sealed.ciphertext.toString('hex')}`,
      key_id: sealed.keyId,
      set_by: caseworker.id,
      confirmed_by: confirmer,
      reason: 'The police advised that this address must not become known.',
      from_day: from,
      until_day: null,
      lifted_by: null,
      lift_confirmed_by: null,
    });
    return `protected:${row}`;
  };

  const stand = (
    person: string,
    kind: string,
    grown: Grown,
    name: string,
    salutation: string,
    address: readonly string[],
    mark: string | undefined,
  ): void => {
    const row = draw.id(from);
    const self = kind === 'self';
    const responsibility = self ? 'no' : (grown.responsibility ?? 'yes');
    const receives = grown.receives ?? null;
    sheet.add('case_file.relationship', {
      id: row,
      authority_id,
      child_id: id,
      person_id: person,
      kind,
      parental_responsibility: responsibility,
      limits:
        responsibility === 'court-limited' ? 'A court has limited decisions about education to one parent.' : null,
      evidence_seen: responsibility === 'yes' && draw.chance(0.5) ? 'Birth certificate' : null,
      from_day: from,
      until_day: null,
      receives,
      receives_refused_reason: grown.leftOut ?? null,
      receives_refused_evidence: grown.leftOut === undefined ? null : 'Order of the family court, seen on paper',
      receives_refused_by: grown.leftOut === undefined ? null : confirmer,
      young_person_agrees: grown.agreedByYoungPerson ?? false,
      safe_channel: 'post',
      safe_hours: draw.chance(0.1) ? 'After 4pm' : null,
      language: grown.language ?? 'en',
      interpreter: grown.interpreter ?? null,
      format: grown.format ?? 'standard',
      email_agreed: grown.agreedToEmail === true,
      recorded_by,
      confirmed_by: self ? null : confirmer,
      recorded_at: at(1),
    });
    beside.push({
      id: row,
      personId: person,
      kind,
      responsibility,
      receives,
      leftOut: grown.leftOut !== undefined,
      agreed: grown.agreedByYoungPerson ?? false,
      mark,
      salutation,
      name,
      address,
    });
  };

  const ownMark = settle(personId, home, childHidden);
  stand(
    personId,
    'self',
    {},
    `${firstNames} ${surname}`,
    knownAs,
    childHidden ? [notToBeShared] : [...home.lines, home.postcode],
    ownMark,
  );
  for (const grown of adults) {
    const person = draw.id(from);
    const title = grown.title ?? draw.pick(['Ms', 'Mrs', 'Mr', 'Mx']);
    const first = grown.given ?? draw.pick(givenNames);
    const last = grown.surname ?? (draw.chance(0.75) ? surname : draw.pick(surnames));
    const address = grown.apart === true ? addressOf(draw) : home;
    sheet.add('case_file.person', personRow(person, 'adult', title, first, last));
    const hidden = grown.hidden === true || (childHidden && grown.apart !== true);
    const mark = settle(person, address, hidden);
    contact(person, 'phone', `+447700900${String(draw.whole(0, 999)).padStart(3, '0')}`);
    contact(person, 'email', `${plain(first)}.${plain(last)}.${child.number}@mail.example.org`.slice(-120));
    stand(
      person,
      grown.kind ?? 'parent',
      grown,
      `${title} ${first} ${last}`,
      `${title} ${last}`,
      hidden ? [notToBeShared] : [...address.lines, address.postcode],
      mark,
    );
  }
  return new Household(
    id,
    reference,
    child,
    knownAs,
    `${firstNames} ${surname}`,
    caseworker,
    child.school,
    organisation,
    beside,
  );

  function personRow(row: string, kind: string, title: string | null, first_names: string, last_name: string) {
    return {
      id: row,
      authority_id,
      kind,
      title,
      first_names,
      last_name,
      previous_names: [],
      organisation: null,
      job_title: null,
      created_at: at(0),
    };
  }

  function contact(person: string, kind: 'phone' | 'email', value: string): void {
    sheet.add('case_file.contact_point', {
      id: draw.id(from),
      authority_id,
      person_id: person,
      kind,
      value,
      from_day: from,
      until_day: null,
      recorded_by,
    });
  }
}

interface Home {
  readonly lines: readonly string[];
  readonly postcode: string;
}

function addressOf(draw: Draw): Home {
  const street = `${draw.whole(1, 140)} ${draw.pick(streets)}`;
  return {
    lines: [street, draw.pick(towns)],
    postcode: `ZZ99 ${draw.whole(1, 9)}${draw.pick(['AA', 'BB', 'DD', 'EE', 'FF', 'GG'])}`,
  };
}

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]+/g, '')
    .slice(0, 30) || 'family';

const languages = ['pl', 'ro', 'ar', 'so', 'uk', 'bn'] as const;

/** One or two adults; a few apart, a few whose rights are not plain, some who need another language or format. */
function usualAdults(draw: Draw, grownUp: boolean): Grown[] {
  const one: Grown = {
    title: draw.pick(['Ms', 'Mrs', 'Mr']),
    ...(draw.chance(0.05) ? { language: draw.pick(languages), interpreter: 'Interpreter for meetings and calls' } : {}),
    ...(draw.chance(0.04) ? { format: draw.pick(['large-print', 'easy-read', 'coloured-paper']) } : {}),
    ...(draw.chance(0.25) ? { agreedToEmail: true } : {}),
    ...(grownUp && draw.chance(0.7) ? { agreedByYoungPerson: true } : {}),
  };
  if (draw.chance(0.42)) return [one];
  const apart = draw.chance(0.45);
  const responsibility = draw.weighted({ yes: 88, no: 6, 'not-known': 3, 'court-limited': 3 });
  const other: Grown = {
    title: draw.pick(['Mr', 'Ms', 'Mrs']),
    kind: responsibility === 'no' ? 'step-parent' : 'parent',
    responsibility,
    apart,
    ...(responsibility === 'court-limited' && draw.chance(0.6) ? { receives: ['all'] } : {}),
    ...(apart && draw.chance(0.03) ? { leftOut: 'court-order' as const } : {}),
    ...(grownUp && draw.chance(0.4) ? { agreedByYoungPerson: true } : {}),
  };
  return [{ ...one, ...(apart && draw.chance(0.04) ? { hidden: true } : {}) }, other];
}

/** The birthday that makes somebody this old on a day. */
export const bornFor = (age: number, on: Day, draw: Draw): Day => {
  const last = addDays(`${Number(on.slice(0, 4)) - age}${on.slice(4) === '-02-29' ? '-02-28' : on.slice(4)}`, 0);
  return addDays(last, -draw.whole(0, 364));
};
