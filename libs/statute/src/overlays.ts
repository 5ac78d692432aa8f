import type { Day } from './day';
import type { Exception, Ground } from './duty';

/**
 * A law that for some months excuses what other entries require, and then lapses, leaving them as they were. It is laid over
 * the duties by its own dates; no duty is edited for it.
 */
export interface Overlay {
  /** The entry in the register that records it. */
  readonly dutyId: string;
  readonly effective: readonly [from: Day, to: Day];
  readonly ground: Ground;
  /** The duties whose time it varied, each with the provision that did so. */
  readonly varied: ReadonlyMap<string, string>;
}

/**
 * SI 2020/471, 1 May to 25 September 2020 inclusive. Regs 4(3), 8 and 18A were read; that the others below were among the
 * "most time limits" varied through reg 2A rests on the department's summary.
 */
const coronavirus2020: Overlay = {
  dutyId: 'temporary.coronavirus-2020-time-limits',
  effective: ['2020-05-01', '2020-09-25'],
  ground: 'coronavirus',
  varied: new Map([
    ['assessment.notify-not-necessary-at-outset', 'SEND Regs 2014 reg 4(3) (temporary)'],
    ['assessment.decide-whether-to-assess', 'SEND Regs 2014 reg 5(4) as varied (temporary)'],
    ['assessment.advice-due', 'SEND Regs 2014 reg 8 as varied (temporary)'],
    ['assessment.notify-no-plan', 'SEND Regs 2014 reg 10(4) as varied (temporary)'],
    ['plan.issue-final', 'SEND Regs 2014 reg 13(3) applying reg 10(4) as varied (temporary)'],
    ['review.every-12-months', 'SEND Regs 2014 reg 18A (temporary)'],
    ...[
      'transfer.old-authority-sends-plan',
      'transfer.new-authority-informs',
      'transfer.new-authority-review',
      'transfer.commissioner-notifies-commissioner',
      'transfer.new-commissioner-requests-review',
      'review.school-report',
      'review.decision-notified',
      'review.no-school-report',
      'review.no-school-decision',
      'amend.issue-final',
      'amend.decide-not-to-amend',
      'amend.without-review',
      'reassess.decision-notified',
      'reassess.issue-final',
      'mediation.contact-adviser',
      'mediation.certificate-no-mediation',
      'mediation.certificate-not-pursued',
      'mediation.inform-commissioners',
      'mediation.arrange-health-only',
      'mediation.arrange',
      'mediation.certificate-after-mediation',
      'mediation.comply-other-issues',
      'mediation.commissioner-notifies-authority',
      'tribunal-order.assess-notify',
      'tribunal-order.assess-no-plan',
      'tribunal-order.assess-final-plan',
      'tribunal-order.make-plan-draft',
      'tribunal-order.make-plan-final',
      'tribunal-order.reconsider',
      'tribunal-order.amend-provision',
      'tribunal-order.amend-placement-only',
      'tribunal-order.continue-and-amend',
      'unopposed-appeal.assess-notify',
      'unopposed-appeal.assess-no-plan',
      'unopposed-appeal.assess-final-plan',
      'unopposed-appeal.amend-contents',
      'unopposed-appeal.amend-placement-only',
      'unopposed-appeal.make-plan-draft',
      'unopposed-appeal.make-plan-final',
      'unopposed-appeal.cease-conceded',
    ].map((id): [string, string] => [id, 'SEND Regs 2014 reg 2A (temporary, SI 2020/471)']),
    ['custody.assessment-final-plan', 'SI 2015/62 as varied by SI 2020/471 (temporary)'],
    ['budget.monitor-direct-payment', 'SI 2014/1652 as varied by SI 2020/471 (temporary)'],
  ]),
};

export const overlays: readonly Overlay[] = [coronavirus2020];

/** The exceptions that overlays add to a duty whose time ran, in part or whole, while they were in force. */
export function overlaidExceptions(
  dutyId: string,
  from: Day,
  to: Day,
): readonly (Exception & { readonly overlay: Overlay })[] {
  return overlays.flatMap((overlay) => {
    const provision = overlay.varied.get(dutyId);
    if (provision === undefined || to < overlay.effective[0] || from > overlay.effective[1]) return [];
    return [
      {
        id: `${dutyId}.${overlay.ground}`,
        ground: overlay.ground,
        provision,
        condition:
          'Meeting the limit was impractical for a reason relating to the incidence or transmission of coronavirus.',
        effect: 'The act was to be done as soon as reasonably practicable instead.',
        overlay,
      },
    ];
  });
}
