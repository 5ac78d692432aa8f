import type { ProvisionItem } from '@send/case-file';
import type { Day } from '@send/statute';
import type { ProvisionContext } from '@send/workflows';
import { provisionInWords } from '../plan/plan-changes';

type Check = ProvisionContext['check'];
type Account = NonNullable<Check['accounts']['family']>;
type Gap = Check['gaps'][string];

export interface Answer {
  readonly text: string;
  readonly since: Day | null;
  /** The answer that needs somebody to act. */
  readonly missing: boolean;
}

export interface GapShown {
  readonly with: string;
  readonly openedOn: Day;
  readonly reportedOn: Day | null;
  readonly action: string | null;
  readonly owner: string | null;
  readonly dueOn: Day | null;
  readonly firstDueOn: Day | null;
  readonly late: boolean;
  readonly closedOn: Day | null;
  readonly evidence: string | null;
  readonly item: string;
  readonly top: boolean;
}

export interface Row {
  readonly item: string;
  readonly section: string;
  readonly what: string;
  readonly family: Answer;
  readonly setting: Answer;
  /** Health about G, social care about H, where they have answered. */
  readonly provider: (Answer & { readonly by: string }) | null;
  readonly differ: boolean;
  readonly gap: GapShown | null;
  readonly closed: readonly GapShown[];
}

const answers: Readonly<Record<string, string>> = {
  'in-full': 'In full',
  'in-part': 'In part',
  not: 'Not delivered',
  'not-known': 'Not known',
};
const attendances: Readonly<Record<string, string>> = {
  yes: 'Attends',
  'in-part': 'Attends in part',
  no: 'Does not attend',
  'not-known': 'Not known',
};
const rungs: Readonly<Record<Gap['rung'], string>> = {
  setting: 'The setting',
  caseworker: 'The caseworker',
  manager: 'The manager',
  'senior-officer': 'The senior officer',
};

const unasked: Answer = { text: 'No answer yet', since: null, missing: false };

const answerOf = (account: Account | undefined, item: string): Answer => {
  const said = account?.items[item];
  if (account === undefined) return unasked;
  if (said === undefined) return { text: 'Not known', since: null, missing: false };
  return {
    text: answers[said.delivered] ?? said.delivered,
    since: said.since ?? null,
    missing: said.delivered === 'not' || said.delivered === 'in-part',
  };
};

const attendanceOf = (account: Account | undefined): Answer =>
  account === undefined
    ? unasked
    : {
        text: attendances[account.attends] ?? account.attends,
        since: account.attendsSince ?? null,
        missing: account.attends === 'no' || account.attends === 'in-part',
      };

const gapShown = (gap: Gap, today: Day): GapShown => ({
  with: rungs[gap.rung],
  openedOn: gap.openedOn,
  reportedOn: gap.reportedOn ?? null,
  action: gap.action ?? null,
  owner: gap.owner ?? null,
  dueOn: gap.dueOn ?? null,
  firstDueOn: gap.firstDueOn !== undefined && gap.firstDueOn !== gap.dueOn ? gap.firstDueOn : null,
  late: gap.closedOn === undefined && gap.dueOn !== undefined && gap.dueOn < today,
  closedOn: gap.closedOn ?? null,
  evidence: gap.evidence ?? null,
  item: gap.item,
  top: gap.rung === 'senior-officer',
});

/** Two who have answered, and say different things. What one does not know is no difference. */
const differ = (one: Answer, other: Answer): boolean =>
  ![one.text, other.text].some((text) => text === 'Not known' || text === unasked.text) && one.text !== other.text;

/** Each item of F, G and H with what each says of it, gaps first; then attendance; then what the plan no longer has. */
export function provisionRows(provision: readonly ProvisionItem[], check: Check, today: Day): Row[] {
  const { family, setting, health, 'social-care': care } = check.accounts;
  const gapsOf = (item: string) => {
    const own = Object.values(check.gaps).filter((gap) => gap.item === item);
    const open = own.find(({ closedOn }) => closedOn === undefined);
    return {
      gap: open === undefined ? null : gapShown(open, today),
      closed: own.flatMap((gap) => (gap.closedOn === undefined ? [] : [gapShown(gap, today)])),
    };
  };
  const row = (
    item: string,
    section: string,
    what: string,
    one: Answer,
    other: Answer,
    third: Row['provider'],
  ): Row => ({
    item,
    section,
    what,
    family: one,
    setting: other,
    provider: third,
    differ: differ(one, other),
    ...gapsOf(item),
  });
  const third = (section: string, item: string): Row['provider'] => {
    const [account, by] = section === 'G' ? ([health, 'Health'] as const) : ([care, 'Social care'] as const);
    return section === 'F' || account?.items[item] === undefined ? null : { ...answerOf(account, item), by };
  };
  const known = new Set([...provision.map(({ id }) => id), 'attendance']);
  const others = new Set(
    [
      ...Object.values(check.gaps).map(({ item }) => item),
      ...Object.values(check.accounts).flatMap((account) => Object.keys(account?.items ?? {})),
    ].filter((item) => !known.has(item)),
  );
  const rows = [
    ...provision.map(({ id, section, ...rest }) =>
      row(
        id,
        section,
        provisionInWords({ id, section, ...rest }),
        answerOf(family, id),
        answerOf(setting, id),
        third(section, id),
      ),
    ),
    row('attendance', '', 'Going to school, college or nursery', attendanceOf(family), attendanceOf(setting), null),
    ...[...others].map((item) =>
      row(
        item,
        '',
        'An item that is not in this version of the plan',
        answerOf(family, item),
        answerOf(setting, item),
        null,
      ),
    ),
  ];
  return [...rows.filter(({ gap }) => gap !== null), ...rows.filter(({ gap }) => gap === null)];
}

/** How far the two contacts have come, in a sentence each. */
export function contactsInWords(
  check: Check,
): { who: string; account: Day | null; unreachable: Day | null; tries: number }[] {
  return (['family', 'setting'] as const).map((contact) => ({
    who: contact === 'family' ? 'Family' : 'Setting',
    account: check.accounts[contact]?.on ?? null,
    unreachable: check.unreachable[contact] ?? null,
    tries: check.attempts.filter((one) => one.contact === contact).length,
  }));
}
