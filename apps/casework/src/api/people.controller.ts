import { staffOn } from '@send/access';
import {
  type About,
  AddressKeys,
  type Answers,
  type AnswersFor,
  askToLift,
  changeContact,
  childOf,
  confirmMatter,
  decideLetters,
  endPerson,
  formats,
  giveBackMatter,
  legalReasons,
  peopleOn,
  type PeopleOutcome,
  protect,
  readContact,
  readEnding,
  readGivingBack,
  readLifting,
  readProtection,
  readReceiving,
  readResponsibility,
  recordResponsibility,
  responsibilities,
  type TypedAnswers,
  type Waiting,
  waitingMatters,
} from '@send/case-file';
import { noteEarlierLetters, writeLettersOwed } from '@send/correspondence';
import type { Tx } from '@send/database';
import { type Clock } from '@send/engine';
import type { Field } from '@send/workflow-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, idIn, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, invalid, wrongField } from './problems';

type Fields = Record<string, Field>;

const seen = {
  kind: 'id',
  label: 'The entry that was read',
  hint: 'Its id: refused where it was changed since.',
} as const satisfies Field;
const text = (label: string, max = 5000) => ({ kind: 'text', label, max, optional: true }) as const satisfies Field;
const staff = (label: string) => ({ kind: 'id', label, optional: true }) as const satisfies Field;
const place = {
  line1: text('Address line 1', 120),
  line2: text('Address line 2', 120),
  town: text('Town or city', 120),
  postcode: text('Postcode', 10),
} as const satisfies Fields;
const what = {
  kind: 'choice',
  label: 'What waits',
  options: {
    responsibility: 'Parental responsibility and letters',
    end: 'The end of an entry',
    protection: 'An address not to be shared',
    lift: 'An address to be shared again',
  },
} as const satisfies Field;

/** What each act on a person takes, by the name of its schema. */
export const peopleFields = {
  PersonResponsibility: {
    seen,
    responsibility: { kind: 'choice', label: 'Parental responsibility', options: responsibilities },
    limits: text('What the court order limits'),
    orderDate: { kind: 'day', label: 'The date of the court order', past: true, optional: true },
    evidence: text('The evidence seen'),
    seenBy: staff('Who saw the evidence'),
    from: { kind: 'day', label: 'The date it began', past: true, optional: true },
    until: { kind: 'day', label: 'The date it ends', future: true, optional: true },
  },
  PersonLetters: {
    seen,
    receives: {
      kind: 'choice',
      label: 'Which letters they receive',
      options: {
        law: 'Every letter the law says they must get',
        all: 'Every letter',
        some: 'Only some kinds',
        none: 'None',
      },
    },
    'kind-assessment': { kind: 'yes-no', label: 'Letters about the assessment', optional: true },
    'kind-plan': { kind: 'yes-no', label: 'Letters about the plan', optional: true },
    reason: { kind: 'choice', label: 'Legal reason', options: legalReasons, optional: true },
    evidence: text('What was seen'),
    decidedBy: staff('Who decided it'),
  },
  PersonContact: {
    seen,
    channel: { kind: 'choice', label: 'Safe way', options: { post: 'Post', email: 'Email', phone: 'Phone only' } },
    hours: text('Safe hours', 200),
    mayAnswer: text('Who else may answer', 200),
    phone: text('Phone', 40),
    email: text('Email', 254),
    emailAgreed: { kind: 'yes-no', label: 'Agreed to letters by email' },
    language: { kind: 'text', label: 'Language', max: 3, hint: 'ISO 639, like en or pl.' },
    interpreter: text('Interpreter', 200),
    format: { kind: 'choice', label: 'Format of letters', options: formats },
    address: {
      kind: 'choice',
      label: 'The address',
      options: { same: 'As it is', new: 'The one given here', none: 'None is known any more' },
    },
    ...place,
    share: { kind: 'yes-no', label: 'The new address may be shared', optional: true },
    protectReason: text('Why it is not to be shared'),
  },
  PersonProtection: {
    seen,
    which: {
      kind: 'choice',
      label: 'Which address',
      options: { current: 'The one on record', new: 'The one given here' },
    },
    ...place,
    reason: { kind: 'text', label: 'Why it is not to be shared' },
  },
  PersonLifting: { seen, reason: { kind: 'text', label: 'Why it may be shared again' } },
  PersonEnd: {
    seen,
    on: { kind: 'day', label: 'The date it ended', past: true },
    reason: { kind: 'text', label: 'Why it ended' },
  },
  PersonConfirmation: { seen, what },
  PersonReturn: { seen, what, reason: { kind: 'text', label: 'What must change', max: 500 } },
} as const satisfies Record<string, Fields>;

const problems = ['forbidden', 'not-found', 'conflict', 'not-now'] as const;

/** The people beside a child: the same acts as the pages, by the same rules, with the same second person. */
@ApiTags('People')
@Controller(`${base}/children/:id/people`)
@OpenToAll()
@UseFilters(ApiProblems)
export class PeopleApiController {
  constructor(
    private readonly cases: Cases,
    private readonly keys: AddressKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Describes({
    id: 'readPeople',
    summary:
      'Who is on the case of the child, and what waits for a second person; an address not to be shared is masked',
    headers: ['reason'],
    answers: { 200: 'People' },
    problems: ['forbidden', 'not-found'],
  })
  async list(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    refuseQuery(entered.query);
    const childId = idIn(id);
    return this.cases.read(entered, childId, 'readContact', ['people', 'contact'], async (tx) => ({
      people: (await peopleOn(tx, childId, this.clock.today())).map(
        ({ person, relationship, addressLines, addressProtected, phone, email }) => ({
          id: person.id,
          entry: relationship.id,
          name: [person.title, person.firstNames, person.lastName].filter(Boolean).join(' '),
          kind: relationship.kind,
          responsibility: relationship.parentalResponsibility,
          confirmed: relationship.confirmedBy !== null,
          receives: relationship.receives,
          channel: relationship.safeChannel,
          language: relationship.language,
          format: relationship.format,
          addressLines,
          addressProtected,
          phone,
          email,
        }),
      ),
      waiting: (await waitingMatters(tx, { childId })).map((one) => ({
        what: one.what,
        person: one.personId,
        entry: one.seen,
      })),
    }));
  }

  @Post(':personId/responsibility')
  @HttpCode(200)
  @Describes({
    id: 'recordResponsibility',
    summary: 'Record parental responsibility; nothing counts before a second person confirms it',
    body: 'PersonResponsibility',
    answers: { 200: 'PersonDone' },
    problems,
  })
  responsibility(
    @Param('id') id: string,
    @Param('personId') personId: string,
    @ThroughDoor() entered: Entered,
  ): Promise<object> {
    return this.act(
      { id, personId },
      entered,
      peopleFields.PersonResponsibility,
      readResponsibility,
      (tx, about, given) => recordResponsibility(tx, entered.actor, about, this.clock.now(), given),
    );
  }

  @Post(':personId/letters')
  @HttpCode(200)
  @Describes({
    id: 'decideLetters',
    summary: 'Decide which letters somebody receives; less than the law gives needs a legal reason',
    body: 'PersonLetters',
    answers: { 200: 'PersonDone' },
    problems,
  })
  letters(
    @Param('id') id: string,
    @Param('personId') personId: string,
    @ThroughDoor() entered: Entered,
  ): Promise<object> {
    return this.act(
      { id, personId },
      entered,
      peopleFields.PersonLetters,
      (typed, known, person) => readReceiving(typed, known, person?.relationship.parentalResponsibility ?? 'not-known'),
      (tx, about, given) => decideLetters(tx, entered.actor, about, this.clock.now(), given),
    );
  }

  @Post(':personId/contact')
  @HttpCode(200)
  @Describes({
    id: 'changeContact',
    summary: 'Change where and how somebody is reached, from the next letter on',
    body: 'PersonContact',
    answers: { 200: 'PersonDone' },
    problems,
  })
  contact(
    @Param('id') id: string,
    @Param('personId') personId: string,
    @ThroughDoor() entered: Entered,
  ): Promise<object> {
    return this.act({ id, personId }, entered, peopleFields.PersonContact, readContact, (tx, about, given) =>
      changeContact(tx, entered.actor, this.keys, about, this.clock.now(), given),
    );
  }

  @Post(':personId/protection')
  @HttpCode(200)
  @Describes({
    id: 'protectAddress',
    summary: 'Hide an address at once; a second person confirms it afterwards',
    body: 'PersonProtection',
    answers: { 200: 'PersonDone' },
    problems,
  })
  protection(
    @Param('id') id: string,
    @Param('personId') personId: string,
    @ThroughDoor() entered: Entered,
  ): Promise<object> {
    return this.act(
      { id, personId },
      entered,
      peopleFields.PersonProtection,
      (typed, known, person) => {
        const open = person !== undefined && !person.addressProtected && person.addressLines.length > 0;
        if (!open && typed['which'] === 'current')
          return { wrong: [{ field: 'which', message: 'There is no open address on record: give the one to hide' }] };
        const lines = open ? person.addressLines : [];
        return readProtection(
          typed,
          known,
          open ? { lines: lines.slice(0, -1), postcode: lines.at(-1) ?? '' } : undefined,
        );
      },
      (tx, about, given) => protect(tx, entered.actor, this.keys, about, this.clock.now(), given),
    );
  }

  @Post(':personId/lifting')
  @HttpCode(200)
  @Describes({
    id: 'askToLift',
    summary: 'Ask that an address may be shared again; it stays hidden until a second person agrees',
    body: 'PersonLifting',
    answers: { 200: 'PersonDone' },
    problems,
  })
  lifting(
    @Param('id') id: string,
    @Param('personId') personId: string,
    @ThroughDoor() entered: Entered,
  ): Promise<object> {
    return this.act({ id, personId }, entered, peopleFields.PersonLifting, readLifting, (tx, about, given) =>
      askToLift(tx, entered.actor, about, given),
    );
  }

  @Post(':personId/end')
  @HttpCode(200)
  @Describes({
    id: 'endPerson',
    summary: 'End somebody’s entry; for a member of the family when a second person agrees',
    body: 'PersonEnd',
    answers: { 200: 'PersonDone' },
    problems,
  })
  end(@Param('id') id: string, @Param('personId') personId: string, @ThroughDoor() entered: Entered): Promise<object> {
    return this.act({ id, personId }, entered, peopleFields.PersonEnd, readEnding, (tx, about, given) =>
      endPerson(tx, entered.actor, about, this.clock.now(), given),
    );
  }

  @Post(':personId/confirmation')
  @HttpCode(200)
  @Describes({
    id: 'confirmPerson',
    summary: 'Confirm, as the second person, what was recorded about somebody',
    body: 'PersonConfirmation',
    answers: { 200: 'PersonDone' },
    problems,
  })
  confirmation(
    @Param('id') id: string,
    @Param('personId') personId: string,
    @ThroughDoor() entered: Entered,
  ): Promise<object> {
    return this.act({ id, personId }, entered, peopleFields.PersonConfirmation, whatIn, async (tx, about, given) => {
      const outcome = await confirmMatter(tx, entered.actor, this.keys, { ...about, what: given }, this.clock.now());
      if (outcome.done && given === 'responsibility')
        await noteEarlierLetters(tx, about.childId, about.personId, about.on);
      return outcome;
    });
  }

  @Post(':personId/return')
  @HttpCode(200)
  @Describes({
    id: 'returnPerson',
    summary: 'Give back, as the second person, what was recorded about somebody',
    body: 'PersonReturn',
    answers: { 200: 'PersonDone' },
    problems,
  })
  giveBack(
    @Param('id') id: string,
    @Param('personId') personId: string,
    @ThroughDoor() entered: Entered,
  ): Promise<object> {
    return this.act(
      { id, personId },
      entered,
      peopleFields.PersonReturn,
      (typed, known) => {
        const reason = readGivingBack(typed, known);
        return 'wrong' in reason ? reason : { value: { ...reason.value, what: typed['what'] as Waiting } };
      },
      (tx, about, { reason, what: of }) =>
        giveBackMatter(tx, entered.actor, { ...about, what: of }, this.clock.now(), { reason }),
    );
  }

  /** The shape of what was sent first, then the answers, then who may: one transaction for what is asked and done. */
  private async act<T>(
    at: At,
    entered: Entered,
    fields: Fields,
    answers: (typed: TypedAnswers, known: AnswersFor, person: Person | undefined) => Answers<T>,
    perform: (tx: Tx, about: About, given: T) => Promise<PeopleOutcome>,
  ): Promise<object> {
    refuseQuery(entered.query);
    const [childId, personId] = [idIn(at.id), idIn(at.personId)];
    await this.cases.enter(entered, childId);
    const sent = read(fields, entered.body, this.clock);
    const on = this.clock.today();
    const outcome = await this.cases.within(entered.actor, async (tx) => {
      const child = await childOf(tx, childId);
      const colleagues = await staffOn(tx, on);
      const known: AnswersFor = {
        today: on,
        born: child.dateOfBirth,
        lookedAfter: child.lookedAfter === true,
        staff: colleagues.map((one) => one.id),
        managers: colleagues.filter((one) => one.roles.includes('SM')).map((one) => one.id),
      };
      const person = (await peopleOn(tx, childId, on)).find((one) => one.person.id === personId);
      const given = answers(typedIn(sent), known, person);
      if ('wrong' in given)
        throw invalid(given.wrong.map(({ field, message }) => ({ field, rule: 'not-well-formed', message })));
      const acted = await perform(tx, { childId, personId, seen: String(sent['seen']).toLowerCase(), on }, given.value);
      if (acted.done) await writeLettersOwed(tx, childId, on);
      return acted;
    });
    if (outcome.done) return outcome;
    switch (outcome.why) {
      case 'invalid':
        throw wrongField(outcome.field ?? 'seen', 'not-allowed', outcome.message);
      case 'changed':
        throw new ApiProblem('conflict', outcome.message);
      case 'forbidden':
      case 'not-found':
      case 'not-now':
        throw new ApiProblem(outcome.why, outcome.message);
    }
  }
}

type Person = Awaited<ReturnType<typeof peopleOn>>[number];

interface At {
  readonly id: string;
  readonly personId: string;
}

const whatIn = (typed: TypedAnswers): Answers<Waiting> => ({ value: typed['what'] as Waiting });

/** As a page would have sent it: text, and yes or no. */
const typedIn = (sent: Readonly<Record<string, unknown>>): TypedAnswers =>
  Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? (value ? 'yes' : 'no') : typeof value === 'string' ? value : undefined,
    ]),
  );
