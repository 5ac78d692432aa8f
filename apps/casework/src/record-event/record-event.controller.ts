import type { Action, Actor } from '@send/access';
import { freezePlan, waitingMatters } from '@send/case-file';
import { newId } from '@send/database';
import { type Clock, Engine, isWaiting, type NotDone } from '@send/engine';
import { type FieldError, Form, timeInWords } from '@send/pages';
import { addresseesOf, type Command, type Door, type Payload } from '@send/workflow-kit';
import {
  Body,
  Controller,
  Get,
  HttpStatus,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { Cases, dutyAbout, type OpenedCase, type RunRow } from '../case/case-frame';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { LetterDesk } from '@send/correspondence';
import { letterName } from '../letters/letter-name';
import { lettersInWords, recipientNames } from '../letters/recipients';
import { foresee, possibleBy } from './foreseen';
import { answersInWords, asFieldErrors, bodyOf, type Choices, choicesFor, questionsOf } from './questions';

/** The list a caseworker chooses from, in the order of a case. */
const isAppeal = (fact: string): boolean => /mediation|appeal|tribunal/i.test(fact);
const shelves: readonly { name: string; holds: (command: Command) => boolean }[] = [
  { name: 'Request and first decision', holds: ({ rank, fact }) => rank < 400 && !isAppeal(fact) },
  { name: 'Advice and views', holds: ({ rank }) => rank >= 400 && rank < 600 },
  { name: 'Delays and exceptions', holds: ({ rank }) => rank >= 600 && rank < 650 },
  { name: 'Decision on a plan', holds: ({ rank }) => rank >= 650 && rank < 700 },
  { name: 'Draft, consultation and final plan', holds: ({ rank }) => rank >= 700 && rank < 850 },
  { name: 'Appeal and mediation', holds: ({ fact }) => isAppeal(fact) },
  { name: 'Ending the case', holds: ({ rank }) => rank >= 850 && rank < 900 },
  { name: 'Proof of service', holds: ({ rank }) => rank >= 900 },
];

/** What becomes of the letters of an act, by their status, in the order that matters to whoever did it. */
const whatBecomes = {
  held: 'Letters held, which will not be sent yet',
  drafted: 'Letters waiting for approval',
  approved: 'Letters to be sent in the next few minutes',
  sent: 'Letters sent',
  cancelled: 'Letters no longer needed',
};

type WithRun = OpenedCase & { run: RunRow; workflow: NonNullable<OpenedCase['workflow']> };

/** Every write on a case: choose, answer, check what will happen, done. */
@Controller('cases/:caseId')
export class RecordEventController {
  constructor(
    private readonly cases: Cases,
    private readonly engine: Engine,
    private readonly desk: LetterDesk,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('record')
  async choose(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const { run, workflow } = hasRun(opened);
      const offered = Object.entries(workflow.commands.table)
        .filter(([, command]) => command.system !== true && command.begins !== true && this.mayPrepare(opened, command))
        .map(([name, command]) => ({ name, command, door: possibleBy(workflow, run, command, opened.today) }));
      const shelved = (afterwards: boolean) =>
        shelves
          .map(({ name, holds }) => ({
            name,
            items: offered
              .filter(
                ({ command, door }) =>
                  door !== undefined &&
                  holds(command) &&
                  (door === 'record' && command.doors.length > 1) === afterwards,
              )
              .map((one) => ({
                href: `/cases/${caseId}/record/${one.name}${afterwards ? '?door=record' : ''}`,
                label: afterwards ? one.command.happened : one.command.label,
                second: one.command.secondPerson === 'always',
              })),
          }))
          .filter((group) => group.items.length > 0);
      const groups = shelved(false);
      return { header: opened.header, groups, afterwards: shelved(true).flatMap((group) => group.items) };
    });
    await this.answer.send(request, response, 'record-event/choose.view.njk', {
      title: 'Record an event',
      ...page,
      caseReference: page.header.reference,
      back: { href: `/cases/${caseId}` },
    });
  }

  @Get('record/:command')
  async ask(
    @Param('caseId') caseId: string,
    @Param('command') name: string,
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const preset = Object.keys(query).length === 0 ? undefined : new Form({ ...query, on: this.clock.today() });
    await this.questionPage(caseId, name, preset, [], actor, request, response);
  }

  @Post('record/:command')
  async take(
    @Param('caseId') caseId: string,
    @Param('command') name: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    const step = form.text('step');
    if (step === 'change' || step === 'add-row')
      return this.questionPage(caseId, name, form, [], actor, request, response);
    const { faults, read } = await this.cases.open(actor, caseId, async (opened) => {
      const { run, workflow } = hasRun(opened);
      const command = commandOf(opened, name);
      const door = doorOf(command, form);
      const { body: given, errors } = bodyOf(command, form);
      const { choices, advisers } = await choicesFor(opened, command);
      const answer = workflow.commands.read(name, given, opened.today);
      const asked = questionsOf(name, command, choices, advisers, form, errors, opened.today);
      const faults = asFieldErrors('wrong' in answer ? answer.wrong : [], errors, asked);
      faults.push(...notOffered(command, given, choices));
      if (door === undefined) faults.push({ field: 'door', message: 'Select whether this is done now or went before' });
      if (faults.length > 0 || 'wrong' in answer || door === undefined) return { faults, read: undefined };
      const history = await this.engine.history(actor, run.id, opened.tx);
      const foreseen = foresee(
        workflow,
        run,
        history,
        command,
        door,
        answer.sent.on,
        answer.sent.payload,
        opened.subjectName,
      );
      return {
        faults,
        read: {
          header: opened.header,
          command,
          door,
          given,
          version: run.version,
          foreseen,
          waitsForSecond:
            command.secondPerson === 'always' || (command.secondPerson === 'when-recorded' && door === 'record'),
          forbidden: !this.mayPrepare(opened, command),
          answers: answersInWords(command, answer.sent.payload, answer.sent.on, choices),
          letters: await lettersInWords(
            opened,
            door === 'act' && foreseen.letters.length > 0
              ? await this.desk.checkDecision(opened.tx, { runId: run.id }, name, answer.sent.payload, answer.sent.on)
              : undefined,
            this.desk.catalogue,
          ),
        },
      };
    });
    if (read === undefined) return this.questionPage(caseId, name, form, faults, actor, request, response);
    const { header, command, door, given, version, foreseen } = read;
    if (step === 'confirm' && !read.forbidden)
      return this.give(caseId, name, command, door, given, form, actor, request, response);
    if (read.forbidden)
      return this.refused(
        caseId,
        header.reference,
        'You cannot do this',
        ['You are not the caseworker of this case, or your role does not let you.'],
        403,
        form,
        request,
        response,
      );
    if (!foreseen.placed && door === 'act') {
      const why = foreseen.refusal;
      return this.refused(
        caseId,
        header.reference,
        'You cannot do this yet',
        why === undefined
          ? [`This cannot be done while the case is at “${foreseen.from}”. Nothing was changed.`]
          : [`${why.message}.`, `The rule is ${why.rule}. Nothing was changed.`],
        409,
        form,
        request,
        response,
      );
    }
    const kept = keptFields(form, given, command);
    await this.answer.send(request, response, 'record-event/check.view.njk', {
      title: `Check before you ${read.waitsForSecond ? 'send this on' : 'record this'}`,
      header,
      caseReference: header.reference,
      back: { href: `/cases/${caseId}/record` },
      label: command.label,
      answers: read.answers,
      door,
      foreseen,
      ...read.letters,
      waitsForSecond: read.waitsForSecond,
      kept: [
        ...kept,
        { name: 'version', value: form.text('version') || String(version) },
        { name: 'key', value: form.text('key') || `page:${newId()}` },
      ],
    });
  }

  @Get('recorded/:factId')
  async recorded(
    @Param('caseId') caseId: string,
    @Param('factId') factId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const { run, workflow } = hasRun(opened);
      const [fact] = /^[0-9a-f-]{36}$/.test(factId)
        ? await opened.tx.query<{
            type: string;
            on_day: string;
            payload: Payload;
            moved: { key: string; to: string | null }[];
          }>('select type, on_day, payload, moved from engine.fact where id = $1 and run_id = $2', [factId, run.id])
        : [];
      if (fact === undefined) throw new NotFoundException();
      const letters = await opened.tx.query<{ letter: string; recipient: string; status: string }>(
        'select letter, recipient, status from letters.letter where fact_id = $1 order by letter, recipient',
        [factId],
      );
      const nameOf = await recipientNames(
        opened,
        letters.map(({ recipient }) => recipient),
      );
      const unwritten = Object.entries(addresseesOf(fact.payload)).some(
        ([key, to]) =>
          to.length === 0 &&
          letters.every(({ letter }) => letter !== key) &&
          this.desk.catalogue.templates.some((one) => one.id === key && one.to.includes('parent')),
      );
      return {
        header: opened.header,
        received: fact.type === 'requestReceived',
        waiting: unwritten
          ? (await waitingMatters(opened.tx, { childId: caseId }))
              .filter(({ what }) => what === 'responsibility')
              .map(({ personName }) => personName)
          : [],
        happened: workflow.commands.forFact(fact.type)?.happened ?? fact.type,
        on: fact.on_day,
        placed: !run.unplaced.includes(factId),
        letters: Object.entries(whatBecomes)
          .map(([status, name]) => ({
            name,
            letters: letters
              .filter((one) => one.status === status)
              .map((one) => ({ title: letterName(this.desk.catalogue, one.letter), to: nameOf(one.recipient) })),
          }))
          .filter((group) => group.letters.length > 0),
        moved: fact.moved
          .filter((one) => opened.deadlines.every((row) => row.key !== one.key || row.met_on === null))
          .map((one) => {
            const [duty = '', subject] = one.key.split('#');
            return { text: dutyAbout(duty, opened.subjectName(subject ?? null)), to: one.to };
          }),
      };
    });
    await this.answer.send(request, response, 'record-event/done.view.njk', {
      title: page.happened,
      ...page,
      caseReference: page.header.reference,
    });
  }

  private async give(
    caseId: string,
    name: string,
    command: Command,
    door: Door,
    given: Record<string, unknown>,
    form: Form,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<void> {
    const { runId, header } = await this.cases.open(actor, caseId, async (opened) => ({
      runId: hasRun(opened).run.id,
      header: opened.header,
    }));
    const version = /^\d{1,9}$/.test(form.text('version')) ? Number(form.text('version')) : undefined;
    const command_ = {
      command: name,
      key: form.text('key'),
      fields: given,
      ...(version === undefined ? {} : { version }),
      ...(form.text('confirmed') === 'yes' ? { confirmed: true } : {}),
    };
    const outcome =
      door === 'act' ? await this.engine.act(runId, command_, actor) : await this.engine.record(runId, command_, actor);
    if (outcome.done) {
      await this.freezeNamed(actor, caseId, given['planVersion'], name, given['on']);
      return response.redirect(HttpStatus.SEE_OTHER, `/cases/${caseId}/recorded/${outcome.factId}`);
    }
    if (isWaiting(outcome)) return response.redirect(HttpStatus.SEE_OTHER, `/proposals/${outcome.waits.proposalId}`);
    await this.notDone(outcome.refusal, caseId, name, command, given, form, header.reference, actor, request, response);
  }

  private async notDone(
    refusal: NotDone['refusal'],
    caseId: string,
    name: string,
    command: Command,
    given: Record<string, unknown>,
    form: Form,
    reference: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<void> {
    switch (refusal.kind) {
      case 'not-found':
        throw new NotFoundException();
      case 'invalid':
        return this.questionPage(
          caseId,
          name,
          form,
          refusal.wrong.map(({ field, message }) => ({ field, message, href: field === 'on' ? 'on-day' : field })),
          actor,
          request,
          response,
        );
      case 'ask':
        return this.answer.send(request, response, 'record-event/ask.view.njk', {
          title: 'Is this right?',
          caseReference: reference,
          message: refusal.message,
          label: command.label,
          caseId,
          name,
          kept: [
            ...keptFields(form, given, command),
            { name: 'version', value: form.text('version') },
            { name: 'key', value: form.text('key') },
          ],
        });
      case 'conflict': {
        const { winner } = refusal;
        const nameOf = await this.cases.open(actor, caseId, async (opened) => opened.nameOf);
        return this.refused(
          caseId,
          reference,
          'Someone else changed this case first',
          [
            winner === undefined
              ? 'Somebody was quicker.'
              : `${nameOf(winner.actor)} changed this at ${timeInWords(winner.at)}.`,
            'Your answers are kept. Check them against the case as it is now, and save again.',
          ],
          409,
          form,
          request,
          response,
        );
      }
      case 'out-of-position':
      case 'not-now':
      case 'key-reused':
        if (refusal.wrong.length > 0)
          return this.questionPage(
            caseId,
            name,
            form,
            refusal.wrong.map(({ field, message }) => ({
              field,
              message: `${message}. ${refusal.message}`,
              href: field === 'on' ? 'on-day' : field,
            })),
            actor,
            request,
            response,
          );
        return this.refused(
          caseId,
          reference,
          'You cannot do this yet',
          [`${refusal.message}.`, `The rule is ${refusal.rule}.`],
          409,
          form,
          request,
          response,
        );
      case 'forbidden':
        return this.refused(caseId, reference, 'You cannot do this', [refusal.message], 403, form, request, response);
    }
  }

  /** A refusal keeps what was typed: it goes back to the questions, for the case as it is by then. */
  private refused(
    caseId: string,
    reference: string,
    title: string,
    lines: string[],
    status: number,
    form: Form,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<void> {
    const kept = form
      .names()
      .filter((field) => !['_csrf', 'step', 'version', 'key', 'confirmed'].includes(field))
      .map((field) => ({ name: field, value: form.text(field) }));
    return this.answer.send(
      request,
      response,
      'refused.view.njk',
      {
        title,
        lines,
        caseReference: reference,
        kept: [...kept, { name: 'step', value: 'change' }],
        keptFor: request.path,
        onward: { text: 'Go to the case', href: `/cases/${caseId}` },
      },
      status,
    );
  }

  private async questionPage(
    caseId: string,
    name: string,
    form: Form | undefined,
    errors: readonly FieldError[],
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const command = commandOf(opened, name);
      const { choices, advisers } = await choicesFor(opened, command);
      const asked = questionsOf(name, command, choices, advisers, form, errors, opened.today);
      return {
        header: opened.header,
        label: command.label,
        questions: asked,
        door:
          command.doors.length < 2
            ? undefined
            : {
                value: form?.text('door') || (form === undefined || form.text('door') === '' ? 'act' : ''),
                error: errors.find((one) => one.field === 'door')?.message,
              },
        second: command.secondPerson,
        mayDo: this.mayPrepare(opened, command),
      };
    });
    await this.answer.send(request, response, 'record-event/question.view.njk', {
      title: page.label,
      ...page,
      errors,
      caseReference: page.header.reference,
      action: `/cases/${caseId}/record/${name}`,
      back: { href: `/cases/${caseId}/record` },
    });
  }

  /** A caseworker prepares what a senior confirms; what no role of theirs may even prepare is not offered. */
  private mayPrepare(opened: OpenedCase, command: Command): boolean {
    return opened.may(command.action as Action) || (command.secondPerson !== undefined && opened.may('recordEvent'));
  }

  /** The version that a command named is what was sent: from now on it is not changed. */
  private async freezeNamed(
    actor: Actor,
    caseId: string,
    planVersion: unknown,
    name: string,
    on: unknown,
  ): Promise<void> {
    if (typeof planVersion !== 'string') return;
    const issuedOn = name === 'issueFinalPlan' && typeof on === 'string' ? on : undefined;
    await this.cases.open(
      actor,
      caseId,
      (opened) => freezePlan(opened.tx, planVersion, this.clock.now(), issuedOn),
      'editPlan',
    );
  }
}

function hasRun(opened: OpenedCase): WithRun {
  const { run, workflow } = opened;
  if (run === undefined || workflow === undefined) throw new NotFoundException();
  return { ...opened, run, workflow };
}

function commandOf(opened: OpenedCase, name: string): Command {
  const command = opened.workflow?.commands.find(name);
  if (command === undefined || command.system === true || command.begins === true) throw new NotFoundException();
  return command;
}

function doorOf(command: Command, form: Form): Door | undefined {
  return command.doors.length === 1 ? command.doors[0] : form.choice('door', command.doors);
}

/** A choice is only ever one that was offered to this person now. */
function notOffered(command: Command, given: Record<string, unknown>, choices: Choices): FieldError[] {
  return Object.entries(command.fields).flatMap(([name, field]) => {
    const value = given[name];
    const isNew =
      (name === 'consultation' && command.fact === 'settingConsulted') ||
      (name === 'request' && command.fact === 'adviceReused');
    const offered = choices[name];
    if (
      field.kind !== 'id' ||
      isNew ||
      typeof value !== 'string' ||
      offered === undefined ||
      offered.some((one) => one.value === value)
    ) {
      const rows =
        field.kind === 'rows' && name === 'requests' && Array.isArray(value)
          ? (value as { adviser: string; kind: string }[])
          : [];
      const strange = rows.find((row) => choices['adviser']?.every((one) => one.value !== row.adviser));
      return strange === undefined
        ? []
        : [{ field: name, message: 'Choose an adviser from the list', href: `ask-${strange.kind}` }];
    }
    return [{ field: name, message: `Select ${field.label.charAt(0).toLowerCase()}${field.label.slice(1)}` }];
  });
}

/** What the form carries on: the ids it made are kept, so that answers sent twice name the same things. */
function keptFields(form: Form, given: Record<string, unknown>, command: Command): { name: string; value: string }[] {
  const kept = form
    .names()
    .filter((name) => !['_csrf', 'step', 'version', 'key', 'confirmed'].includes(name))
    .map((name) => ({ name, value: form.text(name) }));
  if ('requests' in command.fields && Array.isArray(given['requests'])) {
    for (const row of given['requests'] as { request: string; kind: string }[])
      if (!kept.some(({ name }) => name === `request-${row.kind}`))
        kept.push({ name: `request-${row.kind}`, value: row.request });
  }
  return kept;
}
