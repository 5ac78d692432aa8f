import type { Action, Actor } from '@send/access';
import { freezePlan } from '@send/case-file';
import { LetterDesk } from '@send/correspondence';
import { newId } from '@send/database';
import { type Clock, Engine, isWaiting, type NotDone } from '@send/engine';
import { type FieldError, Form, timeInWords } from '@send/pages';
import type { Command, Door } from '@send/workflow-kit';
import { HttpStatus, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { Cases, type OpenedCase } from '../case/case-frame';
import type { CaseRun } from '../case/case-runs';
import { PageAnswer } from '../frame/page-answer';
import type { CaseworkRequest, CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { lettersInWords } from '../letters/recipients';
import { choicesFor, notOffered } from './choices';
import { foresee } from './foreseen';
import { answersInWords, asFieldErrors, bodyOf, questionsOf } from './questions';

/** One command of one process: where its pages are, and what it is given to. */
export interface CommandPlace {
  readonly caseId: string;
  readonly name: string;
  /** The page's own address: forms are sent back to it. */
  readonly path: string;
  readonly back: string;
  /** The process as it stands, or as it would begin. What is not to be given there is not found. */
  readonly of: (opened: OpenedCase) => { readonly run: CaseRun; readonly command: Command };
  /** The command begins a process, and is not given to one. */
  readonly begins?: true;
}

interface Exchange {
  readonly actor: Actor;
  readonly request: CaseworkRequest;
  readonly response: CaseworkResponse;
}

/** A caseworker prepares what a senior confirms; what no role of theirs may even prepare is not offered. */
export const mayPrepare = (opened: OpenedCase, command: Command): boolean =>
  opened.may(command.action as Action) || (command.secondPerson !== undefined && opened.may('recordEvent'));

/** Commands that issue a plan: the version that they name is in force from their day. */
export const issuesPlan = ({ fact, begins }: Command): boolean =>
  begins !== true && (fact === 'finalPlanIssued' || fact === 'amendedFinalPlanIssued');

/** Every command by the same pages, made from its table: the questions, what will happen, done. */
@Injectable()
export class CommandPages {
  constructor(
    private readonly cases: Cases,
    private readonly engine: Engine,
    private readonly desk: LetterDesk,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The questions, with what an address has answered already. */
  async ask(place: CommandPlace, query: Readonly<Record<string, unknown>>, exchange: Exchange): Promise<void> {
    const { run: _, ...asked } = query;
    const preset = Object.keys(asked).length === 0 ? undefined : new Form({ ...asked, on: this.clock.today() });
    await this.questionPage(place, preset, [], exchange);
  }

  async take(place: CommandPlace, body: unknown, exchange: Exchange): Promise<void> {
    const { actor, request, response } = exchange;
    const { caseId, name } = place;
    const form = new Form(body);
    const step = form.text('step');
    if (step === 'change' || step === 'add-row') return this.questionPage(place, form, [], exchange);
    const { faults, read } = await this.cases.open(actor, caseId, async (opened) => {
      const { run, command } = place.of(opened);
      const door = doorOf(command, form);
      const { body: given, errors } = bodyOf(command, form);
      const { choices, advisers } = await choicesFor(opened, run, command);
      const answer = run.workflow.commands.read(name, given, opened.today);
      const asked = questionsOf(command, choices, advisers, form, errors, opened.today);
      const faults = asFieldErrors('wrong' in answer ? answer.wrong : [], errors, asked);
      const known = new Set(faults.map(({ field }) => field));
      faults.push(...notOffered(command, given, choices).filter(({ field }) => !known.has(field)));
      if (door === undefined) faults.push({ field: 'door', message: 'Select whether this is done now or went before' });
      if (faults.length > 0 || 'wrong' in answer || door === undefined) return { faults, read: undefined };
      const history = place.begins === true ? [] : await this.engine.history(actor, run.id, opened.tx);
      const { on, payload } = answer.sent;
      const foreseen = foresee(run, history, command, door, on, payload, opened.subjectName);
      return {
        faults,
        read: {
          header: opened.header,
          process: processOf(opened, place, run),
          command,
          door,
          given,
          version: run.version,
          foreseen,
          waitsForSecond:
            command.secondPerson === 'always' || (command.secondPerson === 'when-recorded' && door === 'record'),
          forbidden: !mayPrepare(opened, command),
          answers: answersInWords(command, payload, on, choices),
          letters: await lettersInWords(
            opened,
            door === 'act' && foreseen.letters.length > 0
              ? await this.desk.checkDecision(
                  opened.tx,
                  place.begins === true
                    ? { runId: null, childId: caseId, workflow: run.workflow.id }
                    : { runId: run.id },
                  name,
                  payload,
                  on,
                )
              : undefined,
            this.desk.catalogue,
          ),
        },
      };
    });
    if (read === undefined) return this.questionPage(place, form, faults, exchange);
    const { header, command, door, given, version, foreseen } = read;
    if (read.forbidden)
      return this.refused(
        place,
        header.reference,
        'You cannot do this',
        ['You are not the caseworker of this case, or your role does not let you.'],
        403,
        form,
        exchange,
      );
    if (step === 'confirm') return this.give(place, command, door, given, form, exchange);
    if (!foreseen.placed && (door === 'act' || place.begins === true)) {
      const why = foreseen.refusal;
      return this.refused(
        place,
        header.reference,
        'You cannot do this yet',
        why === undefined
          ? [`This cannot be done while the case is at “${foreseen.from}”. Nothing was changed.`]
          : [`${why.message}.`, `The rule is ${why.rule}. Nothing was changed.`],
        409,
        form,
        exchange,
      );
    }
    const kept = keptFields(form, given, command);
    await this.answer.send(request, response, 'record-event/check.view.njk', {
      title: `Check before you ${read.waitsForSecond ? 'send this on' : 'record this'}`,
      header,
      process: read.process,
      caseReference: header.reference,
      back: { href: place.back },
      label: command.label,
      answers: read.answers,
      door,
      begins: place.begins === true,
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

  private async give(
    place: CommandPlace,
    command: Command,
    door: Door,
    given: Record<string, unknown>,
    form: Form,
    exchange: Exchange,
  ): Promise<void> {
    const { actor, response } = exchange;
    const { caseId, name } = place;
    const { run, header } = await this.cases.open(actor, caseId, async (opened) => ({
      run: place.of(opened).run,
      header: opened.header,
    }));
    const version = /^\d{1,9}$/.test(form.text('version')) ? Number(form.text('version')) : undefined;
    const sent = {
      command: name,
      key: form.text('key'),
      fields: given,
      ...(version === undefined || place.begins === true ? {} : { version }),
      ...(form.text('confirmed') === 'yes' ? { confirmed: true } : {}),
    };
    const outcome =
      place.begins === true
        ? await this.engine.begin(run.workflow.id, caseId, sent, actor, { door })
        : door === 'act'
          ? await this.engine.act(run.id, sent, actor)
          : await this.engine.record(run.id, sent, actor);
    if (outcome.done) {
      await this.freezeNamed(actor, caseId, command, given);
      return response.redirect(HttpStatus.SEE_OTHER, `/cases/${caseId}/recorded/${outcome.factId}`);
    }
    if (isWaiting(outcome)) return response.redirect(HttpStatus.SEE_OTHER, `/proposals/${outcome.waits.proposalId}`);
    await this.notDone(outcome.refusal, place, command, given, form, header.reference, exchange);
  }

  private async notDone(
    refusal: NotDone['refusal'],
    place: CommandPlace,
    command: Command,
    given: Record<string, unknown>,
    form: Form,
    reference: string,
    exchange: Exchange,
  ): Promise<void> {
    const { actor, request, response } = exchange;
    const again = (says: (message: string) => string) =>
      this.questionPage(
        place,
        form,
        refusal.wrong.map(({ field, message }) => ({
          field,
          message: says(message),
          href: field === 'on' ? 'on-day' : field,
        })),
        exchange,
      );
    switch (refusal.kind) {
      case 'not-found':
        throw new NotFoundException();
      case 'invalid':
        return again((message) => message);
      case 'ask':
        return this.answer.send(request, response, 'record-event/ask.view.njk', {
          title: 'Is this right?',
          caseReference: reference,
          message: refusal.message,
          label: command.label,
          action: place.path,
          kept: [
            ...keptFields(form, given, command),
            { name: 'version', value: form.text('version') },
            { name: 'key', value: form.text('key') },
          ],
        });
      case 'conflict': {
        const { winner } = refusal;
        const nameOf = await this.cases.open(actor, place.caseId, async (opened) => opened.nameOf);
        return this.refused(
          place,
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
          exchange,
        );
      }
      case 'out-of-position':
      case 'not-now':
      case 'key-reused':
        if (refusal.wrong.length > 0) return again((message) => `${message}. ${refusal.message}`);
        return this.refused(
          place,
          reference,
          'You cannot do this yet',
          [`${refusal.message}.`, `The rule is ${refusal.rule}.`],
          409,
          form,
          exchange,
        );
      case 'forbidden':
        return this.refused(place, reference, 'You cannot do this', [refusal.message], 403, form, exchange);
    }
  }

  /** A refusal keeps what was typed: it goes back to the questions, for the case as it is by then. */
  private refused(
    place: CommandPlace,
    reference: string,
    title: string,
    lines: string[],
    status: number,
    form: Form,
    { request, response }: Exchange,
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
        keptFor: place.path,
        onward: { text: 'Go to the case', href: `/cases/${place.caseId}` },
      },
      status,
    );
  }

  private async questionPage(
    place: CommandPlace,
    form: Form | undefined,
    errors: readonly FieldError[],
    { actor, request, response }: Exchange,
  ): Promise<void> {
    const page = await this.cases.open(actor, place.caseId, async (opened) => {
      const { run, command } = place.of(opened);
      const { choices, advisers } = await choicesFor(opened, run, command);
      return {
        header: opened.header,
        process: processOf(opened, place, run),
        label: command.label,
        questions: questionsOf(command, choices, advisers, form, errors, opened.today),
        door:
          command.doors.length < 2
            ? undefined
            : {
                value: form?.text('door') || (form === undefined || form.text('door') === '' ? 'act' : ''),
                error: errors.find((one) => one.field === 'door')?.message,
              },
        second: command.secondPerson,
        mayDo: mayPrepare(opened, command),
      };
    });
    await this.answer.send(request, response, 'record-event/question.view.njk', {
      title: page.label,
      ...page,
      errors,
      caseReference: page.header.reference,
      action: place.path,
      back: { href: place.back },
    });
  }

  /** The version that a command named is what was sent: from now on it is not changed. */
  private async freezeNamed(
    actor: Actor,
    caseId: string,
    command: Command,
    { planVersion, on }: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    if (typeof planVersion !== 'string') return;
    const issuedOn = issuesPlan(command) && typeof on === 'string' ? on : undefined;
    await this.cases.open(
      actor,
      caseId,
      (opened) => freezePlan(opened.tx, planVersion, this.clock.now(), issuedOn),
      'editPlan',
    );
  }
}

/** Which process it is about, where a child has several, or where this would be the first. */
const processOf = (opened: OpenedCase, place: CommandPlace, run: CaseRun): string | undefined =>
  place.begins === true || opened.runs.filter(({ closed }) => !closed).length > 1 ? run.workflow.title : undefined;

function doorOf(command: Command, form: Form): Door | undefined {
  return command.doors.length === 1 ? command.doors[0] : form.choice('door', command.doors);
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
