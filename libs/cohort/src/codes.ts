/** School census codes, May 2026 set, with the older ones that earlier files still carry. */

export const categories = { SUSP: 'Suspension', PERM: 'Permanent exclusion', LNCH: 'Lunchtime suspension' } as const;
export type Category = keyof typeof categories;

/** Reasons of the May 2026 set; OT was used until 2019/20. Up to three for one event. */
export const reasonCodes = {
  PP: 'Physical assault against a pupil',
  PA: 'Physical assault against an adult',
  VP: 'Verbal abuse or threatening behaviour against a pupil',
  VA: 'Verbal abuse or threatening behaviour against an adult',
  OW: 'Use or threat of use of an offensive weapon or prohibited item',
  BW: 'Found to have brought a weapon or prohibited item into school',
  BU: 'Bullying',
  TB: 'Cyber-bullying or threatening behaviour online',
  RA: 'Racist abuse including bullying',
  LG: 'Abuse against sexual orientation and gender identity including bullying',
  DS: 'Abuse relating to disability including bullying',
  SM: 'Sexual misconduct',
  SB: 'Harmful sexual behaviour',
  MB: 'Misogynistic behaviour',
  AB: 'Misandry behaviour',
  DR: 'Drug related',
  AR: 'Alcohol related',
  SR: 'Smoking related',
  VR: 'Vape related',
  DA: 'Drug and alcohol related',
  DM: 'Damage to property',
  TH: 'Theft',
  LD: 'Persistent disruptive behaviour: low-level disruption',
  CB: 'Persistent disruptive behaviour: challenging behaviour',
  DB: 'Persistent or general disruptive behaviour',
  MT: 'Inappropriate use of social media or online technology',
  MP: 'Use of mobile phone',
  OS: 'Misbehaviour outside of school',
  PH: 'Wilful and repeated transgression of protective measures in place to protect public health',
  OT: 'Other (until 2019/20)',
} as const;

export type AttendanceGroup = 'attending' | 'elsewhere' | 'authorised' | 'unauthorised' | 'unable' | 'not-counted';

const grouped = (group: AttendanceGroup, codes: string): [string, AttendanceGroup][] =>
  codes.split(' ').map((code) => [code, group]);

/**
 * National attendance codes in force from 19 August 2024, and H, J and Y of the older set. What is not required of a child
 * (X, Z, #) and what a child was unable to attend (Q, Y1 to Y7) is no possible session.
 */
export const attendanceCodes: ReadonlyMap<string, AttendanceGroup> = new Map([
  ...grouped('attending', '/ \\ L'),
  ...grouped('elsewhere', 'K V P W B D'),
  ...grouped('authorised', 'C1 M J1 S C2 C T R I E H J'),
  ...grouped('unauthorised', 'G N O U'),
  ...grouped('unable', 'Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 Y'),
  ...grouped('not-counted', 'X Z #'),
]);

/** Other ways of being away from one's own school. None of them is a suspension, and none adds to a total. */
export const elsewhereKinds = {
  'off-site': 'Off-site direction',
  'managed-move': 'Managed move',
  separation: 'Safeguarding separation',
  'sent-home': 'Sent home, not recorded as a suspension',
} as const;
export type ElsewhereKind = keyof typeof elsewhereKinds;
