import { type Actor, staffOn } from '@send/access';
import { AddressKeys, type PeopleRefused, type TypedAnswers } from '@send/case-file';
import { writeLettersOwed } from '@send/correspondence';
import { newId } from '@send/database';
import { type Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
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
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { addAct } from './add-person-form';
import { cameOnline } from './came-online';
import { Cases, type OpenedCase } from './case-frame';
import { personActs } from './people-forms';
import { refusedPeople } from './people-refused';
import { besidePeople, shownPeople } from './people-shown';
import { type At, nameOf, type PersonAct, type Section } from './person-act';

/** What the list of people says once something was done; the word of it is all that an address carries. */
const doneWords: Readonly<Record<string, string>> = {
  responsibility: 'Recorded. A second person must confirm it before any letter goes by it.',
  letters: 'Recorded. A second person must confirm it before any letter goes by it.',
  contact: 'The contact details were changed. They count from the next letter.',
  protect: 'The address is hidden from now on. A second person was asked to confirm it.',
  lift: 'A second person was asked. The address stays hidden until they agree.',
  end: 'Recorded. The entry of a family member goes on until a second person agrees.',
  add: 'The person was added.',
  confirmed: 'You confirmed it. It counts from the next letter.',
  'given-back': 'You gave it back. Whoever recorded it has a task that says why.',
};

/** The people beside a child: who they are, and what is recorded about them. */
@Controller('cases/:caseId/people')
export class PeopleController {
  constructor(
    private readonly cases: Cases,
    private readonly keys: AddressKeys,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async people(
    @Param('caseId') caseId: string,
    @Query('done') done: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(
      actor,
      caseId,
      async (opened) => ({
        header: opened.header,
        people: shownPeople(opened),
        online: await cameOnline(opened),
        ...(await besidePeople(opened)),
        mayAdd: opened.may(addAct.action),
      }),
      'openCaseOverview',
      ['people', 'contact'],
    );
    await this.answer.send(request, response, 'case/people.view.njk', {
      title: 'People',
      caseReference: page.header.reference,
      tab: 'People',
      done: typeof done === 'string' && Object.hasOwn(doneWords, done) ? doneWords[done] : undefined,
      ...page,
    });
  }

  @Get('add')
  add(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.ask(caseId, undefined, 'add', addAct, actor, request, response);
  }

  @Post('add')
  addOne(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.answered(caseId, undefined, 'add', addAct, new Form(body), actor, request, response);
  }

  @Get(':personId/:act')
  askOne(
    @Param('caseId') caseId: string,
    @Param('personId') personId: string,
    @Param('act') word: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.ask(caseId, personId, word, actCalled(word), actor, request, response);
  }

  @Post(':personId/:act')
  answerOne(
    @Param('caseId') caseId: string,
    @Param('personId') personId: string,
    @Param('act') word: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.answered(caseId, personId, word, actCalled(word), new Form(body), actor, request, response);
  }

  private async ask(
    caseId: string,
    personId: string | undefined,
    word: string,
    act: PersonAct,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed?: Form,
    errors: readonly FieldError[] = [],
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const at = await this.at(opened, act, personId, typed);
      if (isRefused(at)) return at;
      const values = typed === undefined ? act.onRecord(at) : valuesOf(typed);
      return {
        header: opened.header,
        sections: act.sections(at).map((section) => filled(section, values, errors)),
        who: at.person === undefined ? undefined : nameOf(at.person),
        // A form that lost a race is filled again, against what is on record now.
        kept: [
          { name: 'seen', value: at.about.seen },
          { name: 'id', value: at.about.personId },
        ],
      };
    });
    if (isRefused(page)) return refusedPeople(this.answer, page, caseId, request, response);
    await this.answer.send(request, response, 'case/person-form.view.njk', {
      title: act.title,
      caseReference: page.header.reference,
      action: `/cases/${caseId}/people/${personId === undefined ? word : `${personId}/${word}`}`,
      errors,
      back: { href: `/cases/${caseId}/people`, text: 'People' },
      ...page,
    });
  }

  /** The answers of a form: checked, shown to be checked, or put on record. */
  private async answered(
    caseId: string,
    personId: string | undefined,
    word: string,
    act: PersonAct,
    form: Form,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
  ): Promise<void> {
    const step = form.text('step');
    if (step === 'change') return this.ask(caseId, personId, word, act, actor, request, response, form);
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const at = await this.at(opened, act, personId, form);
      if (isRefused(at)) return at;
      const { typed, wrong } = typedIn(form, act.sections(at));
      const checked = act.check(typed, at);
      const faults =
        'wrong' in checked ? [...wrong, ...checked.wrong.filter(({ field }) => !said(wrong, field))] : wrong;
      if (faults.length > 0) return { faults: faults.map((one) => withHref(one, act.sections(at))) };
      if (step === 'confirm') {
        const outcome = await act.perform(typed, at);
        // Whoever can be reached from now on has the letters that nobody of the family could have.
        if ('done' in outcome && outcome.done) await writeLettersOwed(opened.tx, caseId, opened.today);
        return outcome;
      }
      if ('wrong' in checked) return { faults: checked.wrong };
      return {
        header: opened.header,
        who: at.person === undefined ? undefined : nameOf(at.person),
        seen: at.about.seen,
        ...checked,
      };
    });
    if ('faults' in page) return this.ask(caseId, personId, word, act, actor, request, response, form, page.faults);
    if ('wrong' in page) return this.ask(caseId, personId, word, act, actor, request, response, form, page.wrong);
    if ('header' in page) {
      return this.answer.send(request, response, 'case/person-check.view.njk', {
        title: 'Check before you record this',
        caseReference: page.header.reference,
        label: act.title,
        button: act.button,
        kept: keptOf(form, { seen: page.seen }),
        ...page,
      });
    }
    if (page.done) return response.redirect(HttpStatus.SEE_OTHER, `/cases/${caseId}/people?done=${word}`);
    if (page.why === 'invalid' && page.field !== undefined)
      return this.ask(caseId, personId, word, act, actor, request, response, form, [
        { field: page.field, message: page.message, ...(page.field === 'on' ? { href: 'on-day' } : {}) },
      ]);
    await refusedPeople(this.answer, page, caseId, request, response, {
      kept: [...keptOf(form, { seen: '' }), { name: 'step', value: 'change' }],
      keptFor: request.path,
    });
  }

  /** The person as this page found them; who may not do the thing is told so, and whoever is not there is not found. */
  private async at(
    opened: OpenedCase,
    act: PersonAct,
    personId: string | undefined,
    form: Form | undefined,
  ): Promise<At | PeopleRefused> {
    const person = personId === undefined ? undefined : opened.people.find((one) => one.person.id === personId);
    if (personId !== undefined && (person === undefined || act.link(person) === undefined))
      throw new NotFoundException();
    if (!opened.may(act.action)) return notAllowed;
    const given = form?.text('id') ?? '';
    return {
      opened,
      person,
      about: {
        childId: opened.header.id,
        personId: personId ?? (isId.test(given) ? given : newId()),
        // What the form was shown; a page that is asked anew shows what is on record now.
        seen: form?.text('seen') || (person?.relationship.id ?? ''),
        on: opened.today,
      },
      staff: await staffOn(opened.tx, opened.today),
      keys: this.keys,
      now: this.clock.now(),
    };
  }
}

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const notAllowed: PeopleRefused = {
  done: false,
  why: 'forbidden',
  message: 'Only somebody who works on this case, or a senior, can change this. Nothing was changed.',
};

function actCalled(word: string): PersonAct {
  const act = personActs.get(word);
  if (act === undefined) throw new NotFoundException();
  return act;
}

const isRefused = (one: object): one is PeopleRefused => 'why' in one;
const said = (wrong: readonly FieldError[], field: string): boolean => wrong.some((one) => one.field === field);
const valuesOf = (form: Form): Record<string, string> =>
  Object.fromEntries(form.names().map((name) => [name, form.text(name)]));

const keptOf = (form: Form, also: Record<string, string>): { name: string; value: string }[] => [
  ...form
    .names()
    .filter((name) => !['_csrf', 'step', ...Object.keys(also)].includes(name))
    .map((name) => ({ name, value: form.text(name) })),
  ...Object.entries(also).map(([name, value]) => ({ name, value })),
];

/** What was typed, with each date of three boxes as one day; a date that is none is said here. */
function typedIn(form: Form, sections: readonly Section[]): { typed: TypedAnswers; wrong: FieldError[] } {
  const wrong: FieldError[] = [];
  const typed: Record<string, string> = valuesOf(form);
  for (const { name, label, kind } of sections.flatMap((one) => one.questions)) {
    if (kind !== 'day') continue;
    const day = form.day(name, label.replace(/ \(.*\)$/, '').replace(/\?$/, ''));
    delete typed[name];
    if ('day' in day) typed[name] = day.day;
    else if ('message' in day) wrong.push({ field: name, message: day.message, href: `${name}-${day.part}` });
  }
  return { typed, wrong };
}

function withHref(error: FieldError, sections: readonly Section[]): FieldError {
  const day = sections.flatMap((one) => one.questions).find((one) => one.name === error.field)?.kind === 'day';
  return day && error.href === undefined ? { ...error, href: `${error.field}-day` } : error;
}

/** A section with what is on record or was typed, and what is wrong with it. */
function filled(section: Section, values: Record<string, string>, errors: readonly FieldError[]) {
  return {
    ...section,
    questions: section.questions.map((question) => ({
      ...question,
      value: values[question.name],
      error: errors.find((one) => one.field === question.name)?.message,
      ...(question.kind === 'day'
        ? {
            parts: {
              day: values[`${question.name}-day`],
              month: values[`${question.name}-month`],
              year: values[`${question.name}-year`],
            },
          }
        : {}),
      ...(question.kind === 'checks'
        ? { chosen: (question.options ?? []).map((one) => one.value).filter((name) => values[name] === 'yes') }
        : {}),
    })),
  };
}
