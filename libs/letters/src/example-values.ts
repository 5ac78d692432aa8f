import { twoMonthsAfter } from './compose';
import { typicalDates, typicalExamples, worstExamples } from './examples/index';
import type { LetterValues, RecipientKind } from './values';
import { at } from './wording';

/** An invented case that any letter can be tried with: every value is there, in the words a council would use. */
export function typicalValues(kind: RecipientKind): LetterValues {
  const letterDate = '2026-12-10';
  return {
    letterDate,
    ourReference: 'LEV-004217',
    council: {
      name: 'Levelshire County Council',
      addressLines: ['County Hall', 'Station Road', 'Levelham', 'LV1 1AA'],
      phone: '01632 960100',
      email: 'send@levelshire.example',
      website: 'www.levelshire.example/send',
      localOfferUrl: 'https://www.levelshire.example/local-offer',
      complaintsUrl: 'https://www.levelshire.example/complaints',
      openingHours: 'Monday to Friday, 9am to 5pm',
    },
    recipient: {
      kind,
      name: 'Ms Ruth Fenwick',
      salutation: 'Ms Fenwick',
      addressLines: ['14 Millbrook Close', 'Levelham', 'LV4 7QT'],
      role: 'recipient',
    },
    child: { firstName: 'Rowan', fullName: 'Rowan Fenwick', dateOfBirth: '2015-03-09' },
    caseworker: { name: 'Dana Whitlock', phone: '01632 960142', email: 'dana.whitlock@levelshire.example' },
    mediation: { name: 'Meadow Mediation', phone: '01632 960555', email: 'help@meadow-mediation.example' },
    disagreementResolution: { name: 'Common Ground', contact: '01632 960777 or hello@common-ground.example' },
    iass: {
      name: 'SENDIASS Levelshire',
      phone: '01632 960900',
      email: 'advice@sendiass-levelshire.example',
      website: 'www.sendiass-levelshire.example',
    },
    dates: {
      requestReceived: '2026-11-02',
      decideBy: '2026-12-14',
      noPlanBy: '2027-02-22',
      finalPlanBy: '2027-03-22',
      replyBy: '2027-01-04',
      adviceDue: '2027-01-21',
      adviceReceived: '2026-12-09',
      appealLastDay: twoMonthsAfter(letterDate),
      mediationContactBy: twoMonthsAfter(letterDate),
      served: '2026-12-14',
      representationsLastDay: '2026-12-29',
      consultationReplyBy: '2026-12-29',
      originallyDue: '2026-12-14',
      newDate: '2027-01-11',
      meeting: '2026-12-17',
      planDated: letterDate,
      reviewBy: '2027-12-09',
      proposedStart: '2027-01-05',
      withdrawn: '2026-12-08',
      decided: '2026-12-09',
      keepCopyUntil: '2027-12-09',
      ...typicalDates,
    },
    requestFrom: 'Oak Hill School',
    decision: 'assess',
    reasons: [
      'Rowan finds it hard to read long texts. The school began a reading group for Rowan in September.',
      'The reports show that Rowan has caught up by six months since then. The school can keep this help going.',
      'You told us that Rowan feels tired after school. We have asked the school to look at this with you.',
    ],
    evidence: [
      { title: 'School report', author: 'Oak Hill School', date: '2026-10-12' },
      { title: 'Your views', author: 'Ruth Fenwick', date: '2026-11-14' },
      { title: 'Hearing test', author: 'Levelham Community Health', date: '2026-09-03' },
    ],
    advisers: ['the school', 'a health service', 'an educational psychologist', 'our social care team'],
    adviser: {
      name: 'Dr Imani Okoro',
      role: 'speech and language therapist',
      organisation: 'Levelham Community Health',
      adviceType: 'health advice',
      replyLink: 'https://www.levelshire.example/advice',
      chaseLevel: 1,
    },
    setting: {
      name: 'Oak Hill School',
      yearGroup: 'Year 7',
      maintainingAuthority: 'Harrowmoor Council',
      section41: true,
    },
    exception: {
      whatIsLate: 'the decision whether to assess',
      ground: 'something serious happened in your family',
      provision: 'SEND Regulations 2014, regulation 5(4)(c)',
      facts: 'You told us on 20 November 2026 that you were in hospital. You could not send us your views.',
      meanwhile: 'The school carries on with the help it gives now. We read the reports that we have.',
    },
    meeting: {
      time: '2pm',
      place: 'Levelham Library, Mill Lane',
      link: 'https://meet.levelshire.example/fenwick',
      attendees: ['an educational psychologist', 'your caseworker', 'a teacher'],
      purpose: 'to see which ways of learning work best',
    },
    plan: {
      namedSetting: 'Oak Hill School',
      settingType: 'a mainstream secondary school',
      provisions: [
        { what: 'Reading lessons in a group of three, 30 minutes, four times a week', arrangedBy: 'Oak Hill School' },
        { what: 'Speech and language therapy, 45 minutes, once a fortnight', arrangedBy: 'Levelham Community Health' },
      ],
      changes: ['Section F now says how long each reading lesson is.', 'Section A has the words you sent us.'],
      requestedSettingRefused: {
        name: 'Fen View School',
        why: 'The school is full in this year. One more pupil would harm the teaching of the others.',
      },
    },
    budget: {
      decision: 'agreed',
      asked: 'money for a reading tutor',
      covers: ['a reading tutor for two hours a week'],
    },
    disclosure: { ground: 'SEND Regulations 2014, regulation 17', purpose: 'an inspection of the service' },
    supportNow: ['a short reading lesson each day', 'a quiet place to rest at lunch'],
    otherCouncil: { name: 'Harrowmoor Council', contact: '01632 960333', told: true },
    copiesTo: ['the head teacher', 'the health service'],
    enclosures: [],
    ...typicalExamples,
  };
}

/** Only what the letter says it needs. */
export function smallestValues(kind: RecipientKind, needed: readonly string[]): LetterValues {
  const all = typicalValues(kind);
  const least: Record<string, unknown> = { dates: {} };
  for (const path of [...needed, 'recipient.kind', 'recipient.addressLines']) {
    const value = at(all, path);
    let into = least;
    const names = path.split('.');
    for (const name of names.slice(0, -1)) into = (into[name] ??= {}) as Record<string, unknown>;
    into[names.at(-1) ?? ''] = Array.isArray(value) && path === 'reasons' ? value.slice(0, 1) : value;
  }
  return least as unknown as LetterValues;
}

const longName =
  'Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley O’Shaughnessy d’Arcy-Montgomery van der Westhuizen née Llewellyn-Smythe';
const manyScripts = 'Zoë Nguyễn-Łukasz e\u0301 שרה לוי محمد علي';

/** Long lists and names, right-to-left and combining characters, apostrophes and things that look like markup. */
export function worstValues(kind: RecipientKind): LetterValues {
  const typical = typicalValues(kind);
  const sixty = <T>(make: (n: number) => T): T[] => Array.from({ length: 60 }, (_, n) => make(n + 1));
  const awkward = `It’s "hard" & <b>not</b> easy for ${manyScripts}; see O'Neil’s report.`;
  return {
    ...typical,
    ourReference: 'LEV-2026-0042170000000000',
    recipient: {
      ...typical.recipient,
      name: longName.slice(0, 120),
      salutation: longName.slice(0, 120),
      addressLines: [
        longName.slice(0, 120),
        'Flat 27B, The Old Gatehouse and Stables',
        'Llanfair-upon-the-Water Business and Arts Quarter',
        'Upper Nether Wallopstoke',
        'Levelham-under-Edge',
        'Levelshire',
        'LV4 7QT',
      ],
    },
    child: { ...typical.child, firstName: manyScripts, fullName: longName.slice(0, 120) },
    requestFrom: longName,
    reasons: Array.from({ length: 12 }, (_, n) => `${awkward} Reason ${n + 1}. `.repeat(5).slice(0, 600)),
    evidence: sixty((n) => ({ title: `${awkward} ${n}`, author: longName, date: '2026-02-28' })),
    advisers: sixty((n) => `${awkward} ${n}`),
    supportNow: sixty((n) => `${awkward} ${n}`),
    copiesTo: sixty((n) => `role ${n}`),
    plan: {
      ...typical.plan,
      namedSetting: longName,
      provisions: sixty((n) => ({ what: `${awkward} ${n}`, arrangedBy: longName })),
      changes: sixty((n) => `${awkward} ${n}`),
      requestedSettingRefused: { name: longName, why: awkward },
    },
    meeting: { time: '11.30am', place: longName, attendees: sixty((n) => `person ${n}`), purpose: awkward },
    budget: { decision: 'refused', asked: awkward, covers: sixty((n) => `${awkward} ${n}`) },
    ...worstExamples(awkward, longName, sixty),
  };
}
