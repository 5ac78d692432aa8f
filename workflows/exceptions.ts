import { change, type Command, day, type RunContext, send, text } from '@send/workflow-kit';
import { request } from './advice/advice.commands';
import { leadTo } from './plan/plan-stretch';

const both = ['act', 'record'] as const;

/** Exceptions to a limit, and what the family is told of a delay, in every process whose limits can be lifted. */
export const exceptionCommands = {
  relyOnException: {
    fact: 'exceptionRelied',
    label: 'Rely on a legal exception',
    happened: 'Exception relied on',
    action: 'useException',
    secondPerson: 'always',
    doors: both,
    region: 'path',
    rank: 600,
    fields: {
      ground: {
        kind: 'choice',
        label: 'The exception',
        options: {
          settingClosed: 'The school or college was closed for 4 weeks or more',
          earlyYearsClosed: 'The early years setting was closed for 4 weeks or more',
          exceptionalPersonalCircumstances: 'Exceptional personal circumstances',
          awayFromArea: 'Away from the area for 4 weeks or more',
          awayTwoWeeks: 'Away from the area for 2 weeks or more (after an order only)',
          representationsAfterWindow: 'The family comments after its 15 days (after an order only)',
          coronavirus: 'A reason relating to coronavirus (1 May to 25 September 2020)',
          exceptionalCircumstances: 'Exceptional circumstances (the adviser’s limit only)',
          missedAppointment: 'A missed appointment (the adviser’s limit only)',
        },
      },
      from: { kind: 'day', label: 'The first day' },
      to: { kind: 'day', label: 'The last day', optional: true },
      request: { ...request, optional: true },
      reason: { kind: 'text', label: 'The facts that prove it' },
    },
  },
  endException: {
    fact: 'exceptionEnded',
    label: 'End an exception',
    happened: 'Exception ended',
    law: 'SEND Regs 2014 reg 10(4)',
    action: 'useException',
    secondPerson: 'always',
    doors: both,
    region: 'path',
    rank: 610,
    fields: { exception: { kind: 'id', label: 'The exception' } },
  },
  explainDelay: {
    fact: 'delayExplained',
    label: 'Say sorry for a delay',
    happened: 'Delay explained to the family',
    law: 'SEND Code of Practice 2015 para 9.43',
    action: 'recordEvent',
    doors: both,
    region: 'path',
    rank: 620,
    fields: {
      what: { kind: 'text', label: 'What is late', max: 300 },
      why: {
        kind: 'text',
        label: 'Why it is late',
        optional: true,
        max: 1000,
        hint: 'The letter to the family cannot go without it.',
      },
      newDate: { kind: 'day', label: 'The new date', future: true },
      meanwhile: { kind: 'text', label: 'What happens meanwhile', max: 1000 },
    },
  },
} as const satisfies Record<string, Command>;

/** For the `on` of the `path` region. */
export const exceptionFacts = <C extends RunContext>() => ({
  exceptionRelied: {
    actions: [
      change<C>(
        ({ context, event }) =>
          ({
            exceptions: [
              ...context.exceptions.filter((one) => one.id !== event.factId),
              {
                id: event.factId,
                ground: text(event.payload, 'ground') ?? '',
                from: day(event.payload, 'from') ?? event.on,
                to: day(event.payload, 'to') ?? null,
                duties: text(event.payload, 'request') === undefined ? [] : ['assessment.advice-due'],
                reason: text(event.payload, 'reason') ?? '',
              },
            ],
            facts: { ...context.facts, exceptionReliedOn: event.on },
          }) as unknown as Partial<C>,
      ),
      send<C>('assessment.delay-exception', 'parent-or-young-person', {
        meets: ['assessment.tell-family-of-exception'],
      }),
    ],
  },
  exceptionEnded: {
    actions: change<C>(
      ({ context, event }) =>
        ({
          exceptions: context.exceptions.map((one) =>
            one.id === text(event.payload, 'exception') ? { ...one, to: event.on } : one,
          ),
        }) as unknown as Partial<C>,
    ),
  },
  delayExplained: { actions: send<C>('assessment.delay-apology', 'parent-or-young-person') },
});

/** Who relies on an exception keeps the family informed: Code 9.43. */
export const exceptionsRegion = (over: readonly string[] = []) => ({
  initial: 'noneReliedOn',
  on: leadTo('.noneReliedOn', over),
  states: {
    noneReliedOn: { meta: { noLimit: 'No exception is relied on' }, on: { exceptionRelied: 'reliedOn' } },
    reliedOn: { meta: { owes: ['assessment.tell-family-of-exception'] } },
  },
});
