import { formatDay } from '@send/statute';
import { type Command, Commands, type Field } from '@send/workflow-kit';
import { planCommands } from '../plan/plan.commands';

const both = ['act', 'record'] as const;
const recordOnly = ['record'] as const;
const event = 'recordEvent';

const reasons: Field = { kind: 'paragraphs', label: 'The reasons', hint: 'About this child, in plain words. They go into the letter as you write them.' };
const evidence: Field = {
  kind: 'rows', label: 'What was read', optional: true, most: 60,
  of: {
    title: { kind: 'text', label: 'Title', max: 200 },
    author: { kind: 'text', label: 'Author', max: 120 },
    date: { kind: 'day', label: 'Date' },
  },
};
const request: Field = { kind: 'id', label: 'The request for advice' };
const outcome: Field = {
  kind: 'choice', label: 'What was ordered or agreed',
  options: { assess: 'To assess', 'make-plan': 'To make a plan', reconsider: 'To think again', other: 'Something else' },
};

const beforeRequest = (fact: string) => (context: { facts: Record<string, string> }, on: string) => {
  const since = context.facts['requestReceived'] ?? context.facts['responsibilityBegan'];
  if (since === undefined) return `No request is on record yet. Is it right that ${fact}?`;
  return on < since ? `The request is on record for ${formatDay(since)}. Is it right that ${fact} before it?` : undefined;
};

/** Every command of the assessment: its words, its fields, who may give it, and why it may be refused. */
export const assessmentCommands = new Commands({
  receiveRequest: {
    fact: 'requestReceived', label: 'Enter a request', happened: 'Request received', action: event, begins: true,
    doors: both, region: 'path', rank: 10,
    fields: {
      from: {
        kind: 'choice', label: 'Who asked',
        options: { parent: 'A parent or carer', 'young-person': 'The young person', school: 'A school, college or nursery', other: 'Someone else, or the council itself (CFA s.24)' },
      },
      how: { kind: 'choice', label: 'How it came', optional: true, options: { online: 'Online', email: 'By email', post: 'By post', phone: 'By phone', person: 'In person' } },
      fromYear9: { kind: 'yes-no', label: 'In year 9 or above', optional: true },
      note: { kind: 'text', label: 'Anything to note', optional: true },
    },
  },
  tellFamilyConsidering: {
    fact: 'consideringAssessment', label: 'Tell the family and partners that you are considering it', happened: 'Family and partners told',
    action: event, doors: both, region: 'path', rank: 20, fields: { reply: { kind: 'day', label: 'The day to reply by', optional: true } },
  },
  askSchoolForInformation: {
    fact: 'schoolInformationRequested', label: 'Ask the setting for information', happened: 'Setting asked for information',
    action: event, doors: both, region: 'path', rank: 21, fields: { reply: { kind: 'day', label: 'The day to reply by', optional: true } },
  },
  decideToAssess: {
    fact: 'decidedToAssess', label: 'Decide to assess', happened: 'Decided to assess', action: 'signDecision',
    secondPerson: 'when-recorded', doors: both, region: 'path', rank: 30, fields: { reasons: { ...reasons, optional: true } },
    odd: beforeRequest('it was decided to assess'),
  },
  decideNotToAssess: {
    fact: 'decidedNotToAssess', label: 'Decide not to assess', happened: 'Decided not to assess', action: 'signDecision',
    secondPerson: 'when-recorded', doors: both, region: 'path', rank: 30, fields: { reasons, evidence },
    odd: beforeRequest('it was decided not to assess'),
  },
  determineNotNecessary: {
    fact: 'determinedNotNecessary', label: 'Refuse at the outset: no plan can be necessary', happened: 'Refused at the outset',
    action: 'signDecision', secondPerson: 'when-recorded', doors: both, region: 'path', rank: 30, fields: { reasons, evidence },
    odd: beforeRequest('it was refused at the outset'),
  },
  recordMediationRequest: {
    fact: 'mediationRequested', label: 'Record that the family asks for mediation', happened: 'Mediation asked for', action: event,
    doors: recordOnly, region: 'path', rank: 31, fields: {},
  },
  recordMediationCertificate: {
    fact: 'mediationCertificateIssued', label: 'Record a mediation certificate', happened: 'Mediation certificate issued', action: event,
    doors: recordOnly, region: 'path', rank: 32, fields: {},
  },
  recordAppeal: {
    fact: 'appealLodged', label: 'Record an appeal', happened: 'Appeal lodged', action: event,
    doors: recordOnly, region: 'path', rank: 32, fields: {},
  },
  recordMediationAgreement: {
    fact: 'mediationAgreed', label: 'Record a mediation agreement', happened: 'Mediation agreed', action: event,
    doors: recordOnly, region: 'path', rank: 33, fields: { agreed: outcome },
  },
  recordOrder: {
    fact: 'tribunalOrderMade', label: 'Record a Tribunal order', happened: 'Tribunal order made', action: event,
    doors: recordOnly, region: 'path', rank: 33, fields: { order: outcome, reference: { kind: 'text', label: 'The Tribunal’s reference', max: 60, optional: true } },
  },
  recordConcession: {
    fact: 'appealConceded', label: 'Record that the appeal is not opposed', happened: 'Appeal conceded', action: event,
    secondPerson: 'when-recorded', doors: recordOnly, region: 'path', rank: 34, fields: {},
  },
  askForAdvice: {
    fact: 'adviceSought', label: 'Ask for advice', happened: 'Advice asked for', action: event, doors: both, region: 'advice', rank: 40,
    fields: {
      requests: {
        kind: 'rows', label: 'Who is asked', most: 20,
        of: {
          request,
          kind: {
            kind: 'choice', label: 'The kind of advice',
            options: { education: 'Education', health: 'Health', psychology: 'Educational psychology', 'social-care': 'Social care', adulthood: 'Preparing for adulthood', other: 'Someone else' },
          },
          adviser: { kind: 'id', label: 'The adviser' },
        },
      },
    },
    refusal: () => ({ rule: 'SEND Regs 2014 reg 6(1)', message: 'Advice is asked for once it is decided to assess. Record the decision first' }),
  },
  reuseAdvice: {
    fact: 'adviceReused', label: 'Use advice that already exists', happened: 'Earlier advice used', action: event,
    doors: both, region: 'advice', rank: 41,
    fields: {
      request, adviser: { kind: 'id', label: 'Who gave it' },
      kind: { kind: 'choice', label: 'The kind of advice', options: { education: 'Education', health: 'Health', psychology: 'Educational psychology', 'social-care': 'Social care', adulthood: 'Preparing for adulthood', other: 'Someone else' } },
      adviceDate: { kind: 'day', label: 'The date of the advice', past: true },
      authorAgrees: { kind: 'yes-no', label: 'Its author agrees that it is enough' },
      authorityAgrees: { kind: 'yes-no', label: 'The council agrees that it is enough' },
      familyAgrees: { kind: 'yes-no', label: 'The family agrees that it is enough' },
    },
    refusal: () => ({ rule: 'SEND Regs 2014 reg 6(4)', message: 'Earlier advice can be used only if its author, the council and the family all agree. Ask for new advice instead' }),
  },
  bookAppointment: {
    fact: 'appointmentMade', label: 'Tell the family about an appointment', happened: 'Appointment made', action: event, doors: both, region: 'path', rank: 42,
    fields: { appointmentOn: { kind: 'day', label: 'The day of the appointment', future: true }, time: { kind: 'text', label: 'The time', max: 20 }, place: { kind: 'text', label: 'The place', max: 200 }, with: { kind: 'text', label: 'Who it is with', max: 120 } },
  },
  recordMissedAppointment: {
    fact: 'appointmentMissed', label: 'Record a missed appointment', happened: 'Appointment missed', action: event, doors: both, region: 'path', rank: 42,
    fields: { request: { ...request, optional: true }, with: { kind: 'text', label: 'Who it was with', max: 120 } },
  },
  recordLateCause: {
    fact: 'lateCauseRecorded', label: 'Record why a date was missed', happened: 'Cause of lateness recorded', action: event, doors: both, region: 'path', rank: 63,
    fields: {
      duty: { kind: 'text', label: 'The duty', max: 120 },
      cause: { kind: 'choice', label: 'The cause', options: { capacity: 'Too few staff', adviser: 'Advice came late', family: 'The family asked for it', setting: 'The setting was late', system: 'A fault in the system' } },
      note: { kind: 'text', label: 'Anything to note', optional: true, max: 1000 },
    },
  },
  recordViews: {
    fact: 'viewsReceived', label: 'Record the family’s views', happened: 'Family’s views received', action: 'writeFamilyViews', doors: both, region: 'path', rank: 43,
    fields: { summary: { kind: 'text', label: 'What they said', max: 20000 } },
  },
  considerSupport: {
    fact: 'supportConsidered', label: 'Record what help the family needs to take part', happened: 'Help to take part considered', action: event, doors: both, region: 'path', rank: 44,
    fields: { summary: { kind: 'text', label: 'What is needed, and what is done' } },
  },
  recordAdvice: {
    fact: 'adviceReceived', label: 'Record advice received', happened: 'Advice received', action: event, doors: both, region: 'advice', rank: 50,
    fields: {
      request, need: { kind: 'text', label: 'The needs', optional: true, max: 20000 },
      provision: { kind: 'text', label: 'The provision advised', optional: true, max: 20000 },
      outcomes: { kind: 'text', label: 'The outcomes sought', optional: true, max: 20000 },
      document: { kind: 'id', label: 'The document', optional: true },
    },
    refusal: () => ({ rule: 'SEND Regs 2014 reg 6(1)', message: 'Nobody is waiting to give advice on this case. Record who was asked first' }),
  },
  returnAdvice: {
    fact: 'adviceReturned', label: 'Send advice back to its author', happened: 'Advice sent back', action: event, doors: both, region: 'advice', rank: 51,
    fields: { request, missing: { kind: 'text', label: 'What is missing' } },
    refusal: () => ({ rule: 'SEND Regs 2014 reg 6(1)', message: 'That advice has not been received, so it cannot be sent back' }),
  },
  chaseAdvice: {
    fact: 'adviceChased', label: 'Chase advice', happened: 'Adviser reminded', action: event, doors: both, region: 'advice', rank: 52,
    fields: { request, late: { kind: 'yes-no', label: 'It is overdue', optional: true } },
  },
  relyOnException: {
    fact: 'exceptionRelied', label: 'Rely on a legal exception', happened: 'Exception relied on', action: 'useException',
    secondPerson: 'always', doors: both, region: 'path', rank: 60,
    fields: {
      ground: {
        kind: 'choice', label: 'The exception',
        options: {
          settingClosed: 'The school or college was closed for 4 weeks or more', earlyYearsClosed: 'The early years setting was closed for 4 weeks or more',
          exceptionalPersonalCircumstances: 'Exceptional personal circumstances', awayFromArea: 'Away from the area for 4 weeks or more',
          awayTwoWeeks: 'Away from the area for 2 weeks or more (after an order only)', representationsAfterWindow: 'The family comments after its 15 days (after an order only)',
          coronavirus: 'A reason relating to coronavirus (1 May to 25 September 2020)', exceptionalCircumstances: 'Exceptional circumstances (the adviser’s limit only)', missedAppointment: 'A missed appointment (the adviser’s limit only)',
        },
      },
      from: { kind: 'day', label: 'The first day' },
      to: { kind: 'day', label: 'The last day', optional: true },
      request: { ...request, optional: true },
      reason: { kind: 'text', label: 'The facts that prove it' },
    },
  },
  endException: {
    fact: 'exceptionEnded', label: 'End an exception', happened: 'Exception ended', action: 'useException', secondPerson: 'always',
    doors: both, region: 'path', rank: 61, fields: { exception: { kind: 'id', label: 'The exception' } },
  },
  explainDelay: {
    fact: 'delayExplained', label: 'Say sorry for a delay', happened: 'Delay explained to the family', action: event, doors: both, region: 'path', rank: 62,
    fields: { what: { kind: 'text', label: 'What is late', max: 300 }, why: { kind: 'text', label: 'Why it is late', optional: true, max: 1000, hint: 'The letter to the family cannot go without it.' }, newDate: { kind: 'day', label: 'The new date', future: true }, meanwhile: { kind: 'text', label: 'What happens meanwhile', max: 1000 } },
  },
  decideToIssue: {
    fact: 'decidedToIssue', label: 'Decide to issue a plan', happened: 'Decided to issue a plan', action: 'signDecision', secondPerson: 'when-recorded',
    doors: both, region: 'path', rank: 65, fields: { reasons },
    odd: beforeRequest('it was decided to issue a plan'),
  },
  decideNotToIssue: {
    fact: 'decidedNotToIssue', label: 'Decide not to issue a plan', happened: 'Decided not to issue a plan', action: 'signDecision', secondPerson: 'when-recorded',
    doors: both, region: 'path', rank: 65, fields: { reasons, evidence },
    odd: beforeRequest('a plan was refused'),
  },
  ...planCommands,
  withdrawRequest: {
    fact: 'requestWithdrawn', label: 'Record that the request is withdrawn', happened: 'Request withdrawn', action: event, doors: both, region: 'path', rank: 85,
    fields: { by: { kind: 'text', label: 'Who withdrew it', max: 120 }, reason: { kind: 'text', label: 'Why', optional: true } },
  },
  recordMove: {
    fact: 'movedAway', label: 'Record a move to another area', happened: 'Moved to another area', action: event, doors: both, region: 'path', rank: 86,
    fields: { to: { kind: 'text', label: 'The new authority', max: 120 } },
  },
  sayNotResponsible: {
    fact: 'notResponsible', label: 'Say that another council is responsible', happened: 'Another council is responsible', action: event, doors: both, region: 'path', rank: 86,
    fields: { council: { kind: 'text', label: 'The council that is responsible', max: 120 }, told: { kind: 'yes-no', label: 'It has been told, with the family’s agreement', optional: true } },
  },
  recordDeath: {
    fact: 'childDied', label: 'Record that the child has died', happened: 'The child died', action: event, secondPerson: 'always', doors: both, region: 'path', rank: 87, fields: {},
  },
  closeAfterRefusal: {
    fact: 'caseClosed', label: 'Close the case after a refusal', happened: 'Case closed', action: event, doors: ['act'], region: 'path', rank: 88, fields: {},
    refusal: () => ({ rule: 'HESC Rules 2008 r.20(1)(c)', message: 'The family can still appeal. The case can be closed when that time is over' }),
  },
  noteLetterSent: {
    fact: 'letterSent', label: 'Letter sent', happened: 'Letter sent', action: event, system: true, doors: recordOnly, region: 'path', rank: 90,
    fields: {
      group: { kind: 'text', label: 'The decision', max: 200 }, letter: { kind: 'text', label: 'The letter', max: 80 }, letterId: { kind: 'id', label: 'The letter’s id' },
      recipient: { kind: 'text', label: 'The recipient', max: 80 }, servedOn: { kind: 'day', label: 'The day of service' }, channel: { kind: 'text', label: 'The channel', max: 40 },
      /** Last days that the letter printed for its reader: they bind us. */
      promised: {
        kind: 'rows', label: 'The last days printed', optional: true, most: 5,
        of: { duty: { kind: 'text', label: 'The duty', max: 80 }, lastDay: { kind: 'day', label: 'The last day' } },
      },
    },
  },
  recordService: {
    fact: 'letterServed', label: 'Record proof of service', happened: 'Service proved', action: event, doors: recordOnly, region: 'path', rank: 91,
    fields: { clock: { kind: 'choice', label: 'The letter', options: { draftPlanServed: 'The draft plan' } }, proof: { kind: 'text', label: 'The proof', max: 300 } },
  },
} satisfies Record<string, Command>);
