/**
 * Duties of the assessment and the plan that no position of the assessment owes, each with the reason. A duty that is in
 * neither place fails the register.
 */
export const notOwedHere: Readonly<Record<string, string>> = {
  'plan.content-health-agreed':
    'A condition on the plan’s content with no time: checked item by item when Section G is written',
  'plan.content-year-9-adulthood': 'A condition on the plan’s content with no time: checked when the plan is written',
  'plan.content-section-k':
    'A condition on the plan’s content with no time: the advice is appended when the plan is written',
  'plan.secure-special-educational-provision':
    'Owed every day while the plan is maintained, not by the assessment: provision-check asks after it',
  'plan.secure-health-provision':
    'Owed by the commissioner every day while the plan is maintained: provision-check asks after it',
  'plan.school-must-admit': 'Owed by the named setting, told in plan.final-setting: provision-check asks after it',
};

/** Letters of the two subjects that no transition sends yet, each with the reason. */
export const notSentHere: Readonly<Record<string, string>> = {
  'plan.personal-budget-decision': 'Personal budgets come with placements and money',
  'plan.copy-cover': 'Disclosure under reg 17 comes with documents',
};
