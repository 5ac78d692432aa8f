import type { LetterValues } from '../values';

type Examples = Partial<Omit<LetterValues, 'dates'>>;

export const cohortExamples: Examples = {
  cohort: {
    sharing: [
      { what: 'How often your child is in school', with: 'The people at the support meeting' },
      { what: 'What the school nurse knows', with: 'The people at the support meeting' },
    ],
    consentUntil: '2027-07-31',
    offers: ['A mentor who meets your child each week', 'Help with talking to school'],
    stopped: ['Health'],
    shared: 'Dates of absence, with the mentor',
    lead: 'Asha Bello, family worker',
    interventions: [
      { what: 'Meet a mentor each Tuesday', owner: 'Oak Hill School', by: '2027-01-12' },
      { what: 'Look again at reading support', owner: 'Inclusion team', by: '2027-01-18' },
    ],
    changed: ['Three full weeks in school.', 'Mornings are still hard.'],
    nextReview: '2027-01-18',
    nextLook: '2027-01-18',
    callIfWorse: 'the inclusion team on 01632 960150',
    earlyReview: true,
    why: 'the aims were reached',
    deleteOn: '2027-07-31',
    meeting: { time: '10am', place: 'Oak Hill School, Mill Lane', attendees: ['a mentor', 'the school nurse'] },
    education: {
      where: 'The Mount Centre, Mill Lane',
      startsOn: '2027-01-11',
      times: 'Monday to Friday, 9am to 3pm',
      transport: 'A taxi calls at 8.15am',
      askFor: 'Ms Lowe at the front desk',
      planSupport: 'Speech and language therapy carries on there each Thursday.',
    },
  },
};

export const worstCohortExamples = (
  awkward: string,
  longName: string,
  sixty: <T>(make: (n: number) => T) => T[],
): Examples => ({
  cohort: {
    sharing: sixty((n) => ({ what: `${awkward} ${n}`, with: longName })),
    offers: sixty((n) => `${awkward} ${n}`),
    stopped: [awkward],
    shared: awkward,
    lead: longName,
    interventions: sixty((n) => ({ what: `${awkward} ${n}`, owner: longName, by: '2027-02-28' })),
    changed: sixty((n) => `${awkward} ${n}`),
    nextLook: '2027-02-28',
    why: awkward,
    meeting: {
      time: awkward,
      place: longName,
      link: 'https://meet.example/levelham',
      attendees: sixty(() => longName),
    },
    education: {
      where: longName,
      startsOn: '2027-02-28',
      times: awkward,
      transport: awkward,
      askFor: longName,
      planSupport: awkward,
    },
  },
});
