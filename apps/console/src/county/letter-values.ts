import { createHash } from 'node:crypto';
import {
  type LetterDates,
  type LetterTemplate,
  type LetterValues,
  letterCatalogue,
  type RecipientKind,
  requiredValues,
  templateInForce,
} from '@send/letters';
import {
  addDays,
  addWorkingDays,
  type Day,
  deadline,
  englandCalendars,
  isCalendarEnds,
  isCannotCompute,
  isTribunalVacation,
  officeDayOnOrBefore,
  onOrAfterWorkingDay,
} from '@send/statute';
import { type Fact, firstClass, type Place } from '@send/workflow-kit';
import type { AssessmentContext } from '@send/workflows';
import type { Household } from './household';
import type { Organisation } from './organisation';

export interface LetterToTell {
  readonly letter: string;
  readonly subject: string | null;
  readonly recipient: string;
}

interface Wanted {
  readonly template: LetterTemplate;
  readonly needs: ReadonlySet<string>;
  /** The same with what is above them: `plan.provisions` is in here as `plan` too. */
  readonly parts: ReadonlySet<string>;
}

const wanted = new Map<string, Wanted>();

/** What this letter must know, read from its template once. */
function wantedBy(letter: string, on: Day): Wanted {
  let found = wanted.get(letter);
  if (found === undefined) {
    const template = templateInForce(letterCatalogue(), letter, on);
    if (template === undefined) throw new Error(`No version of ${letter} is in force on ${on}`);
    const needs = requiredValues(letter, on);
    wanted.set(
      letter,
      (found = { template, needs: new Set(needs), parts: new Set(needs.map((path) => path.split('.')[0] ?? path)) }),
    );
  }
  return found;
}

const decisions: Readonly<Record<string, string>> = {
  decidedToAssess: 'assess',
  decidedNotToAssess: 'not-assess',
  determinedNotNecessary: 'not-assess',
  decidedToIssue: 'plan',
  decidedNotToIssue: 'no-plan',
};

const grounds: Readonly<Record<string, string>> = {
  settingClosed: 'the school or college was closed for 4 weeks or more',
  exceptionalPersonalCircumstances: 'something serious happened in the family',
  missedAppointment: 'an appointment was missed',
};

const advisersAsked = [
  'the school, college or nursery',
  'a health service',
  'an educational psychologist',
  'our social care team',
];

/** Whether the printed last day of the family's comments binds us. */
export const promises = (letter: string): boolean => letter === 'plan.draft' || letter === 'plan.draft-reissued';

const due = (duty: string, facts: Record<string, Day>): { dueBy: Day; inTimeUntil?: Day } | undefined => {
  const found = deadline(duty, facts, englandCalendars, { explain: false });
  return isCannotCompute(found) || found.dueBy === null
    ? undefined
    : { dueBy: found.dueBy, ...(found.inTimeUntil === undefined ? {} : { inTimeUntil: found.inTimeUntil }) };
};

const known = (found: unknown): Day | undefined => (isCalendarEnds(found) ? undefined : (found as Day));

/** The last day that a draft prints for the family's comments. */
export const lastDayOfComments = (sentOn: Day): Day | undefined => {
  const found = due('plan.representations-window', { draftPlanServed: firstClass(sentOn) });
  return found === undefined ? undefined : known(onOrAfterWorkingDay(found.dueBy, englandCalendars));
};

function dateOf(
  name: keyof LetterDates,
  letter: LetterToTell,
  fact: Fact,
  context: AssessmentContext,
  on: Day,
): Day | undefined {
  const { facts } = context;
  const own = (field: string): Day | undefined =>
    typeof fact.payload[field] === 'string' ? fact.payload[field] : undefined;
  switch (name) {
    case 'requestReceived':
      return facts['requestReceived'] ?? facts['responsibilityBegan'];
    case 'decideBy':
      return due('assessment.decide-whether-to-assess', facts)?.dueBy;
    case 'noPlanBy':
      return due('assessment.notify-no-plan', facts)?.dueBy;
    case 'finalPlanBy':
      return due('plan.issue-final', facts)?.dueBy;
    case 'replyBy':
      if (own('reply') !== undefined) return own('reply');
      return ['assessment.agree', 'assessment.views-parent', 'assessment.child-views'].includes(letter.letter)
        ? known(officeDayOnOrBefore(addDays(on, 42), englandCalendars))
        : known(addWorkingDays(on, 10, englandCalendars));
    case 'adviceDue':
      return due('assessment.advice-due', {
        adviceRequestReceived: facts[`adviceRequestReceived#${letter.subject ?? ''}`] ?? on,
      })?.dueBy;
    case 'adviceReceived':
      return context.advice[letter.subject ?? '']?.receivedOn;
    case 'appealLastDay':
      return due('appeal.time-limit', { decisionNoticeSent: on })?.dueBy;
    case 'mediationContactBy':
      return due('mediation.contact-adviser', { decisionNoticeSent: on })?.dueBy;
    case 'tribunalTakesAppealUntil': {
      const appeal = due('appeal.time-limit', { decisionNoticeSent: on });
      return appeal !== undefined && isTribunalVacation(appeal.dueBy) ? appeal.inTimeUntil : undefined;
    }
    case 'served':
      return firstClass(on);
    case 'representationsLastDay':
      return lastDayOfComments(on);
    case 'consultationReplyBy':
      return due('plan.school-consultation-response', { consultationReceived: firstClass(on) })?.dueBy;
    case 'originallyDue':
      return due('plan.issue-final', facts)?.dueBy;
    case 'newDate':
      return own('newDate') ?? addDays(on, 60);
    case 'meeting':
      return own('meetingOn') ?? own('appointmentOn');
    case 'planDated':
      return facts['finalPlanIssued'] ?? fact.on;
    case 'reviewBy':
      return due('review.every-12-months', { finalPlanIssued: facts['finalPlanIssued'] ?? fact.on })?.dueBy;
    case 'withdrawn':
    case 'decided':
      return fact.on;
    default:
      // Dates of letters that leave once the county is in use: the desk works them out.
      return undefined;
  }
}

/** Who reads it, as the template knows them. */
function kindOf(
  recipient: string,
  household: Household,
  organisation: Organisation,
  template: LetterTemplate,
  on: Day,
): RecipientKind {
  const found = household.recipient(recipient)?.kind;
  const young = found === 'child' && household.holdsRights(on) === 'young-person';
  const kind: RecipientKind = young
    ? 'young-person'
    : (found ?? organisation.readers.get(recipient)?.kind ?? 'professional');
  return template.to.includes(kind) ? kind : (template.to[0] ?? kind);
}

/** Everything the letter says that its template does not, as of the day it left; and where it went. */
export function lettersOwnValues(
  organisation: Organisation,
  household: Household,
  place: Place,
  fact: Fact,
  letter: LetterToTell,
  on: Day,
): { values: LetterValues; template_version: string; sent_to: string; address_protected: boolean } {
  const context = place.context as AssessmentContext;
  const { template, needs, parts } = wantedBy(letter.letter, on);
  const { details } = organisation;
  const person = household.recipient(letter.recipient);
  const reader = organisation.readers.get(letter.recipient);
  if (person === undefined && reader === undefined) throw new Error(`Nobody is ${letter.recipient}`);
  const addressee: { name: string; salutation: string; role?: string; address: readonly string[] } = person ??
    reader ?? { name: '', salutation: '', address: [] };
  const kind = kindOf(letter.recipient, household, organisation, template, on);
  const family = kind === 'parent' || kind === 'young-person' || kind === 'child';
  const needsRights = template.rights !== 'none';
  const dates: LetterDates = {};
  const names = [...needs].flatMap((path) => (path.startsWith('dates.') ? [path.slice(6) as keyof LetterDates] : []));
  if (needsRights) names.push('tribunalTakesAppealUntil');
  if (promises(letter.letter)) names.push('served');
  for (const name of names) {
    const day = dateOf(name, letter, fact, context, on);
    if (day !== undefined) dates[name] = day;
  }
  const has = (part: string): boolean => parts.has(part);
  const payload = fact.payload;
  const text = (field: string): string => (typeof payload[field] === 'string' ? payload[field] : '');
  const decision = decisions[fact.type];
  const caseworker = household.caseworker;
  const school = letter.recipient.startsWith('setting:') ? reader : undefined;
  const asked = letter.subject === null ? undefined : context.advice[letter.subject]?.kind;
  const values: LetterValues = {
    letterDate: on,
    ourReference: household.reference,
    council: {
      name: organisation.name,
      addressLines: [...details.addressLines],
      phone: details.phone,
      email: details.email,
      website: details.website,
      localOfferUrl: details.localOfferUrl,
      complaintsUrl: details.complaintsUrl,
      openingHours: details.openingHours,
    },
    recipient: {
      kind,
      name: addressee.name,
      salutation: addressee.salutation,
      addressLines: [...addressee.address],
      ...(addressee.role === undefined ? {} : { role: addressee.role }),
    },
    child: {
      firstName: household.firstName,
      fullName: household.fullName,
      ...(family ? {} : { dateOfBirth: household.given.born }),
    },
    caseworker: { name: caseworker.name, phone: caseworker.phone, email: caseworker.email },
    iass: details.sendiass,
    dates,
    ...(needsRights
      ? { mediation: details.mediationAdviser, disagreementResolution: details.disagreementResolution }
      : {}),
    ...(context.requestFrom === 'school' && household.school !== null ? { requestFrom: household.school.name } : {}),
    ...(decision === undefined ? {} : { decision }),
    ...(Array.isArray(payload['reasons']) ? { reasons: payload['reasons'] as string[] } : {}),
    ...(Array.isArray(payload['evidence'])
      ? { evidence: payload['evidence'] as { title: string; author: string; date: Day }[] }
      : {}),
    ...(needs.has('advisers') ? { advisers: advisersAsked } : {}),
    ...(has('adviser')
      ? {
          adviser: {
            name: addressee.name,
            role: addressee.role ?? 'adviser',
            organisation: addressee.address[0] ?? addressee.name,
            adviceType:
              asked === undefined ? 'information' : `${asked === 'psychology' ? 'psychological' : asked} advice`,
            replyLink: `https://${details.website}`,
          },
        }
      : {}),
    ...(has('setting') && school !== undefined ? { setting: { name: school.address[0] ?? school.name } } : {}),
    ...(has('exception')
      ? {
          exception: {
            whatIsLate: text('request') === '' ? 'the final plan' : 'one of the reports that we need',
            ground: grounds[text('ground')] ?? '',
            provision: `SEND Regulations 2014, regulation ${text('request') === '' ? '13(3)' : '8(2)'}`,
            facts: text('reason'),
            meanwhile: 'We carry on with the work that we can do now. The help that is given now stays in place.',
          },
        }
      : {}),
    ...(has('meeting')
      ? {
          meeting: {
            time: text('time'),
            place: text('place'),
            attendees: [text('with') === '' ? 'your caseworker' : text('with')],
          },
        }
      : {}),
    ...(has('plan') ? { plan: planOf(household, context) } : {}),
    ...(has('otherCouncil')
      ? {
          otherCouncil: {
            name: text('council'),
            contact: `we can give you its details on ${details.phone}`,
            told: payload['told'] === true,
          },
        }
      : {}),
  };
  return {
    values,
    template_version: template.version,
    sent_to: person?.mark ?? markOf(letter.recipient, addressee.address),
    address_protected: person?.mark !== undefined,
  };
}

function planOf(household: Household, context: AssessmentContext) {
  const { placement } = context.plan;
  return {
    provisions: household.provisions.map((one) => ({
      what: `${one.what}, ${one.howLong}, ${one.howOften}`,
      arrangedBy: one.who,
    })),
    changes: [],
    ...(household.school === null ? {} : { namedSetting: household.school.name }),
    ...(placement === undefined ? {} : { settingType: placement.type }),
  };
}

/** Where a letter went, as the hand-over notes it, so that the next one to the same place is no first one. */
function markOf(recipient: string, address: readonly string[]): string {
  const plain = address.map((line) => line.toUpperCase().replace(/[^A-Z0-9]+/g, '')).join('|');
  return `sha256:${createHash('sha256').update(`${recipient}|${plain}`).digest('hex')}`;
}
