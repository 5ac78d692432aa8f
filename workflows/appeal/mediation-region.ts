import { isRecorded, meet, noLimit, owes, recorded, startClock, whenAsked } from '@send/workflow-kit';
import { atRest, unlessEnded } from '../endings';
import {
  type Args,
  type C,
  certified,
  healthIs,
  mediationEnds,
  mediationIsOpen,
  mediationOpens,
  noChange,
  planMediation,
  sessionHeld,
  tellCommissioners,
} from './appeal-facts';

const isOpen = ({ context }: Args): boolean => context.dispute.mediation === 'open';
const wanted = whenAsked<C>(({ context }) => context.facts['mediationRequested'] !== undefined);

const mediationOver = [mediationEnds, ...certified];

/** From the family’s word to the certificate: CFA 2014 ss 52 to 56; SEND Regs 2014 regs 32 to 39. */
export const mediationRegion = {
  initial: 'notAsked',
  on: {
    ...atRest('.over'),
    ...unlessEnded({
      tribunalOrderMade: { guard: isRecorded, target: '.over', actions: mediationEnds },
      mediationRequested: [
        { guard: (args: Args) => isRecorded(args) && isOpen(args), actions: noChange },
        { guard: isRecorded, target: '.asked', actions: mediationOpens },
      ],
      ...recorded({
        mediationDeclined: { target: '.declined', actions: [startClock<C>('mediationDeclined'), mediationEnds] },
        mediationDropped: { target: '.dropped', actions: [startClock<C>('mediationDropped'), mediationEnds] },
        mediationCertificateIssued: { target: '.certified', actions: mediationOver },
      }),
      mediationPlanned: { guard: wanted, target: '.planned', actions: planMediation },
      mediationHeld: { guard: wanted, target: '.asked', actions: [...sessionHeld, startClock<C>('mediationHeld')] },
      mediationConcluded: {
        guard: wanted,
        target: '.concluded',
        actions: [...sessionHeld, startClock<C>('mediationConcluded')],
      },
      mediationCannotBeArranged: {
        guard: wanted,
        target: '.cannotArrange',
        actions: startClock<C>('mediationCannotBeArranged'),
      },
      /** What is agreed was agreed in mediation: it has been held. */
      mediationAgreed: [
        {
          guard: isOpen,
          target: '.concluded',
          actions: [...sessionHeld, startClock<C>('mediationConcluded')],
        },
        { actions: noChange },
      ],
    }),
  },
  states: {
    notAsked: { meta: noLimit('No mediation', 'The family has not asked for mediation', 'CFA 2014 s.52') },
    declined: { meta: owes('Mediation not wanted', 'mediation.certificate-no-mediation') },
    /** A session takes place within thirty days: s.54, reg 36, README C6. */
    asked: { meta: owes('Mediation asked for', 'mediation.arrange') },
    planned: {
      entry: mediationIsOpen,
      meta: owes('Mediation planned', 'mediation.arrange', 'mediation.date-notice', 'mediation.attend-with-authority'),
    },
    /** The family has its certificate and may appeal; the duty to mediate remains: reg 36(4) and (5). */
    cannotArrange: {
      entry: mediationIsOpen,
      meta: owes('Mediation not arranged in time', 'mediation.arrange', 'mediation.certificate-not-pursued'),
      on: { mediationCertificateIssued: { guard: isRecorded, actions: certified } },
    },
    dropped: { meta: owes('Mediation dropped', 'mediation.certificate-not-pursued') },
    concluded: {
      meta: owes(
        'Mediation over',
        'mediation.arrange',
        'mediation.attend-with-authority',
        'mediation.certificate-after-mediation',
      ),
    },
    certified: { meta: noLimit('Certificate issued', 'The family has its mediation certificate', 'CFA 2014 s.55') },
    over: { meta: noLimit('Mediation is over', 'The dispute has ended without it', 'CFA 2014 s.55') },
  },
};

/** Health in mediation: whoever commissions it is told, and mediates where nothing else is in issue: reg 35, s.53. */
export const healthRegion = {
  initial: 'noHealthIssues',
  on: {
    ...atRest('.noHealthIssues'),
    ...unlessEnded({
      healthIssuesTold: [
        {
          guard: (args: Args) => isRecorded(args) && args.event.payload['nothingElse'] === true,
          target: '.healthOnly',
          actions: startClock<C>('mediationHealthIssuesTold'),
        },
        { guard: isRecorded, target: '.issuesTold', actions: startClock<C>('mediationHealthIssuesTold') },
      ],
      mediationHeld: { actions: meet<C>('mediation.arrange-health-only') },
      mediationConcluded: { target: '.noHealthIssues', actions: meet<C>('mediation.arrange-health-only') },
      mediationAgreed: { target: '.noHealthIssues', actions: meet<C>('mediation.arrange-health-only') },
      /** Without mediation there is nobody to tell. */
      ...recorded({
        mediationDropped: { target: '.noHealthIssues' },
        mediationCertificateIssued: { target: '.noHealthIssues' },
        tribunalOrderMade: { target: '.noHealthIssues' },
      }),
    }),
  },
  states: {
    noHealthIssues: {
      entry: healthIs(false),
      meta: noLimit('No health issues', 'No health provision is in issue in mediation', 'CFA 2014 s.53'),
      on: unlessEnded({ commissionersTold: { guard: isRecorded, actions: tellCommissioners } }),
    },
    issuesTold: {
      entry: healthIs(true),
      meta: owes('Health issues in mediation', 'mediation.inform-commissioners'),
      on: { commissionersTold: { actions: tellCommissioners } },
    },
    healthOnly: {
      entry: healthIs(true),
      meta: owes('Only health issues in mediation', 'mediation.inform-commissioners', 'mediation.arrange-health-only'),
      on: { commissionersTold: { actions: tellCommissioners } },
    },
  },
};
