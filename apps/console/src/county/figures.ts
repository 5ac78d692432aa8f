/**
 * The published numbers that the invented county is drawn from: those of one English county, scaled to any size.
 *
 * Contains public sector information licensed under the Open Government Licence v3.0: Department for Education,
 * "Education, health and care plans", reporting year 2025 (counts of children by age, sex, ethnicity, need and
 * placement, and of requests and assessments in 2024). No record of a person went into them. What is marked "assumed"
 * has no published figure.
 */

/** Children with a plan, by age in years. */
// prettier-ignore
export const plansByAge = {
  '3': 15, '4': 171, '5': 242, '6': 232, '7': 304, '8': 304, '9': 341, '10': 345, '11': 397, '12': 419, '13': 399, '14': 436,
  '15': 421, '16': 442, '17': 354, '18': 296, '19': 207, '20': 145, '21': 105, '22': 76, '23': 31, '24': 31, '25': 12,
} as const;

export const sexes = { M: 3976, F: 1749 } as const;

// prettier-ignore
export const ethnicities = {
  WBRI: 4751, WOTH: 195, WROM: 40, WIRI: 5, WIRT: 9, MWBC: 31, MWBA: 27, MWAS: 32, MOTH: 65, AIND: 13, APKN: 3, ABAN: 6, AOTH: 41,
  BCRB: 2, BAFR: 14, BOTH: 7, CHNE: 9, OOTH: 12, NOBT: 463,
} as const;

// prettier-ignore
export const needs = {
  SEMH: 1753, ASD: 1356, SLCN: 967, MLD: 558, SLD: 387, PD: 230, SPLD: 129, PMLD: 72, HI: 47, VI: 45, MSI: 2, OTH: 1, none: 178,
} as const;

/** Groups of placement; `elsewhere` is home education, other arrangements and none. */
export const placements = {
  mainstream: 2292,
  special: 1614,
  ap: 58,
  post16: 1058,
  elsewhere: 680,
  earlyYears: 23,
} as const;

/** Whole years since the plan was made; longer ago than the history is counted with its oldest year. */
export const yearsInPlace = { '0': 31, '1': 775, '2': 700, '3': 675, '4': 820, '5': 2724 } as const;

/** Age at the request. */
// prettier-ignore
export const requestsByAge = {
  '2': 8, '3': 150, '4': 120, '5': 97, '6': 64, '7': 65, '8': 86, '9': 84, '10': 117, '11': 73, '12': 55, '13': 82, '14': 77, '15': 59,
  '16': 28, '17': 29, '18': 7, '19': 2, '20': 4,
} as const;

/** Weeks from request to plan: lognormal, fitted to 33.5% inside 20 weeks and 88.5% inside 52. */
export const weeksToPlan = { mu: 3.246, sigma: 0.587, floor: 10, longest: 110 } as const;

/** Assumed: of the plans inside the limit a quarter come in its last two weeks, as offices work towards it. */
export const lastFortnight = 0.25;

export const decidedInSixWeeks = 0.966;
export const refusedOfRequests = 0.392;
export const withdrawnOfRequests = 0.02;
export const noPlanOfAssessments = 0.034;
export const mediationOfRefusals = 0.402;
export const appealOfRefusals = 0.224;

/** Assumed: advice that comes inside its six weeks, by who gives it. */
export const adviceInTime = {
  education: 0.85,
  health: 0.6,
  psychology: 0.55,
  'social-care': 0.7,
  adulthood: 0.8,
  other: 0.7,
} as const;

/** Assumed: who asks. */
export const requestedBy = { parent: 45, school: 51, 'young-person': 2, other: 2 } as const;

/** Open assessments for each plan in force, so that 3,000 plans come with about 400. */
export const openForEachPlan = 400 / 3000;

/** Where the open ones stand, of each hundred. */
// prettier-ignore
export const openStories = {
  considering: 23, assessing: 31, drafting: 9, withFamily: 12, finalising: 5, refused: 12, refusedAtOutset: 2, planRefused: 3, moved: 2, notOurs: 1,
} as const;

export const casesForEachCaseworker = 200;

/** Schools in the mix of a county: primary, secondary, middle, all-through, special, alternative provision. */
export const schools = {
  primary: 215,
  secondary: 34,
  middle: 2,
  'all-through': 1,
  special: 8,
  'alternative-provision': 4,
  college: 5,
  nursery: 12,
  independentSpecial: 6,
} as const;

/** Assumed: what is found when a plan is checked after twelve weeks, and how often anybody answers. */
export const gapInProvision = 0.2;
export const gapCloses = 0.6;
export const checkAnswered = 0.85;

/** About a quarter of reviews are not finished in their year; of those finished, fewer than half are decided in four weeks. */
export const reviewMeetingInTime = 0.76;
export const reviewDecidedInFourWeeks = 0.45;
/** Assumed. */
export const reviewAmends = 0.4;

/** The Somerset plan of 2023, action 2.2: places of the cohort of children at risk of exclusion; KPI 11: its target. */
export const placesInCohort = 60;
export const inEducationAndSafe = 0.85;
/** Assumed: of children of school age whose request was refused, for a cohort that fills up. */
export const putForwardOfRefused = 0.5;
