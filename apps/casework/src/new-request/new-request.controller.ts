import { type Actor, staffOn } from '@send/access';
import { CaseFile, duplicatesFor, findSettings, type OnlineRequest, type PossibleDuplicate } from '@send/case-file';
import { newId, type Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Post, Query, Req, Res } from '@nestjs/common';
import { PageAnswer, worksOnCases } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { OnlineDesk } from '../online-requests/online-desk';
import { askerTyped, childTyped, homeIsApart, leftOpen, whoAsked, withOnline } from './from-online';
import { enteredWords, type KnownChild, knownChild } from './known-child';
import { type ReadAll, RequestEntry } from './request-entry';
import {
  childFields,
  peopleAsked,
  peopleFields,
  readChild,
  type ReadChild,
  readPeople,
  waitsForSecond,
} from './request-form';

/** A request arrives: find the child first, then take the request in. Nothing is written before the last page. */
@Controller('requests')
export class NewRequestController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly entry: RequestEntry,
    private readonly desk: OnlineDesk,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async start(
    @Query('online') onlineId: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    if (onlineId === undefined) return this.childPage(request, response, undefined, []);
    const online = await this.desk.find(actor, typeof onlineId === 'string' ? onlineId : '');
    if (online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    const answers = await this.desk.read(actor, online.id);
    return this.childPage(request, response, new Form({ ...childTyped(answers), online: online.id }), []);
  }

  @Post('child')
  async child(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const form = new Form(body);
    const read = readChild(form, this.clock.today());
    if ('errors' in read) return this.childPage(request, response, form, read.errors);
    const possible = await this.possible(actor, read.child);
    if (possible.shown.length + possible.hidden.length > 0 && form.text('decided') === '')
      return this.duplicatesPage(request, response, form, possible, []);
    return this.peoplePage(request, response, form, actor, []);
  }

  @Post('duplicates')
  async duplicates(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const form = new Form(body);
    const read = readChild(form, this.clock.today());
    if ('errors' in read) return this.childPage(request, response, form, read.errors);
    const possible = await this.possible(actor, read.child);
    const decided = form.text('decided');
    const why = form.text('why');
    const errors: FieldError[] = [
      ...(choicesOf(possible).includes(decided)
        ? []
        : [
            {
              field: 'decided',
              message:
                possible.hidden.length > 0
                  ? 'Select the same child, or ask a senior: a record that you cannot open may be of this child'
                  : 'Select the same child, or that this is a new child',
            },
          ]),
      ...(why.length === 0
        ? [{ field: 'why', message: 'Enter how you know' }]
        : why.length > 5000
          ? [{ field: 'why', message: 'How you know must be 5,000 characters or fewer' }]
          : []),
    ];
    if (errors.length > 0) return this.duplicatesPage(request, response, form, possible, errors);
    if (decided === 'ask') {
      const online = await this.onlineOf(form, actor);
      const hidden = possible.hidden.map((one) => one.childId);
      if (!(await this.entry.askSenior(actor, read.child, online, hidden, why)))
        return this.duplicatesPage(request, response, form, possible, [
          { field: 'decided', message: 'There is no senior who may open that record. Speak to your manager today' },
        ]);
      return response.redirect(
        HttpStatus.SEE_OTHER,
        `/requests/entered?as=${online === undefined ? 'asked' : 'asked-online'}`,
      );
    }
    const considered = possible.shown.map((one) => one.childId).join(' ');
    return this.peoplePage(request, response, new Form({ ...values(form), considered }), actor, []);
  }

  @Post('check')
  async check(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const form = new Form(body);
    if (form.text('step') === 'child') return this.childPage(request, response, form, []);
    if (form.text('step') === 'people' || form.text('step') === 'add-person')
      return this.peoplePage(request, response, form, actor, []);
    if (form.text('step') === 'add-asker') return this.peoplePage(request, response, form, actor, [], true);
    const online = await this.onlineOf(form, actor);
    if (online !== undefined && online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    const read = await this.readAll(form, actor, online);
    if ('possible' in read) return this.duplicatesPage(request, response, form, read.possible, []);
    if ('errors' in read)
      return 'childErrors' in read
        ? this.childPage(request, response, form, read.errors)
        : this.peoplePage(request, response, form, actor, read.errors);
    await this.answer.send(request, response, 'new-request/check.view.njk', {
      title: 'Check before you enter this request',
      ...read,
      people: read.people.map((one) => ({
        ...one,
        waits: waitsForSecond(one),
        asked:
          waitsForSecond(one) || one.protect !== undefined
            ? (read.seniors.find(({ id }) => id === one.toConfirm)?.name ?? 'Any senior')
            : 'Nobody needs to',
      })),
      kept: kept(form, ['key']),
      key: form.text('key') || `request:${newId()}`,
    });
  }

  /** Where a request went that began no case of the person who entered it. */
  @Get('entered')
  async entered(
    @Query('as') as: unknown,
    @Query('case') caseId: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor) || typeof as !== 'string' || !Object.hasOwn(enteredWords, as))
      throw new NotFoundException();
    const id = typeof caseId === 'string' && isId.test(caseId) ? caseId : undefined;
    const known = await this.caseFile.within(actor, (tx) => this.known(tx, actor, id ?? ''));
    await this.answer.send(request, response, 'new-request/entered.view.njk', {
      ...enteredWords[as as keyof typeof enteredWords],
      href: known?.opens === true ? `/cases/${known.childId}` : undefined,
    });
  }

  @Post('enter')
  async enter(
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    const form = new Form(body);
    const key = form.text('key');
    const before = await this.entry.before(actor, key);
    if (before !== undefined) return response.redirect(HttpStatus.SEE_OTHER, before);
    const online = await this.onlineOf(form, actor);
    if (online !== undefined && online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    const read = await this.readAll(form, actor, online);
    if ('possible' in read) {
      // The child who looks like this one may be what somebody else made of the same request, a moment ago.
      const now = await this.onlineOf(form, actor);
      return now === undefined || now.outcome === null
        ? this.duplicatesPage(request, response, form, read.possible, [])
        : this.desk.settledPage(actor, request, response, now);
    }
    if ('errors' in read)
      return 'childErrors' in read
        ? this.childPage(request, response, form, read.errors)
        : this.peoplePage(request, response, form, actor, read.errors);
    const entered = await this.entry.enter(actor, read, key);
    if ('openedBefore' in entered)
      return this.desk.settledPage(actor, request, response, await this.desk.find(actor, entered.openedBefore));
    if ('refused' in entered) {
      return this.answer.send(
        request,
        response,
        'refused.view.njk',
        {
          title: 'The request was not entered',
          lines: [`${entered.refused}.`],
          kept: [...kept(form, ['key']), { name: 'step', value: 'people' }],
          keptFor: '/requests/check',
          onward: { text: 'Start again', href: '/requests' },
        },
        409,
      );
    }
    response.redirect(HttpStatus.SEE_OTHER, entered.page);
  }

  private async onlineOf(form: Form, actor: Actor): Promise<OnlineRequest | undefined> {
    return form.text('online') === '' ? undefined : this.desk.find(actor, form.text('online'));
  }

  private async readAll(
    typed: Form,
    actor: Actor,
    request: OnlineRequest | undefined,
  ): Promise<ReadAll | { errors: FieldError[]; childErrors?: true } | { possible: Possible }> {
    const online =
      request === undefined
        ? undefined
        : {
            request,
            answers: await this.desk.read(
              actor,
              request.id,
              request.addressProtected ? `To enter online request ${request.reference}.` : undefined,
            ),
          };
    const whole = online === undefined ? typed : withOnline(typed, online.request, online.answers);
    const today = this.clock.today();
    const child = readChild(whole, today);
    if ('errors' in child) return { errors: child.errors, childErrors: true };
    const decided = whole.text('decided');
    const { settings, seniors, possible, known } = await this.choices(actor, child.child, decided);
    if (decided !== '' && decided !== 'new' && !possible.shown.some((one) => one.childId === decided))
      throw new NotFoundException();
    // People on record are left to those who work on the case.
    const form = known === undefined || known.works ? whole : withoutPeople(whole);
    const considered = form.text('considered').split(' ');
    const isNew = decided === '' || decided === 'new';
    // Somebody entered a child like this one since it was said to be new.
    const unseen = possible.hidden.length > 0 || possible.shown.some((one) => !considered.includes(one.childId));
    if (isNew && unseen) return { possible };
    const read = readPeople(form, child.child, today, {
      settings: settings.map((one) => one.id),
      seniors: seniors.map((one) => one.id).filter((id) => id !== actor.staffId),
      peopleNeeded: isNew,
    });
    if ('errors' in read) return read;
    const unprotected = online === undefined ? [] : leftOpen(form, online.answers);
    if (unprotected.length > 0) return { errors: unprotected };
    const { commands } = this.engine.workflow('needs-assessment');
    const command = commands.read('receiveRequest', read.fields, today);
    if ('wrong' in command)
      return {
        errors: command.wrong.map(({ field, message }) => ({
          field,
          message,
          href: field === 'on' ? 'on-day' : field,
        })),
      };
    return {
      ...read,
      child: child.child,
      decided,
      why: form.text('why'),
      considered,
      online,
      setting: settings.find((one) => one.id === read.settingId)?.name ?? 'None',
      seniors,
      known,
    };
  }

  private possible(actor: Actor, child: ReadChild): Promise<Possible> {
    return this.caseFile.within(actor, (tx) => duplicatesFor(tx, actor, child, this.clock.today()));
  }

  private async known(tx: Tx, actor: Actor, decided: string): Promise<KnownChild | undefined> {
    return isId.test(decided) ? knownChild(tx, actor, decided, this.clock.today()) : undefined;
  }

  private choices(
    actor: Actor,
    child: ReadChild,
    decided: string,
  ): Promise<{
    settings: { id: string; name: string }[];
    seniors: { id: string; name: string }[];
    possible: Possible;
    known: KnownChild | undefined;
  }> {
    return this.caseFile.within(actor, async (tx) => ({
      settings: await findSettings(tx, '', 500),
      seniors: (await staffOn(tx, this.clock.today())).filter((one) => one.roles.includes('SM')),
      possible: await duplicatesFor(tx, actor, child, this.clock.today()),
      known: await this.known(tx, actor, decided),
    }));
  }

  private childPage(
    request: CaseworkRequest,
    response: CaseworkResponse,
    form: Form | undefined,
    errors: readonly FieldError[],
  ): Promise<void> {
    return this.answer.send(request, response, 'new-request/child.view.njk', {
      title: 'Who is the request about?',
      errors,
      value: values(form),
      kept: form === undefined ? [] : kept(form, childFields),
      back: { href: '/' },
    });
  }

  private duplicatesPage(
    request: CaseworkRequest,
    response: CaseworkResponse,
    form: Form,
    possible: Possible,
    errors: readonly FieldError[],
  ): Promise<void> {
    return this.answer.send(request, response, 'new-request/duplicates.view.njk', {
      title: 'Is this a child we know?',
      possible: possible.shown,
      hidden: possible.hidden.length,
      errors,
      value: values(form),
      kept: kept(form, ['decided', 'why']),
    });
  }

  private async peoplePage(
    request: CaseworkRequest,
    response: CaseworkResponse,
    typed: Form,
    actor: Actor,
    errors: readonly FieldError[],
    addAsker = false,
  ): Promise<void> {
    const online = await this.onlineOf(typed, actor);
    if (online !== undefined && online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    const { settings, seniors, child } = await this.caseFile.within(actor, async (tx) => ({
      settings: await findSettings(tx, '', 500),
      seniors: (await staffOn(tx, this.clock.today())).filter(
        (one) => one.roles.includes('SM') && one.id !== actor.staffId,
      ),
      child: await this.known(tx, actor, typed.text('decided')),
    }));
    const answers = online === undefined ? undefined : await this.desk.read(actor, online.id);
    const known = child !== undefined;
    const mayAdd = child?.works !== false;
    const form =
      online === undefined || answers === undefined || (typed.text('from') !== '' && !addAsker)
        ? typed
        : new Form({
            ...values(typed),
            ...askerTyped(online, answers, settings, !known || addAsker),
          });
    const receive = this.engine.workflow('needs-assessment').commands.find('receiveRequest');
    const fields = receive?.fields ?? {};
    const options = (name: string) =>
      fields[name]?.kind === 'choice'
        ? Object.entries(fields[name].options).map(([value, text]) => ({ value, text }))
        : [];
    await this.answer.send(request, response, 'new-request/people.view.njk', {
      title: 'The request and the people around the child',
      errors,
      value: values(form),
      people: mayAdd ? peopleAsked(form) : [],
      mayAdd,
      settings,
      seniors,
      from: options('from'),
      how: options('how'),
      online:
        online === undefined || answers === undefined
          ? undefined
          : {
              ...online,
              asker: whoAsked(answers),
              setting: answers.setting,
              known,
              apart: !known && homeIsApart(answers),
            },
      kept: form
        .names()
        .filter(
          (name) =>
            !['_csrf', 'step', 'on', 'on-day', 'on-month', 'on-year', 'from', 'how', 'setting', 'note'].includes(
              name,
            ) && !peopleFields.test(name),
        )
        .map((name) => ({ name, value: form.text(name) })),
    });
  }
}

/** Records that may be of the same child, parted by what the person who enters the request may know. */
type Possible = { readonly shown: readonly PossibleDuplicate[]; readonly hidden: readonly PossibleDuplicate[] };

/** Nobody can say of a record that they may not see that it is another child's. */
const choicesOf = ({ shown, hidden }: Possible): string[] => [
  ...shown.map((one) => one.childId),
  hidden.length > 0 ? 'ask' : 'new',
];

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const withoutPeople = (form: Form): Form =>
  new Form(Object.fromEntries(Object.entries(values(form)).filter(([name]) => !peopleFields.test(name))));

/** Whatever else was typed goes along: nobody types anything twice. */
const kept = (form: Form, but: readonly string[]): { name: string; value: string }[] =>
  form
    .names()
    .filter((name) => !['_csrf', 'step', ...but].includes(name))
    .map((name) => ({ name, value: form.text(name) }));

const values = (form: Form | undefined): Record<string, string> =>
  Object.fromEntries((form?.names() ?? []).map((name) => [name, form?.text(name) ?? '']));
