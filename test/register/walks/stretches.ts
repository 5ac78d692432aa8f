import type { Walk } from './walk';

/** Advice asked and given, as the assessments share it. */
export const adviceVariants: Walk['variants'] = {
  adviceSought: [
    {
      requests: [
        { request: 'r1', kind: 'education', adviser: 'a1' },
        { request: 'r2', kind: 'health', adviser: 'a2' },
      ],
    },
  ],
  adviceReceived: [{ request: 'r1' }, { request: 'r2' }],
  adviceReturned: [{ request: 'r1' }],
  adviceChased: [{ request: 'r1' }],
  adviceReused: [
    {
      request: 'r3',
      kind: 'psychology',
      adviser: 'a3',
      authorAgrees: true,
      authorityAgrees: true,
      familyAgrees: true,
    },
  ],
};

/** From the draft to the final plan, with its letters and exceptions. */
export const planVariants: Walk['variants'] = {
  representationsReceived: [{}, { nothingMoreToSay: true }],
  schoolRequested: [{ setting: 's1' }],
  settingConsulted: [
    { consultation: 'c1', setting: 's1' },
    { consultation: 'c2', setting: 's2' },
  ],
  settingAnswered: [
    { consultation: 'c1', answer: 'yes' },
    { consultation: 'c2', answer: 'yes' },
  ],
  consultationChased: [{ consultation: 'c1' }],
  placementNamed: [{ setting: 's1', type: 'Mainstream' }],
  exceptionRelied: [{ ground: 'awayFromArea', from: '2026-01-05', to: '2026-02-05', reason: 'Abroad' }],
  letterSent: [{ group: 'none', recipient: 'one' }],
  letterServed: [{ clock: 'draftPlanServed' }],
};
