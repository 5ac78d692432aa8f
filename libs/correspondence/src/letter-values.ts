import { authorityOf, type LetterDetails, Staff } from '@send/access';
import {
  type Addressee,
  adviserOf,
  changedSections,
  childOf,
  comparePlans,
  fullName,
  planSections,
  type PlanVersion,
  plansOf,
  planVersionOf,
  settingOf,
  yearGroupOf,
} from '@send/case-file';
import type { Tx } from '@send/database';
import type {
  AdviserValues,
  ExceptionValues,
  LetterTemplate,
  LetterValues,
  MeetingValues,
  PersonContact,
  PlanValues,
  RecipientKind,
  SettingValues,
} from '@send/letters';
import type { Calendars, Day } from '@send/statute';
import { letterDates, nextStep } from './letter-dates';
import { nextReviewOf } from './next-review';
import { subjectValues } from './subjects/subject-values';
import type { Telling } from './telling';

export interface ForWhom {
  readonly addressee: Addressee;
  readonly kind: RecipientKind;
  /** As printed, postcode last; masked where it is not to be shared and nobody hands the letter over. */
  readonly addressLines: readonly string[];
}

/** Everything the letter says that its template does not, as of the day it leaves. */
export async function valuesFor(
  tx: Tx,
  telling: Telling,
  template: LetterTemplate,
  whom: ForWhom,
  on: Day,
  calendars: Calendars,
): Promise<LetterValues> {
  const { fact } = telling;
  const { payload } = fact;
  const authority = await authorityOf(tx);
  const details = authority.letterDetails;
  const child = await childOf(tx, telling.childId);
  const reasons = telling.ownWords?.reasons ?? (await reasonsOf(tx, telling));
  const evidence =
    telling.ownWords?.evidence ??
    listOf<{ title: string; author?: string; date?: Day }>(payload['evidence']).flatMap(({ title, author, date }) =>
      date === undefined ? [] : [{ title, author: author ?? 'Not given', date }],
    );
  const adviser = await adviserValues(tx, telling, whom.addressee, details);
  const setting = await settingValues(tx, telling, whom.addressee, `Year ${yearGroupOf(child, on)}`);
  const exception = exceptionValues(telling, calendars);
  const meeting = meetingValues(telling);
  const plan = await planValues(tx, telling);
  const decision = decisions[fact.type];
  const from = await requestFrom(tx, telling, child.settingId);
  const council = text(payload['council']);
  const { addressee } = whom;
  const values: LetterValues = {
    letterDate: on,
    ourReference: child.reference,
    council: {
      name: authority.name,
      addressLines: [...details.addressLines],
      phone: details.phone,
      email: details.email,
      website: details.website,
      localOfferUrl: details.localOfferUrl,
      complaintsUrl: details.complaintsUrl,
      openingHours: details.openingHours,
    },
    recipient: {
      kind: whom.kind,
      name: addressee.name,
      salutation: addressee.salutation,
      addressLines: [...whom.addressLines],
      ...(addressee.role === undefined ? {} : { role: addressee.role }),
    },
    child: {
      firstName: child.knownAs,
      fullName: fullName(child),
      // Printed only where the reader must find the right record.
      ...(isFamily(whom.kind) ? {} : { dateOfBirth: child.dateOfBirth }),
    },
    caseworker: await caseworkerOf(tx, child.caseworkerId ?? fact.by, details),
    mediation: details.mediationAdviser,
    disagreementResolution: { ...details.disagreementResolution },
    iass: details.sendiass,
    dates: letterDates(telling, on, calendars),
    ...(from === undefined ? {} : { requestFrom: from }),
    ...(decision === undefined ? {} : { decision }),
    ...(reasons.length === 0 ? {} : { reasons: [...reasons] }),
    ...(evidence.length === 0 ? {} : { evidence: evidence.map((one) => ({ ...one })) }),
    advisers: advisersAsked(telling),
    ...(adviser === undefined ? {} : { adviser }),
    ...(setting === undefined ? {} : { setting }),
    ...(exception === undefined ? {} : { exception }),
    ...(meeting === undefined ? {} : { meeting }),
    ...(plan === undefined ? {} : { plan }),
    ...(council === undefined
      ? {}
      : {
          otherCouncil: {
            name: council,
            contact: `we can give you its details on ${details.phone}`,
            told: payload['told'] === true,
          },
        }),
  };
  if (values.dates.reviewBy === undefined && template.needs.includes('dates.reviewBy')) {
    const next = await nextReviewOf(tx, telling.childId);
    if (next !== undefined && next > on) values.dates.reviewBy = next;
  }
  const own = await subjectValues[template.id.split('.')[0] ?? '']?.({ tx, telling, template, on, calendars, values });
  return own === undefined ? values : { ...values, ...own, dates: { ...values.dates, ...own.dates } };
}

const decisions: Readonly<Record<string, string>> = {
  decidedToAssess: 'assess',
  decidedNotToAssess: 'not-assess',
  determinedNotNecessary: 'not-assess',
  decidedToIssue: 'plan',
  decidedNotToIssue: 'no-plan',
};

const isFamily = (kind: RecipientKind): boolean => kind === 'parent' || kind === 'young-person' || kind === 'child';
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;
const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

const isIssue = (type: string): boolean => type === 'finalPlanIssued' || type === 'amendedFinalPlanIssued';

/** The decision's own reasons; a final plan gives those of the placement where it has none of its own. */
async function reasonsOf(tx: Tx, { fact, runId }: Telling): Promise<readonly string[]> {
  const own = listOf<string>(fact.payload['reasons']);
  if (own.length > 0 || !isIssue(fact.type) || runId === null) return own;
  const [placement] = await tx.query<{ reasons: string[] | null }>(
    `select payload -> 'reasons' as reasons from engine.fact where run_id = $1 and type = 'placementNamed' order by on_day desc, seq desc limit 1`,
    [runId],
  );
  return placement?.reasons ?? [];
}

async function caseworkerOf(tx: Tx, staffId: string, details: LetterDetails): Promise<PersonContact> {
  const staff = /^[0-9a-f-]{36}$/i.test(staffId) ? await tx.repository(Staff).findOneBy({ id: staffId }) : null;
  return {
    name: staff?.name ?? details.serviceName,
    phone: staff?.phone ?? details.phone,
    email: staff?.email ?? details.email,
  };
}

/** "You asked us" is said only to the one who did. */
async function requestFrom(
  tx: Tx,
  { context, copies, letter }: Telling,
  settingId: string | null,
): Promise<string | undefined> {
  switch (context.requestFrom) {
    case 'school': {
      const setting = settingId === null ? null : await settingOf(tx, settingId);
      return setting?.name ?? 'The school or other setting';
    }
    case 'other':
      return 'Another person or service';
    case 'parent':
      return copies > 1 || letter === 'assessment.ack-request-setting' ? 'A parent or carer' : undefined;
    default:
      return undefined;
  }
}

const kindsOfAdvice: Readonly<Record<string, { who: string; advice: string }>> = {
  education: { who: 'the school, college or nursery', advice: 'educational advice' },
  health: { who: 'a health service', advice: 'health advice' },
  psychology: { who: 'an educational psychologist', advice: 'psychological advice' },
  'social-care': { who: 'our social care team', advice: 'social care advice' },
  adulthood: {
    who: 'someone who knows about getting ready for adult life',
    advice: 'advice on preparing for adulthood',
  },
  other: { who: 'others who know about these needs', advice: 'advice' },
};

/** Whom we ask by law, and whom else we have asked. */
function advisersAsked({ context }: Telling): string[] {
  const kinds = new Set([
    'education',
    'health',
    'psychology',
    'social-care',
    ...(context.fromYear9 === true ? ['adulthood'] : []),
  ]);
  for (const { kind } of Object.values(context.advice ?? {})) kinds.add(kind);
  return [...kinds].flatMap((kind) => kindsOfAdvice[kind]?.who ?? []);
}

async function adviserValues(
  tx: Tx,
  { subject, context, letter }: Telling,
  addressee: Addressee,
  details: LetterDetails,
): Promise<AdviserValues | undefined> {
  const replyLink = details.website.startsWith('http') ? details.website : `https://${details.website}`;
  if (letter === 'assessment.request-school-information')
    return {
      name: addressee.name,
      role: addressee.role ?? 'the setting',
      organisation: addressee.addressLines[0] ?? addressee.name,
      adviceType: 'information',
      replyLink,
    };
  const kind = subject === null ? undefined : (context.advice?.[subject]?.kind ?? kindIn(letter));
  if (kind === undefined || !letter.startsWith('assessment.advice-')) return undefined;
  const [type, id = ''] = addressee.id.split(':', 2);
  const adviser = type === 'adviser' ? await adviserOf(tx, id) : null;
  return {
    name: adviser?.name ?? addressee.name,
    role: adviser?.role ?? addressee.role ?? 'adviser',
    organisation: adviser?.organisation ?? addressee.name,
    adviceType: kindsOfAdvice[kind]?.advice ?? 'advice',
    replyLink,
  };
}

const kindIn = (letter: string): string => letter.replace('assessment.advice-', '');

async function settingValues(
  tx: Tx,
  { subject, context, fact }: Telling,
  addressee: Addressee,
  yearGroup: string,
): Promise<SettingValues | undefined> {
  const consulted =
    subject === null ? undefined : (context.plan?.consultations[subject]?.setting ?? text(fact.payload['setting']));
  const id = consulted ?? (addressee.id.startsWith('setting:') ? addressee.id.slice('setting:'.length) : undefined);
  const setting = id === undefined || !/^[0-9a-f-]{36}$/i.test(id) ? null : await settingOf(tx, id);
  if (setting === null) return undefined;
  return {
    name: setting.name,
    yearGroup,
    section41: setting.section41,
    kind: setting.kind,
    // Only where another authority was told too.
    ...(text(fact.payload['maintainedBy']) === undefined || setting.maintainedBy === null
      ? {}
      : { maintainingAuthority: setting.maintainedBy }),
  };
}

const grounds: Readonly<Record<string, string>> = {
  settingClosed: 'the school or college was closed for 4 weeks or more',
  earlyYearsClosed: 'the early years setting was closed for 4 weeks or more',
  exceptionalPersonalCircumstances: 'something serious happened in the family',
  awayFromArea: 'the child or parent was away from the area for 4 weeks or more',
  exceptionalCircumstances: 'something serious happened that nobody could foresee',
  missedAppointment: 'an appointment was missed',
};

const goesOn = 'We carry on with the work that we can do now. The help that is given now stays in place.';

function exceptionValues(
  { letter, fact, context, subject }: Telling,
  calendars: Calendars,
): ExceptionValues | undefined {
  const { payload } = fact;
  const late = nextStep(context, calendars);
  if (letter === 'assessment.delay-apology')
    return {
      whatIsLate: text(payload['what']) ?? '',
      facts: text(payload['why']) ?? '',
      meanwhile: text(payload['meanwhile']) ?? goesOn,
    };
  if (letter !== 'assessment.delay-exception') return undefined;
  const adviceOnly = text(payload['request']) !== undefined || subject !== null;
  return {
    whatIsLate: adviceOnly ? 'one of the reports that we need' : (late?.words ?? ''),
    ground: grounds[text(payload['ground']) ?? ''] ?? '',
    provision: `SEND Regulations 2014, regulation ${adviceOnly ? '8(2)' : (late?.regulation ?? '13(3)')}`,
    facts: text(payload['reason']) ?? '',
    meanwhile: goesOn,
  };
}

function meetingValues({ fact: { payload } }: Telling): MeetingValues | undefined {
  const time = text(payload['time']);
  const place = text(payload['place']);
  if (time === undefined || place === undefined) return undefined;
  const link = place.startsWith('https://') ? place : undefined;
  return {
    time,
    place: link === undefined ? place : 'Online',
    ...(link === undefined ? {} : { link }),
    attendees: [text(payload['with']) ?? 'your caseworker'],
  };
}

async function planValues(tx: Tx, telling: Telling): Promise<PlanValues | undefined> {
  const { letter, context, fact } = telling;
  if (!(/^(plan|review|amend)\./.test(letter) || letter === 'reassess.final') || context.plan === undefined)
    return undefined;
  const all = await plansOf(tx, telling.childId);
  const named = text(fact.payload['planVersion']) ?? context.plan.finalVersion ?? context.plan.draftVersion;
  const version =
    (named !== undefined && /^[0-9a-f-]{36}$/i.test(named) ? await planVersionOf(tx, named) : null) ?? all[0];
  const before = version === undefined ? undefined : all.find((one) => one.number < version.number);
  const { placement } = context.plan;
  const setting =
    placement?.setting === undefined || !/^[0-9a-f-]{36}$/i.test(placement.setting)
      ? null
      : await settingOf(tx, placement.setting);
  const refusedId = context.plan.requestedSettings.find(
    (one) => one !== placement?.setting && /^[0-9a-f-]{36}$/i.test(one),
  );
  const refused = refusedId === undefined || placement === undefined ? null : await settingOf(tx, refusedId);
  return {
    provisions: (version?.provision ?? []).map((one) => ({
      what: [one.what, one.howLong, one.howOften].filter((part) => part.trim() !== '').join(', '),
      arrangedBy: one.who,
    })),
    changes: version === undefined || before === undefined ? [] : changesBetween(before, version),
    ...(context.facts['amendmentsSent'] === undefined ? {} : { amending: true as const }),
    ...(setting === null ? {} : { namedSetting: setting.name }),
    ...(placement === undefined ? {} : { settingType: placement.type }),
    ...(refused === null ? {} : { requestedSettingRefused: { name: refused.name, why: 'We say why below.' } }),
  };
}

const changesBetween = (before: PlanVersion, after: PlanVersion): string[] =>
  changedSections(comparePlans(before, after)).map(
    (section) =>
      `Section ${section} has changed: ${planSections[section].charAt(0).toLowerCase()}${planSections[section].slice(1)}.`,
  );
