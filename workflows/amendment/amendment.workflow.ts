import { delivered, emptyContext, type FactEvent, noLimit, serviceProved } from '@send/workflow-kit';
import { setup } from 'xstate';
import { ended, endings } from '../endings';
import { panelTold } from '../panel-told';
import { amendingOver, amendStretch, rightsUsed } from '../plan/amend-stretch';
import { consultationRegion, noPlanYet, type PlanContext, requestsRegion } from '../plan/plan-stretch';

export type AmendmentContext = PlanContext;
type C = AmendmentContext;

const stretch = amendStretch<C>({ letter: 'amend.without-review', limits: ['amend.without-review'] });

/** Amending a plan at any other time than after a review, as reg 22 has it: SEND Regs 2014 reg 28. */
export const amendment = setup({
  types: { context: {} as AmendmentContext, events: {} as FactEvent },
}).createMachine({
  id: 'amendment',
  version: '1',
  type: 'parallel',
  context: { ...emptyContext(), plan: noPlanYet() },
  states: {
    path: {
      initial: 'preparing',
      on: {
        letterSent: { actions: delivered<C>() },
        letterServed: { actions: serviceProved<C>() },
        ...panelTold<C>(),
        ...rightsUsed<C>(),
        ...stretch.recorded,
        ...endings<C>(),
      },
      states: {
        preparing: {
          meta: noLimit('Waiting for proposed changes', 'No changes have been proposed yet', 'SEND Regs 2014 reg 28'),
          /** It begins with the notice: reg 28 has no time before it. */
          on: { amendmentsSent: { target: 'amending', actions: stretch.proposed } },
        },
        ...stretch.positions,
        ended,
      },
    },
    consultation: consultationRegion<C>(['amendmentsSent'], amendingOver),
    requests: requestsRegion(amendingOver),
  },
});
