import type { LetterDetails, Role } from '@send/access';
import type { Represents } from '@send/panels';
import { addDays, type Day, easterMonday, type Term, weekday } from '@send/statute';
import { Draw } from './draw';
import { casesForEachCaseworker, schools } from './figures';
import { givenNames, places, streets, surnames, towns } from './phrases';
import { addPanels, type PanelOnRecord } from './panels-of-county';
import type { RowSheet } from './row-sheet';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly team: string | null;
  readonly phone: string;
}

export interface School {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly phase: keyof typeof schools;
  readonly headTitle: string;
  readonly address: readonly string[];
}

export type AdviceKind = 'education' | 'health' | 'psychology' | 'social-care' | 'adulthood' | 'other';

export interface AdviserOnRecord {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly role: string;
  readonly organisation: string;
  readonly address: readonly string[];
}

/** An invented authority: who works there, its schools, whom it asks. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly seed: string;
  readonly details: LetterDetails;
  readonly caseworkers: readonly Member[];
  readonly seniors: readonly Member[];
  readonly schools: readonly School[];
  readonly advisers: readonly AdviserOnRecord[];
  readonly panels: readonly PanelOnRecord[];
  /** Terms that every school keeps. */
  readonly terms: readonly Term[];
  /** Schools and advisers by the id that a letter has for them. */
  readonly readers: ReadonlyMap<string, Reader>;
}

/** How a school or an adviser is written to. */
export interface Reader {
  readonly kind: 'setting' | 'health' | 'social-care' | 'professional';
  readonly name: string;
  readonly salutation: string;
  readonly role: string;
  readonly address: readonly string[];
}

export interface Size {
  readonly id: 'levelshire' | 'harrowmoor';
  readonly plans: number;
}

const entries = {
  levelshire: { name: 'Levelshire', number: '999', prefix: 'LEV', firstUrn: 999001, phones: 0 },
  harrowmoor: { name: 'Harrowmoor', number: '998', prefix: 'HAR', firstUrn: 999901, phones: 500 },
} as const;

/** Where every record begins: history is told from here on, under the law of after the pandemic's changes. */
export const firstDay: Day = '2021-01-04';

export function makeOrganisation(size: Size, today: Day, seed: string, sheet: RowSheet): Organisation {
  const entry = entries[size.id];
  const small = size.id === 'harrowmoor';
  const draw = new Draw(`${seed}/${size.id}/organisation`);
  const mail = `${size.id}.example.org`;
  const phone = (at: number): string => `01632 960${String(entry.phones + at).padStart(3, '0')}`;
  const stored = (shown: string): string => `+44${shown.replace(/\s/g, '').slice(1)}`;
  const details: LetterDetails = {
    serviceName: `${entry.name} County Council, SEND service`,
    addressLines: ['County Hall', 'Beacon Road', towns[small ? 3 : 0], `ZZ99 ${small ? '8' : '1'}AA`],
    phone: phone(1),
    email: `send@${mail}`,
    website: `www.${mail}/send`,
    localOfferUrl: `https://www.${mail}/local-offer`,
    complaintsUrl: `https://www.${mail}/complaints`,
    openingHours: 'Monday to Friday, 9am to 5pm',
    sendiass: {
      name: `SENDIASS ${entry.name}`,
      phone: phone(2),
      email: `help@sendiass.${mail}`,
      website: `www.sendiass.${mail}`,
    },
    mediationAdviser: { name: 'Meadow Mediation', phone: phone(3), email: `advice@mediation.${mail}` },
    mediationContact: { name: 'Mediation and appeals', phone: phone(4), email: `mediation@${mail}` },
    disagreementResolution: { name: 'Common Ground', contact: `${phone(5)} or hello@common-ground.${mail}` },
  };
  sheet.add('access.authority', {
    id: size.id,
    name: entry.name,
    number: entry.number,
    reference_prefix: entry.prefix,
    letter_details: details,
  });

  const staffNames = new Draw(`${seed}/${size.id}/staff`);
  let met = 10;
  const member = (role: Role, jobTitle: string, team: string | null): Member => {
    const given = staffNames.pick(givenNames);
    const surname = staffNames.pick(surnames);
    const id = staffNames.id(firstDay);
    const one: Member = {
      id,
      role,
      team,
      name: `${given} ${surname}`,
      email: `${given}.${surname}.${met}@${mail}`.toLowerCase(),
      phone: phone(met++),
    };
    sheet.add('access.staff', {
      id,
      authority_id: size.id,
      name: one.name,
      email: one.email,
      roles: [role],
      job_title: jobTitle,
      team,
      phone: stored(one.phone),
      active_from: firstDay,
      active_until: null,
    });
    return one;
  };
  const workers = small ? 1 : Math.max(4, Math.ceil(size.plans / casesForEachCaseworker));
  const teams = small
    ? ['Harrowmoor team']
    : ['North team', 'South team', 'East team', 'West team'].slice(0, Math.max(2, Math.ceil(workers / 7)));
  const team = (at: number): string => teams[at % teams.length] ?? '';
  // Administrators and seniors first: a larger county has more caseworkers, and nobody else's entry changes.
  member('AD', 'Systems administrator', null);
  const seniors = Array.from({ length: small ? 2 : Math.max(4, Math.ceil(workers / 5)) }, (_, at) =>
    member('SM', 'Senior caseworker', team(at)),
  );
  const sits: { staffId: string; represents: Represents; chairs?: boolean }[] = [];
  if (!small) {
    sits.push({ staffId: member('PC', 'Chair of the SEND panel', null).id, represents: 'chair', chairs: true });
    for (const [title, represents] of [
      ['Head teacher', 'head-teacher'],
      ['Educational psychologist', 'educational-psychologist'],
      ['Health services manager', 'health-officer'],
    ] as const)
      sits.push({ staffId: member('PM', `${title}, panel member`, null).id, represents });
    member('AU', 'Information governance officer', null);
  }
  let panels: readonly PanelOnRecord[] = [];
  const caseworkers = Array.from({ length: workers }, (_, at) => member('CW', 'SEND caseworker', team(at)));
  if (!small) {
    const parents = member('PM', 'Parent representative, panel member', null);
    sits.push({ staffId: parents.id, represents: 'parent-representative' });
    panels = addPanels(sheet, new Draw(`${seed}/${size.id}/panels`), { id: size.id, teams, firstDay, today }, sits);
  }

  const terms = termsOf(today);
  const made = makeSchools(size.id, draw, entry.firstUrn, small, stored(phone(400)), mail, terms, sheet);
  const advisers = makeAdvisers(size.id, draw, stored(phone(401)), mail, sheet);
  return {
    id: size.id,
    name: entry.name,
    prefix: entry.prefix,
    seed,
    details,
    caseworkers,
    seniors,
    schools: made,
    advisers,
    panels,
    terms,
    readers: readersOf(made, advisers),
  };
}

function readersOf(list: readonly School[], advisers: readonly AdviserOnRecord[]): Map<string, Reader> {
  const readers = new Map<string, Reader>();
  for (const { id, headTitle, address } of list)
    readers.set(`setting:${id}`, {
      kind: 'setting',
      name: headTitle,
      salutation: headTitle,
      role: headTitle.toLowerCase(),
      address,
    });
  for (const { id, kind, name, role, address } of advisers) {
    const reads =
      kind.startsWith('health') || kind === 'designated-clinical-officer'
        ? 'health'
        : kind === 'social-care'
          ? 'social-care'
          : 'professional';
    readers.set(`adviser:${id}`, { kind: reads, name, salutation: name, role, address });
  }
  return readers;
}

/** The ages that each kind of setting teaches: who leaves it, and when. */
const ages: Readonly<Record<keyof typeof schools, readonly [from: number, to: number]>> = {
  primary: [4, 11],
  secondary: [11, 16],
  middle: [9, 13],
  'all-through': [4, 18],
  special: [4, 19],
  'alternative-provision': [5, 16],
  college: [16, 25],
  nursery: [2, 5],
  independentSpecial: [7, 19],
};

function makeSchools(
  authority: string,
  draw: Draw,
  firstUrn: number,
  small: boolean,
  phone: string,
  mail: string,
  terms: readonly (Term & { name: string })[],
  sheet: RowSheet,
): School[] {
  const list: School[] = [];
  const endings: Record<keyof typeof schools, readonly [kind: string, phase: string, names: readonly string[]]> = {
    primary: [
      'Community school',
      'Primary',
      ['Primary School', 'Church School', 'Community Primary School', 'Infant School', 'Junior School'],
    ],
    secondary: ['Academy', 'Secondary', ['Academy', 'School', 'Community School']],
    middle: ['Academy', 'Middle', ['Middle School']],
    'all-through': ['Academy', 'All-through', ['All-through Academy']],
    special: ['Special school', 'Special', ['Special School', 'Special Academy']],
    'alternative-provision': ['Pupil referral unit', 'Alternative provision', ['Learning Centre']],
    college: ['Further education college', 'Post-16', ['College']],
    nursery: ['Nursery', 'Early years', ['Nursery', 'Pre-school']],
    independentSpecial: ['Independent special school', 'Special', ['House School']],
  };
  for (const phase of Object.keys(schools) as (keyof typeof schools)[]) {
    const count = small ? Math.min(schools[phase], phase === 'primary' ? 6 : 2) : schools[phase];
    const [kind, phaseName, names] = endings[phase];
    for (let at = 0; at < count; at += 1) {
      const town = towns[at % towns.length] ?? towns[0];
      const place = places[(at * 7 + phase.length) % places.length] ?? places[0];
      const round = Math.floor(at / places.length);
      const name = `${round === 0 ? place : `${town} ${place}`}${round > 1 && round % 2 === 0 ? ' Green' : round > 2 ? ' Park' : ''} ${names[at % names.length] ?? ''}`;
      const id = draw.id(firstDay);
      const head = phase === 'college' ? 'Principal' : phase === 'nursery' ? 'Manager' : 'Head teacher';
      const address = [`${draw.whole(1, 90)} ${draw.pick(streets)}`, town];
      const postcode = `ZZ99 ${draw.whole(1, 9)}${draw.pick(['AB', 'BD', 'DE', 'EF', 'GH', 'JL'])}`;
      list.push({ id, name, kind, phase, headTitle: head, address: [name, ...address, postcode] });
      sheet.add('case_file.setting', {
        id,
        authority_id: authority,
        name,
        urn: phase === 'nursery' ? null : String(firstUrn + list.length - 1),
        kind,
        phase: phaseName,
        age_from: ages[phase][0],
        age_to: ages[phase][1],
        address_lines: address,
        postcode,
        email: `office.${list.length}@schools.${mail}`,
        phone,
        head_title: head,
        senco_name: `${draw.pick(givenNames)} ${draw.pick(surnames)}`,
        section_41: phase === 'independentSpecial',
        maintained_by: null,
        open_from: null,
        open_until: null,
      });
      for (const term of terms) {
        sheet.add('case_file.setting_term', {
          id: draw.id(term.from),
          authority_id: authority,
          setting_id: id,
          name: term.name,
          first_day: term.from,
          last_day: term.to,
          without_session: term.withoutSession ?? [],
        });
      }
    }
  }
  return list;
}

function makeAdvisers(authority: string, draw: Draw, phone: string, mail: string, sheet: RowSheet): AdviserOnRecord[] {
  const kinds: readonly [kind: string, role: string, organisation: string, count: number][] = [
    ['health-commissioner', 'Health commissioner for SEND', 'Level Valley health board', 1],
    ['designated-clinical-officer', 'Designated clinical officer', 'Level Valley health board', 1],
    ['health-professional', 'Community paediatrician', 'Level Valley community health', 3],
    ['health-professional', 'Speech and language therapist', 'Level Valley community health', 4],
    ['health-professional', 'Occupational therapist', 'Level Valley community health', 2],
    ['social-care', 'Social care front door', 'Children’s social care', 1],
    ['educational-psychology', 'Educational psychologist', 'Educational psychology service', 6],
    ['sensory-teacher', 'Qualified teacher of deaf children', 'Sensory support service', 1],
    ['sensory-teacher', 'Qualified teacher of children with vision impairment', 'Sensory support service', 1],
    ['preparation-for-adulthood', 'Preparation for adulthood adviser', 'Post-16 team', 1],
    ['virtual-school', 'Head of the virtual school', 'Virtual school', 1],
  ];
  return kinds.flatMap(([kind, role, organisation, count]) =>
    Array.from({ length: count }, (_, at): AdviserOnRecord => {
      const id = draw.id(firstDay);
      const name = `${draw.pick(givenNames)} ${draw.pick(surnames)}`;
      const lines = ['Marram House', draw.pick(streets), draw.pick(towns)];
      sheet.add('case_file.adviser', {
        id,
        authority_id: authority,
        kind,
        name,
        role,
        organisation,
        address_lines: lines,
        postcode: 'ZZ99 2AA',
        email: `${kind}.${at + 1}.${role.charAt(0).toLowerCase()}@advice.${mail}`,
        phone,
        from_day: firstDay,
        until_day: null,
      });
      return { id, kind, name, role, organisation, address: [organisation, ...lines, 'ZZ99 2AA'] };
    }),
  );
}

/** Six terms a year by rule, from autumn 2020 until three years after today. Every gap but the summer is under four weeks. */
function termsOf(today: Day): (Term & { name: string })[] {
  const terms: (Term & { name: string })[] = [];
  const monday = (day: Day): Day => addDays(day, 1 - weekday(day));
  for (let year = 2020; year <= Number(today.slice(0, 4)) + 3; year += 1) {
    const next = year + 1;
    const autumnBreak = monday(`${year}-10-29`);
    const christmas = addDays(monday(`${year}-12-21`), weekday(`${year}-12-21`) > 5 ? 4 : -3);
    const winterBreak = monday(`${next}-02-17`);
    // Two weeks round Easter Monday, the first of them before it.
    const easter = addDays(easterMonday(next), -7);
    const springBreak = monday(`${next}-05-31`);
    const opens = weekday(`${year}-09-02`) > 5 ? addDays(monday(`${year}-09-02`), 7) : `${year}-09-02`;
    const summerEnds = addDays(monday(`${next}-07-24`), -3);
    const row = (at: number, from: Day, to: Day, ...withoutSession: Day[]): void => {
      terms.push({ name: `Term ${at} ${year}/${String(next).slice(2)}`, from, to, withoutSession });
    };
    row(1, opens, addDays(autumnBreak, -3), opens);
    row(2, addDays(autumnBreak, 7), christmas, addDays(autumnBreak, 7));
    row(3, addDays(monday(`${next}-01-04`), weekday(`${next}-01-04`) > 5 ? 7 : 0), addDays(winterBreak, -3));
    row(4, addDays(winterBreak, 7), addDays(easter, -3), addDays(winterBreak, 7));
    row(5, addDays(easter, 14), addDays(springBreak, -3));
    row(6, addDays(springBreak, 7), summerEnds, summerEnds);
  }
  return terms;
}
