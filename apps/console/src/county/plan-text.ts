import type { Day } from '@send/statute';
import type { Casebook } from './casebook';
import type { Household } from './household';
import type { AdviceKind, Organisation, School } from './organisation';
import { familySays, hopes, likes, needWords } from './phrases';
import type { RowSheet } from './row-sheet';

const wordsFor = (need: string) => needWords[need] ?? needWords['MLD'] ?? { finds: [], outcomes: [], provision: [] };

/** Sections A to K from the phrase bank: the views, the need by its own name, and provision that can be counted. */
function contentOf(book: Casebook, school: School | null) {
  const { draw, household } = book;
  const { firstName: name, given } = household;
  const words = wordsFor(given.need);
  const where = school?.name ?? 'At home, with tuition';
  const [likesOne, likesTwo] = draw.some(likes, 2);
  const provision = words.provision.map((one, at) => ({ id: `F${at + 1}`, section: 'F', ...one, where }));
  if (draw.chance(0.4)) {
    provision.push({
      id: 'G1',
      section: 'G',
      what: 'A check of the programme and of the equipment',
      howOften: 'Once a term',
      howLong: '45 minutes',
      who: 'A therapist of the community health service',
      where,
    });
  }
  return {
    provision,
    sections: {
      A: `${name} likes ${likesOne} and ${likesTwo}. ${name} hopes ${draw.pick(hopes)}. The family says: “${draw.pick(familySays)}”`,
      B: words.finds.map((one) => `${name} ${one}`).join(' '),
      C: draw.chance(0.4)
        ? `${name} is seen by the community health service.`
        : 'No health care needs that relate to the special educational needs are known.',
      D: 'No social care needs that relate to the special educational needs are known.',
      E: words.outcomes.map((one) => `${name} ${one}`).join(' '),
      F: words.provision
        .map((one) => `${one.what}: ${one.howOften.toLowerCase()}, ${one.howLong}. ${one.who}.`)
        .join(' '),
      G: provision.some((one) => one.section === 'G') ? 'A check by a therapist once a term, 45 minutes.' : 'None.',
      H1: 'None.',
      H2: 'None.',
      J: 'No personal budget was asked for.',
      K: 'The advice that was obtained for the assessment is attached.',
    },
  };
}

/** A version of the plan; frozen by the decision that names it. Section I stays blank in a draft: CFA s 38(5). */
export function addPlan(
  organisation: Organisation,
  book: Casebook,
  sheet: RowSheet,
  plan: {
    kind: 'draft' | 'final';
    number: number;
    madeOn: Day;
    frozenOn: Day | null;
    issuedOn: Day | null;
    school: School | null;
    type: string;
  },
): string {
  const { household, draw } = book;
  const id = draw.id(plan.madeOn);
  const { sections, provision } = contentOf(book, plan.school);
  household.provisions = provision;
  const final = plan.kind === 'final';
  sheet.add('case_file.plan_version', {
    id,
    authority_id: organisation.id,
    child_id: household.id,
    kind: plan.kind,
    number: plan.number,
    sections: final ? { ...sections, I: plan.school?.name ?? plan.type } : sections,
    provision,
    named_setting_id: final ? (plan.school?.id ?? null) : null,
    setting_type: final ? plan.type : null,
    issued_on: plan.issuedOn,
    version: 1,
    created_by: household.caseworker.id,
    created_at: `${plan.madeOn}T08:30:00Z`,
    frozen_by: plan.frozenOn === null ? null : household.caseworker.id,
    frozen_at: plan.frozenOn === null ? null : `${plan.frozenOn}T08:45:00Z`,
  });
  return id;
}

const adviceFrom: Readonly<Record<AdviceKind, string>> = {
  education: 'the setting',
  health: 'a health service',
  psychology: 'an educational psychologist',
  'social-care': 'social care',
  adulthood: 'preparation for adulthood',
  other: 'a specialist teacher',
};

/** What one adviser said, in a sentence for each of need, provision and outcome: reg 6(2). */
export function addAdvice(
  organisation: Organisation,
  book: Casebook,
  sheet: RowSheet,
  advice: { request: string; kind: AdviceKind; adviser: string; receivedOn: Day },
): void {
  const { household, draw } = book;
  const words = wordsFor(household.given.need);
  const found = organisation.advisers.find((one) => one.id === advice.adviser);
  const school = organisation.schools.find((one) => one.id === advice.adviser);
  const name = household.firstName;
  const item = draw.pick(words.provision);
  sheet.add('case_file.advice', {
    id: draw.id(advice.receivedOn),
    authority_id: organisation.id,
    child_id: household.id,
    request_id: advice.request,
    adviser_id: found?.id ?? null,
    setting_id: school?.id ?? null,
    advice_from: adviceFrom[advice.kind],
    author_name: found?.name ?? school?.headTitle ?? 'The author',
    author_role: found?.role ?? school?.headTitle ?? 'Adviser',
    summary_need: `${name} ${draw.pick(words.finds)}`,
    summary_provision: `${item.what}: ${item.howOften.toLowerCase()}, ${item.howLong}.`,
    summary_outcome: `${name} ${draw.pick(words.outcomes)}`,
    document_id: null,
    received_on: advice.receivedOn,
    recorded_by: household.caseworker.id,
    recorded_at: `${advice.receivedOn}T09:30:00Z`,
  });
}

/** What the family said, as its caseworker noted it. */
export function addViews(
  organisation: Organisation,
  household: Household,
  book: Casebook,
  sheet: RowSheet,
  on: Day,
): string {
  const text = book.draw.pick(familySays);
  sheet.add('case_file.note', {
    id: book.draw.id(on),
    authority_id: organisation.id,
    child_id: household.id,
    kind: 'family-views',
    text,
    happened_on: on,
    reply_due: null,
    written_by: household.caseworker.id,
    on_behalf_of: null,
    written_at: `${on}T09:45:00Z`,
  });
  return text;
}
