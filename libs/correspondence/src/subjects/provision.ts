import { plansOf, type PlanVersion, planVersionOf, settingOf } from '@send/case-file';
import type { Tx } from '@send/database';
import type { CheckValues, LetterDates, RecipientKind } from '@send/letters';
import { addWorkingDays, type Day, deadline, isCalendarEnds, isCannotCompute } from '@send/statute';
import { nextReviewOf } from '../next-review';
import type { ToldContext } from '../telling';
import type { SubjectValues } from './about-letter';

/** What the provision check keeps, as far as its letters print it. */
interface CheckContext extends ToldContext {
  readonly check?: {
    readonly planVersion?: string;
    readonly setting?: string;
    readonly gaps: Readonly<
      Record<string, { item: string; action?: string; owner?: string; dueOn?: Day; closedOn?: Day }>
    >;
  };
}

const isId = (id: string | undefined): id is string =>
  id !== undefined && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);

/** Each is asked about what is theirs: the setting about F, health about G, social care about H; the family about all. */
const sectionsFor: Readonly<Partial<Record<RecipientKind, readonly string[]>>> = {
  setting: ['F'],
  health: ['G'],
  'social-care': ['H1', 'H2'],
};

/** The letters of a provision check: what is asked, what is missing, who puts it right and by when. */
export const provisionValues: SubjectValues = async ({ tx, telling, template, on, calendars, values }) => {
  const context = telling.context as CheckContext;
  const { check } = context;
  const version = await versionOf(tx, telling.childId, check?.planVersion);
  const sections = sectionsFor[values.recipient.kind];
  const items = (version?.provision ?? []).filter(({ section }) => sections?.includes(section) ?? true);
  const named = (item: string): string => nameOf(version, item);
  const gaps = Object.values(check?.gaps ?? {}).filter(({ closedOn }) => closedOn === undefined);
  const gap = telling.subject === null ? undefined : check?.gaps[telling.subject];
  const setting = isId(check?.setting) ? await settingOf(tx, check.setting) : null;
  const dueBy = lastDay(context, calendars);
  const nextReview = await nextReviewOf(tx, telling.childId);
  const planDated =
    context.facts['finalPlanIssued'] ?? context.facts['amendedFinalPlanIssued'] ?? version?.issuedOn ?? undefined;
  const replyBy = template.id === 'provision.reminder' ? addWorkingDays(on, 5, calendars) : undefined;
  const own: CheckValues = {
    // A day that has passed is no promise.
    ...(dueBy === undefined || dueBy <= on ? {} : { dueBy }),
    ...(setting === null ? {} : { settingName: setting.name }),
    items: items.map((one) => ({ section: one.section, what: inWords(one) })),
    gaps: gaps.map(({ item, action, owner, dueOn }) => ({
      what: named(item),
      ...(action === undefined || dueOn === undefined ? {} : { action, by: dueOn }),
      ...(owner === undefined ? {} : { owner }),
    })),
    ...(gap?.action === undefined || gap.dueOn === undefined
      ? {}
      : { gap: { what: named(gap.item), action: gap.action, by: gap.dueOn } }),
    ...(nextReview === undefined || nextReview < on ? {} : { nextReview }),
  };
  const dates: LetterDates = {
    ...(planDated === undefined ? {} : { planDated }),
    ...(replyBy === undefined || isCalendarEnds(replyBy) ? {} : { replyBy }),
  };
  return { check: own, dates };
};

/** The version that the run was told of, else the newest that has been issued. */
async function versionOf(tx: Tx, childId: string, id: string | undefined): Promise<PlanVersion | undefined> {
  const own = isId(id) ? await planVersionOf(tx, id) : null;
  if (own !== null && own.childId === childId) return own;
  return (await plansOf(tx, childId)).find(({ issuedOn }) => issuedOn !== null);
}

const inWords = ({ what, howLong, howOften }: PlanVersion['provision'][number]): string =>
  [what, howLong, howOften].filter((part) => part.trim() !== '').join(', ');

function nameOf(version: PlanVersion | undefined, item: string): string {
  if (item === 'attendance') return 'Going to school, college or nursery';
  const found = version?.provision.find(({ id }) => id === item);
  return found === undefined ? 'Support in the plan' : inWords(found);
}

function lastDay(context: CheckContext, calendars: Parameters<typeof deadline>[2]): Day | undefined {
  const duty =
    context.facts['startedAtNewSetting'] === undefined
      ? 'practice.contact-after-plan-issued'
      : 'practice.contact-after-phase-transfer';
  const found = deadline(
    duty,
    context.facts,
    context.terms === undefined || calendars === undefined ? calendars : { ...calendars, terms: context.terms },
    {
      explain: false,
      ...(context.policyInForceFrom === undefined ? {} : { policyInForceFrom: context.policyInForceFrom }),
    },
  );
  return isCannotCompute(found) ? undefined : (found.dueBy ?? undefined);
}

/** As the child's own review process counts it. */
