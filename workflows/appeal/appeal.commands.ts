import { type Day, formatDay } from '@send/statute';
import { type Command, Commands, type Field, type RunContext } from '@send/workflow-kit';
import { endingCommands } from '../endings';
import { exceptionCommands } from '../exceptions';
import { letterCommands } from '../letter.commands';
import { type AppealContext, awaitsCertificate } from './appeal-facts';
import { agreedOtherwise, matters, type OutcomeKind, outcomes } from './outcomes';

const both = ['act', 'record'] as const;
const recordOnly = ['record'] as const;
const event = 'recordEvent';

const about: Field = { kind: 'choice', label: 'What the dispute is about', options: matters };
const noticeSent: Field = {
  kind: 'day',
  label: 'The day the decision was sent',
  hint: 'The date on the letter. The family’s time to appeal runs from it.',
  optional: true,
  past: true,
};
const onRecord: Field = {
  kind: 'yes-no',
  label: 'The decision is in a case on record here',
  hint: 'That case then carries out an order to assess, to make a plan, to assess again or to keep the plan.',
  optional: true,
};
const aboutIt = { about, decisionNoticeSent: noticeSent, onRecord };
const told = { about: { ...about, optional: true }, decisionNoticeSent: noticeSent, onRecord } satisfies Record<
  string,
  Field
>;
const reference: Field = { kind: 'text', label: 'The Tribunal’s reference', max: 60, optional: true };
const leaveGiven: Field = { kind: 'yes-no', label: 'The Tribunal let it be made late', optional: true };
const reasons: Field = { kind: 'paragraphs', label: 'The reasons, in words for the family' };

const wordsOf = (...left: OutcomeKind[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(outcomes)
      .filter(([kind]) => !left.includes(kind as OutcomeKind))
      .map(([kind, { words }]) => [kind, words]),
  );

const noMediation = () => ({
  rule: 'CFA 2014 s.52',
  message: 'The family’s wish for mediation is not on record. Record first that it asks for mediation',
});
const noAppeal = () => ({
  rule: 'CFA 2014 s.51',
  message: 'No appeal is open. Record first that it was lodged, or check whether it has been decided or withdrawn',
});
const nothingOrdered = () => ({
  rule: 'SEND Regs 2014 regs 42, 44 and 45',
  message:
    'No order, agreement or concession is on record that is carried out in this way here. Record it first, or look at the case that decided',
});
const noSuchStep = () => ({
  rule: 'HESC Rules 2008 r.5',
  message: 'No direction of that kind is open. Record first what the Tribunal directed',
});

/** Why the file cannot be shut yet, with the day on which it can. */
function timeRuns(context: RunContext, _: Day) {
  const sent = context.facts['decisionNoticeSent'];
  const why = awaitsCertificate(context as AppealContext)
    ? 'The family has turned to the mediation adviser, and has a month after its certificate. Record the certificate first'
    : sent === undefined
      ? 'The day the decision was sent is not on record, so the family’s last day is not known. Record it first'
      : 'The family can still appeal. The case can be closed when that time is over';
  return { rule: 'HESC Rules 2008 r.20(1)(c)', message: why };
}

const afterResponse = (context: RunContext, on: Day): string | undefined => {
  const sent = context.facts['responseSent'];
  return sent !== undefined && sent <= on
    ? `The response was sent on ${formatDay(sent)}: regulation 45 is for an appeal conceded before that. Was it conceded only afterwards?`
    : undefined;
};

/** Every command of mediation and appeal. */
export const appealCommands = new Commands({
  startMediation: {
    fact: 'mediationRequested',
    label: 'Record that the family asks for mediation',
    happened: 'Mediation asked for',
    law: 'CFA 2014 s.52',
    action: event,
    begins: true,
    doors: recordOnly,
    region: 'mediation',
    rank: 100,
    fields: aboutIt,
  },
  recordMediationRequest: {
    fact: 'mediationRequested',
    label: 'Record that the family asks for mediation',
    happened: 'Mediation asked for',
    law: 'CFA 2014 s.52',
    action: event,
    doors: recordOnly,
    region: 'mediation',
    rank: 100,
    fields: told,
  },
  startWithoutMediation: {
    fact: 'mediationDeclined',
    label: 'Record that the family does not want mediation',
    happened: 'Mediation not wanted',
    law: 'SEND Regs 2014 reg 34(1)',
    action: event,
    begins: true,
    doors: recordOnly,
    region: 'mediation',
    rank: 105,
    fields: aboutIt,
  },
  recordMediationDeclined: {
    fact: 'mediationDeclined',
    label: 'Record that the family does not want mediation',
    happened: 'Mediation not wanted',
    law: 'SEND Regs 2014 reg 34(1)',
    action: event,
    doors: recordOnly,
    region: 'mediation',
    rank: 105,
    fields: told,
  },
  startAppeal: {
    fact: 'appealLodged',
    label: 'Record an appeal',
    happened: 'Appeal lodged',
    action: event,
    begins: true,
    doors: recordOnly,
    region: 'path',
    rank: 200,
    fields: { ...aboutIt, reference, leaveGiven },
  },
  recordAppeal: {
    fact: 'appealLodged',
    label: 'Record an appeal',
    happened: 'Appeal lodged',
    action: event,
    doors: recordOnly,
    region: 'path',
    rank: 200,
    fields: { ...told, reference, leaveGiven },
  },
  acknowledgeMediation: {
    fact: 'mediationAcknowledged',
    label: 'Tell the family that we will take part in mediation',
    happened: 'Told the family that we take part in mediation',
    law: 'CFA 2014 ss.53 and 54',
    action: event,
    doors: both,
    region: 'path',
    rank: 110,
    fields: {},
    refusal: noMediation,
  },
  recordHealthIssues: {
    fact: 'healthIssuesTold',
    label: 'Record that health is an issue in mediation',
    happened: 'Family said that health is an issue',
    law: 'SEND Regs 2014 reg 35',
    action: event,
    doors: recordOnly,
    region: 'health',
    rank: 115,
    fields: {
      issues: { kind: 'paragraphs', label: 'What is in issue, and what provision is wanted', optional: true },
      nothingElse: { kind: 'yes-no', label: 'Nothing but health is in issue', optional: true },
    },
  },
  tellCommissioners: {
    fact: 'commissionersTold',
    label: 'Tell the health commissioner of the issues',
    happened: 'Health commissioner told of the issues',
    action: event,
    doors: both,
    region: 'health',
    rank: 120,
    fields: {
      issues: { kind: 'paragraphs', label: 'The health issues' },
      provision: { kind: 'paragraphs', label: 'The health provision that the family wants', optional: true },
    },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 35',
      message: 'No health issue is on record. Record first what the family has said about health',
    }),
  },
  planMediation: {
    fact: 'mediationPlanned',
    label: 'Fix the day of the mediation',
    happened: 'Day of the mediation fixed',
    action: event,
    doors: both,
    region: 'mediation',
    rank: 125,
    fields: {
      meetingOn: { kind: 'day', label: 'The day of the mediation' },
      time: { kind: 'text', label: 'The time', max: 20 },
      place: { kind: 'text', label: 'The place or link', max: 200 },
      with: { kind: 'text', label: 'Who will be there, by their roles', max: 200, optional: true },
      shorterNotice: {
        kind: 'yes-no',
        label: 'The family agrees to less than 5 working days’ notice',
        optional: true,
      },
    },
    refusal: noMediation,
  },
  recordCannotArrange: {
    fact: 'mediationCannotBeArranged',
    label: 'Tell the adviser that mediation cannot be arranged in time',
    happened: 'Adviser told that mediation cannot be arranged in time',
    law: 'SEND Regs 2014 reg 36(4)',
    action: event,
    doors: both,
    region: 'mediation',
    rank: 130,
    fields: { why: { kind: 'text', label: 'Why', max: 1000 } },
    refusal: noMediation,
  },
  recordMediationSession: {
    fact: 'mediationHeld',
    label: 'Record a mediation session that did not end it',
    happened: 'Mediation session held',
    action: event,
    doors: both,
    region: 'mediation',
    rank: 135,
    fields: { summary: { kind: 'text', label: 'Who took part', optional: true, max: 1000 } },
    refusal: noMediation,
  },
  recordMediationEnded: {
    fact: 'mediationConcluded',
    label: 'Record that mediation was held and is over',
    happened: 'Mediation held, and over',
    action: event,
    doors: both,
    region: 'mediation',
    rank: 145,
    fields: { summary: { kind: 'text', label: 'Who took part', optional: true, max: 1000 } },
    refusal: noMediation,
  },
  recordMediationAgreement: {
    fact: 'mediationAgreed',
    label: 'Record what was agreed in mediation',
    happened: 'Agreed in mediation',
    law: 'SEND Regs 2014 reg 42(2)',
    action: event,
    doors: both,
    region: 'path',
    rank: 150,
    fields: {
      agreed: {
        kind: 'choice',
        label: 'What was agreed',
        options: { ...wordsOf('dismissed'), other: agreedOtherwise },
      },
      timescaleAgreedOn: {
        kind: 'day',
        label: 'Another last day for it, if both sides agreed one in writing',
        hint: 'SEND Regs 2014 reg 42(5)',
        optional: true,
      },
      actions: {
        kind: 'rows',
        label: 'What else was agreed',
        optional: true,
        most: 20,
        of: {
          action: { kind: 'id', new: true, label: 'The action' },
          what: { kind: 'text', label: 'What will be done', max: 300 },
          dueOn: { kind: 'day', label: 'By when, if agreed in writing', optional: true },
        },
      },
    },
    refusal: noMediation,
  },
  recordMediationDropped: {
    fact: 'mediationDropped',
    label: 'Record that mediation is not pursued',
    happened: 'Mediation not pursued',
    action: event,
    doors: recordOnly,
    region: 'mediation',
    rank: 155,
    fields: {},
  },
  recordMediationCertificate: {
    fact: 'mediationCertificateIssued',
    label: 'Record a mediation certificate',
    happened: 'Mediation certificate issued',
    action: event,
    doors: recordOnly,
    region: 'mediation',
    rank: 160,
    fields: { decisionNoticeSent: noticeSent },
  },
  recordAgreedActionDone: {
    fact: 'agreedActionDone',
    label: 'Record that something agreed was done',
    happened: 'Agreed action done',
    action: event,
    doors: both,
    region: 'actions',
    rank: 165,
    fields: { action: { kind: 'id', label: 'The action' } },
    refusal: () => ({
      rule: 'SEND Regs 2014 reg 42(3)',
      message: 'No action of that kind is open. Record first what was agreed',
    }),
  },
  acknowledgeAppeal: {
    fact: 'appealAcknowledged',
    label: 'Tell the family that we know of its appeal',
    happened: 'Told the family that we know of its appeal',
    law: 'CFA 2014 s.51',
    action: event,
    doors: both,
    region: 'path',
    rank: 205,
    fields: {},
    refusal: noAppeal,
  },
  recordAppealRegistered: {
    fact: 'appealRegistered',
    label: 'Record that the Tribunal has registered the appeal',
    happened: 'Appeal registered',
    law: 'HESC Rules 2008 r.20',
    action: event,
    doors: recordOnly,
    region: 'response',
    rank: 210,
    fields: { reference, responseDueOn: { kind: 'day', label: 'The last day for our response', optional: true } },
  },
  recordAppealPapers: {
    fact: 'appealPapersReceived',
    label: 'Record that the appeal papers have come',
    happened: 'Appeal papers received',
    law: 'HESC Rules 2008 r.21(1)',
    action: event,
    doors: recordOnly,
    region: 'response',
    rank: 215,
    fields: {},
  },
  recordResponseExtended: {
    fact: 'responseTimeExtended',
    label: 'Record that the Tribunal gave more time for the response',
    happened: 'More time given for the response',
    law: 'HESC Rules 2008 r.21(4)',
    action: event,
    doors: recordOnly,
    region: 'response',
    rank: 220,
    fields: { responseDueOn: { kind: 'day', label: 'The new last day for our response' } },
  },
  recordDirection: {
    fact: 'stepDirected',
    label: 'Record a direction of the Tribunal',
    happened: 'Direction made',
    law: 'HESC Rules 2008 r.5',
    action: event,
    doors: recordOnly,
    region: 'directions',
    rank: 225,
    fields: {
      step: { kind: 'id', new: true, label: 'The direction' },
      kind: {
        kind: 'choice',
        label: 'What it is about',
        options: {
          evidence: 'Evidence',
          witnesses: 'Witnesses and attendance',
          'working-document': 'The working document',
          bundle: 'The bundle',
          other: 'Something else',
        },
      },
      what: { kind: 'text', label: 'What we must do', max: 300 },
      dueOn: { kind: 'day', label: 'By which day', optional: true },
      workingDays: {
        kind: 'number',
        label: 'Or within how many working days',
        hint: 'Counted by the Tribunal’s rule: without August and 25 December to 1 January.',
        min: 1,
        max: 120,
        optional: true,
      },
    },
  },
  doDirection: {
    fact: 'stepDone',
    label: 'Record that we did what was directed',
    happened: 'Direction carried out',
    action: event,
    doors: both,
    region: 'directions',
    rank: 230,
    fields: { step: { kind: 'id', label: 'The direction' } },
    refusal: noSuchStep,
  },
  recordHearingFixed: {
    fact: 'hearingFixed',
    label: 'Record the day of the hearing',
    happened: 'Hearing fixed',
    law: 'HESC Rules 2008 r.24',
    action: event,
    doors: recordOnly,
    region: 'directions',
    rank: 235,
    fields: { hearingOn: { kind: 'day', label: 'The day of the hearing' } },
  },
  concedeAppeal: {
    fact: 'appealConceded',
    label: 'Tell the Tribunal that we do not oppose the appeal',
    happened: 'Appeal conceded',
    law: 'SEND Regs 2014 reg 45(1)',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'path',
    rank: 240,
    fields: {
      reasons,
      amendmentAgreed: {
        kind: 'yes-no',
        label: 'A change of the plan was agreed too',
        hint: 'Only where the appeal is about ending the plan. The changed plan is then due within 5 weeks.',
        optional: true,
      },
    },
    refusal: noAppeal,
    odd: afterResponse,
  },
  sendResponse: {
    fact: 'responseSent',
    label: 'Record that our response is with the Tribunal',
    happened: 'Response sent to the Tribunal',
    action: event,
    doors: both,
    region: 'response',
    rank: 245,
    fields: {
      opposed: { kind: 'choice', label: 'Do we oppose the appeal?', options: { yes: 'Yes', 'in-part': 'In part' } },
      childsViews: {
        kind: 'text',
        label: 'The views of the child, or why we could not get them',
        max: 1000,
      },
    },
    refusal: noAppeal,
  },
  recordAppealWithdrawn: {
    fact: 'appealWithdrawn',
    label: 'Record that the appeal was withdrawn',
    happened: 'Appeal withdrawn',
    action: event,
    doors: recordOnly,
    region: 'path',
    rank: 250,
    fields: {},
  },
  recordHearing: {
    fact: 'hearingHeld',
    label: 'Record that the hearing was held',
    happened: 'Hearing held',
    law: 'HESC Rules 2008 r.23',
    action: event,
    doors: both,
    region: 'path',
    rank: 255,
    fields: {},
    refusal: noAppeal,
  },
  recordOrder: {
    fact: 'tribunalOrderMade',
    label: 'Record a Tribunal order',
    happened: 'Tribunal order made',
    law: 'SEND Regs 2014 reg 44(2)',
    action: event,
    doors: recordOnly,
    region: 'path',
    rank: 260,
    fields: {
      order: { kind: 'choice', label: 'What was ordered', options: wordsOf() },
      sentOn: {
        kind: 'day',
        label: 'The day the order was sent to us',
        hint: 'Our time runs from the day it was made. Both are kept.',
        optional: true,
        past: true,
      },
      dateSetByOrder: {
        kind: 'day',
        label: 'The last day, if an order to think again sets one',
        optional: true,
      },
      reference,
      terms: { kind: 'paragraphs', label: 'What the order says', optional: true },
    },
  },
  recordRecommendation: {
    fact: 'recommendationMade',
    label: 'Record a recommendation on health or social care',
    happened: 'Recommendation made',
    action: event,
    doors: recordOnly,
    region: 'recommendations',
    rank: 265,
    fields: {
      body: { kind: 'choice', label: 'For whom it is', options: { health: 'Health', 'social-care': 'Social care' } },
      sentOn: { kind: 'day', label: 'The day it was sent', optional: true, past: true },
      what: { kind: 'paragraphs', label: 'What is recommended', optional: true },
    },
  },
  answerRecommendation: {
    fact: 'recommendationAnswered',
    label: 'Answer a recommendation',
    happened: 'Recommendation answered',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'recommendations',
    rank: 270,
    fields: {
      body: {
        kind: 'choice',
        label: 'Whose answer it is',
        options: { health: 'Health', 'social-care': 'Social care' },
      },
      following: {
        kind: 'choice',
        label: 'Is it followed?',
        options: { yes: 'Yes', 'in-part': 'In part', no: 'No' },
      },
      reasons,
    },
    refusal: () => ({
      rule: 'SI 2017/1306',
      message: 'No recommendation for that body is on record. Record it first',
    }),
  },
  issueAmendedPlan: {
    fact: 'amendedFinalPlanIssued',
    label: 'Issue the amended plan',
    happened: 'Amended plan issued',
    action: 'signFinalPlan',
    secondPerson: 'always',
    doors: both,
    region: 'compliance',
    rank: 275,
    fields: {
      planVersion: { kind: 'id', of: 'plan-version', label: 'The version of the plan', optional: true },
      changesFOrI: { kind: 'yes-no', label: 'Section F or I has changed' },
      setting: { kind: 'id', of: 'setting', label: 'The setting it names', optional: true },
      reasons: { ...reasons, optional: true },
    },
    refusal: nothingOrdered,
  },
  decideAgain: {
    fact: 'reconsidered',
    label: 'Send what came of thinking again',
    happened: 'Thought again, as ordered or agreed',
    action: 'signDecision',
    secondPerson: 'when-recorded',
    doors: both,
    region: 'compliance',
    rank: 280,
    fields: {
      result: {
        kind: 'choice',
        label: 'What was decided',
        options: { changed: 'We have changed our decision', unchanged: 'Our decision stays' },
      },
      reasons,
    },
    refusal: nothingOrdered,
  },
  recordCarriedOut: {
    fact: 'orderCarriedOut',
    label: 'Record that it is carried out: the plan goes on, or what else was ordered is done',
    happened: 'Order or agreement carried out',
    action: event,
    doors: both,
    region: 'compliance',
    rank: 285,
    fields: { what: { kind: 'text', label: 'What was done', max: 300 } },
    refusal: nothingOrdered,
  },
  closeCase: {
    fact: 'caseClosed',
    label: 'Close the case: the time to appeal is over',
    happened: 'Closed: the time to appeal is over',
    action: event,
    doors: both,
    region: 'path',
    rank: 800,
    fields: {},
    refusal: timeRuns,
  },
  ...exceptionCommands,
  ...endingCommands,
  ...letterCommands,
} satisfies Record<string, Command>);
