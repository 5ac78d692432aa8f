import { duties, dutyCalled } from './register';

/** What an officer calls a duty on a list: what must be done, in few words. The law's own sentence stands beside its date. */
const names: Readonly<Record<string, string>> = {
  'assessment.who-may-request': 'Accept the request, whoever made it',
  'assessment.consult-on-request': 'Consult the family about the request',
  'assessment.notify-family-considering': 'Tell the family that an assessment is considered',
  'assessment.notify-others-considering': 'Tell health, social care and the setting',
  'assessment.notify-not-necessary-at-outset': 'Tell the family of the refusal at the outset',
  'assessment.decide-whether-to-assess': 'Tell the family whether we will assess',
  'assessment.notify-others-of-decision': 'Tell partners whether we will assess',
  'assessment.refusal-to-assess-notice': 'Give the rights of appeal with the refusal',
  'assessment.test-for-assessment': 'Apply the legal test, and no higher one',
  'assessment.seek-advice': 'Ask everyone whose advice the law wants',
  'assessment.existing-advice-not-resought': 'Use earlier advice where all three agree',
  'assessment.copies-to-advisers': 'Give advisers the family’s views and evidence',
  'assessment.advice-due': 'Advice from an adviser',
  'assessment.matters-to-take-into-account': 'Take the family’s views into account',
  'assessment.information-and-support-needs': 'Consider what help the family needs to take part',
  'assessment.notify-no-plan': 'Tell the family if there will be no plan',
  'assessment.notify-others-no-plan': 'Tell partners that there will be no plan',
  'assessment.proceed-to-plan-by-week-16': 'Send the draft plan (a target)',
  'assessment.tell-family-of-exception': 'Tell the family about the exception',
  'plan.consult-on-draft': 'Consult the family on the draft',
  'plan.send-draft-with-notice': 'Send the draft plan with its notice',
  'plan.representations-window': 'The family’s time to comment on the draft',
  'plan.meeting-on-draft': 'Hold the meeting that the family asked for',
  'plan.consult-school': 'Consult the setting that the family asked for',
  'plan.school-consultation-response': 'Answer from a setting',
  'plan.name-requested-school': 'Decide on the setting that the family asked for',
  'plan.final-changes-limited': 'Change the draft only as the family’s comments ask',
  'plan.issue-final': 'Send the final plan',
  'plan.final-plan-notice': 'Give the rights of appeal with the final plan',
  'plan.sign-and-date': 'Sign and date the final plan',
  'plan.content-sections': 'Set out sections A to J',
  'practice.panel-audit-10-percent': 'Audit a tenth of the month’s panel decisions',
  'appeal.time-limit': 'The family’s last day to appeal',
  'appeal.concession-without-order': 'Send the final plan after the conceded appeal',
  'mediation.contact-adviser': 'The family’s last day to contact the mediation adviser',
  'tribunal-order.assess-notify': 'Tell the family that we assess, as ordered or agreed',
  'tribunal-order.assess-no-plan': 'After the order or agreement: tell the family if there will be no plan',
  'tribunal-order.assess-final-plan': 'After the order or agreement: send the final plan',
  'tribunal-order.make-plan-draft': 'After the order or agreement: send the draft plan',
  'tribunal-order.make-plan-final': 'After the order or agreement: send the final plan',
  'unopposed-appeal.treated-as-won': 'Treat the appeal as decided for the family',
  'unopposed-appeal.as-made-version': 'Carry out the conceded appeal (as the law was before 23 March 2015)',
  'unopposed-appeal.assess-notify': 'After the concession: tell the family that we assess',
  'unopposed-appeal.assess-no-plan': 'After the concession: tell the family if there will be no plan',
  'unopposed-appeal.assess-final-plan': 'After the concession: send the final plan',
  'unopposed-appeal.make-plan-draft': 'After the concession: send the draft plan',
  'unopposed-appeal.make-plan-final': 'After the concession: send the final plan',
};

/** An officer's name for the duty; the law's sentence where it has none yet. */
export const dutyName = (id: string): string => names[id] ?? (dutyCalled(id)?.duty ?? id).replace(/\.$/, '');

/** Duties whose time is that of another: what a notice must carry. On a list the act itself comes first. */
export const accompanyingDuties: readonly string[] = [
  ...new Set(duties.filter(({ period }) => period !== null && 'sameAs' in period).map(({ id }) => id)),
];
