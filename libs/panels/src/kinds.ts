import type { Tx } from '@send/database';
import type { Day } from '@send/statute';

export const purposes = {
  'statutory-assessment': 'Statutory assessment',
  resource: 'Resource',
  placement: 'Placement',
  'area-partnership': 'Area partnership',
  cohort: 'Children at risk of exclusion',
} as const;
export type Purpose = keyof typeof purposes;

/** Whom a member speaks for. */
export const represents = {
  chair: 'Chair',
  'head-teacher': 'Head teacher',
  senco: 'SENCO',
  'educational-psychologist': 'Educational psychologist',
  'health-officer': 'Health officer',
  'social-care': 'Social care',
  'parent-representative': 'Parent representative',
  'early-years': 'Early years',
  'post-16': 'Post-16',
  finance: 'Finance',
  'authority-officer': 'Council officer',
} as const;
export type Represents = keyof typeof represents;

/** Which cases are this panel's, where several serve one purpose. A list left out lets every case through. */
export interface Routing {
  /** Teams of the authority, where each area has a panel of its own. */
  readonly teams?: readonly string[];
  /** National curriculum years, nursery as -1. */
  readonly years?: { readonly from: number; readonly to: number };
  readonly needs?: readonly string[];
}

export interface PanelKind {
  /** A short name for addresses: `assessment-north`. */
  readonly id: string;
  readonly name: string;
  readonly purpose: Purpose;
  /** How many must be present without a conflict. */
  readonly quorum: number;
  /** Of whom at least one must be. */
  readonly requiredRoles: readonly Represents[];
  readonly routing: Routing;
  readonly legalTest: string;
  readonly criteriaVersion: string;
  readonly fromDay: Day;
  readonly untilDay: Day | null;
}

const columns = `id, name, purpose, quorum, required_roles as "requiredRoles", routing, legal_test as "legalTest",
  criteria_version as "criteriaVersion", from_day as "fromDay", until_day as "untilDay"`;

/** Kinds that exist on a day, in the order of their names. */
export async function kindsOn(tx: Tx, on: Day): Promise<PanelKind[]> {
  return tx.query<PanelKind>(
    `select ${columns} from panels.kind where from_day <= $1 and (until_day is null or $1 < until_day) order by name, id`,
    [on],
  );
}

export async function kindOf(tx: Tx, id: string): Promise<PanelKind | undefined> {
  const [kind] = await tx.query<PanelKind>(`select ${columns} from panels.kind where id = $1`, [id]);
  return kind;
}

/** Adds a kind of panel, or changes what it is from now on. What was decided keeps the words of its own day. */
export async function saveKind(tx: Tx, kind: Omit<PanelKind, 'untilDay'> & { untilDay?: Day | null }): Promise<void> {
  await tx.run(
    `insert into panels.kind (authority_id, id, name, purpose, quorum, required_roles, routing, legal_test, criteria_version, from_day, until_day)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (authority_id, id) do update set name = excluded.name, purpose = excluded.purpose, quorum = excluded.quorum,
       required_roles = excluded.required_roles, routing = excluded.routing, legal_test = excluded.legal_test,
       criteria_version = excluded.criteria_version, from_day = excluded.from_day, until_day = excluded.until_day`,
    [
      tx.identity.authority,
      kind.id,
      kind.name,
      kind.purpose,
      kind.quorum,
      kind.requiredRoles,
      kind.routing,
      kind.legalTest,
      kind.criteriaVersion,
      kind.fromDay,
      kind.untilDay ?? null,
    ],
  );
}

export interface RoutedChild {
  readonly team: string | null;
  readonly year: number | null;
  readonly need: string | null;
}

/**
 * The panels of a purpose that take this case, the most particular first, each with the reason. What is not known of a child
 * meets no rule that asks for it.
 */
export function routeTo(
  kinds: readonly PanelKind[],
  purpose: Purpose,
  child: RoutedChild,
): { kind: PanelKind; because: string }[] {
  return kinds
    .filter((kind) => kind.purpose === purpose)
    .flatMap((kind) => {
      const { teams, years, needs } = kind.routing;
      const because: string[] = [];
      if (teams !== undefined) {
        if (child.team === null || !teams.includes(child.team)) return [];
        because.push(`the case is with the ${child.team}`);
      }
      if (years !== undefined) {
        if (child.year === null || child.year < years.from || child.year > years.to) return [];
        because.push(`the child’s year group is one of its own`);
      }
      if (needs !== undefined) {
        if (child.need === null || !needs.includes(child.need)) return [];
        because.push(`it takes cases of this need`);
      }
      return [{ kind, because: because.length === 0 ? 'it takes every case' : because.join(', and ') }];
    })
    .sort((a, b) => rulesOf(b.kind) - rulesOf(a.kind));
}

const rulesOf = ({ routing }: PanelKind): number => Object.keys(routing).length;

/**
 * Three county panels as one county had them side by side: invented data for demonstrations and specs, each panel with the
 * areas it serves, all with the same test, so that their rates can be compared.
 */
export const countyPanels = (teams: readonly string[], from: Day): Omit<PanelKind, 'untilDay'>[] => {
  const shared = {
    purpose: 'statutory-assessment',
    quorum: 3,
    requiredRoles: ['health-officer', 'parent-representative'],
    legalTest:
      'May the child have special educational needs, and may it be necessary for provision to be made through an EHC plan? CFA 2014 s 36(8)',
    criteriaVersion: 'County criteria 2026-1',
    fromDay: from,
  } as const;
  const areas = ['east', 'mid', 'west'] as const;
  return areas.map((area, at) => ({
    ...shared,
    id: `assessment-${area}`,
    name: `${area.charAt(0).toUpperCase()}${area.slice(1)} assessment panel`,
    routing: { teams: teams.filter((_, index) => index % areas.length === at) },
  }));
};

/** The panels that one authority has beside them, each of another purpose. */
export const furtherPanels = (from: Day): Omit<PanelKind, 'untilDay'>[] => [
  {
    id: 'resource',
    name: 'Resource panel',
    purpose: 'resource',
    quorum: 3,
    requiredRoles: ['finance'],
    routing: {},
    legalTest: 'What provision do the child’s needs call for? CFA 2014 s 37(2), s 42(2)',
    criteriaVersion: 'Resource 2026-1',
    fromDay: from,
  },
  {
    id: 'placement',
    name: 'Placement panel',
    purpose: 'placement',
    quorum: 3,
    requiredRoles: ['social-care'],
    routing: {},
    legalTest: 'Is the setting unsuitable, or against efficient education or use of resources? CFA 2014 s 39(4)',
    criteriaVersion: 'Placement 2026-1',
    fromDay: from,
  },
  {
    id: 'area-partnership',
    name: 'Area partnership panel',
    purpose: 'area-partnership',
    quorum: 2,
    requiredRoles: ['head-teacher'],
    routing: {},
    legalTest: 'What help can schools of the area give now? CFA 2014 s 27',
    criteriaVersion: 'Area 2026-1',
    fromDay: from,
  },
];
