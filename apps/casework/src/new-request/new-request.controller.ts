import { type Actor, giveGrant, staffOn } from '@send/access';
import {
  addChild,
  addNote,
  addPerson,
  AddressKeys,
  CaseFile,
  changeRelationship,
  childOf,
  confirmMatch,
  confirmNew,
  findOnlineRequest,
  findSettings,
  type OnlineAnswers,
  type OnlineRequest,
  peopleOn,
  type PossibleDuplicate,
  possibleDuplicates,
  protectAddress,
  raiseNotice,
  relate,
  setAddress,
  setContact,
  settleOnlineRequest,
} from '@send/case-file';
import { newId, type Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import type { Day } from '@send/statute';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Post, Query, Req, Res } from '@nestjs/common';
import { PageAnswer, worksOnCases } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { OnlineDesk } from '../online-requests/online-desk';
import { askerTyped, childTyped, homeApart, keptProtected, leftOpen, whoAsked, withOnline } from './from-online';
import { peopleAsked, peopleFields, readChild, type ReadChild, readPeople, type ReadPerson } from './request-form';

/** A request arrives: find the child first, then take the request in. Nothing is written before the last page. */
@Controller('requests')
export class NewRequestController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly keys: AddressKeys,
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
    const possible = await this.caseFile.within(actor, (tx) => possibleDuplicates(tx, read.child));
    if (possible.length > 0 && form.text('decided') === '')
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
    const possible = await this.caseFile.within(actor, (tx) => possibleDuplicates(tx, read.child));
    const decided = form.text('decided');
    const why = form.text('why');
    const errors: FieldError[] = [
      ...(decided === 'new' || possible.some((one) => one.childId === decided)
        ? []
        : [{ field: 'decided', message: 'Select the same child, or that this is a new child' }]),
      ...(why.length === 0
        ? [{ field: 'why', message: 'Enter how you know' }]
        : why.length > 5000
          ? [{ field: 'why', message: 'How you know must be 5,000 characters or fewer' }]
          : []),
    ];
    if (errors.length > 0) return this.duplicatesPage(request, response, form, possible, errors);
    return this.peoplePage(request, response, form, actor, []);
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
    if ('errors' in read)
      return 'childErrors' in read
        ? this.childPage(request, response, form, read.errors)
        : this.peoplePage(request, response, form, actor, read.errors);
    await this.answer.send(request, response, 'new-request/check.view.njk', {
      title: 'Check before you enter this request',
      ...read,
      kept: kept(form, ['key']),
      key: form.text('key') || `request:${newId()}`,
      known: read.decided !== 'new' && read.decided !== '',
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
    const before = await this.entered(actor, key);
    if (before !== undefined) return response.redirect(HttpStatus.SEE_OTHER, before);
    const online = await this.onlineOf(form, actor);
    if (online !== undefined && online.outcome !== null) return this.desk.settledPage(actor, request, response, online);
    const read = await this.readAll(form, actor, online);
    if ('errors' in read)
      return 'childErrors' in read
        ? this.childPage(request, response, form, read.errors)
        : this.peoplePage(request, response, form, actor, read.errors);
    const outcome = await this.caseFile
      .within(actor, async (tx) => {
        // Whoever opens the same request in the same moment waits here, and then finds it opened.
        if (online !== undefined && (await findOnlineRequest(tx, online.id, true))?.outcome !== null)
          throw new OpenedBefore();
        const childId = await this.childFor(tx, actor, read);
        const begun = await this.engine.begin(
          'needs-assessment',
          childId,
          { command: 'receiveRequest', key, fields: read.fields },
          actor,
          { tx },
        );
        // What cannot begin is not half written: the whole transaction goes.
        if (!begun.done)
          throw new NotBegun('refusal' in begun ? begun.refusal.message : 'It waits for a second person');
        if (online !== undefined) {
          const opened = { outcome: 'opened', childId, runId: begun.runId } as const;
          await settleOnlineRequest(tx, actor, online.id, opened, this.clock.now());
        }
        return { childId, factId: begun.factId };
      })
      .catch((failure: unknown) => {
        if (failure instanceof NotBegun || failure instanceof OpenedBefore) return failure;
        throw failure;
      });
    if (outcome instanceof OpenedBefore) {
      // The second press of one button is told what the first one did; another person is told who was quicker.
      const own = await this.entered(actor, key);
      if (own !== undefined) return response.redirect(HttpStatus.SEE_OTHER, own);
      return this.desk.settledPage(actor, request, response, await this.desk.find(actor, online?.id ?? ''));
    }
    if (outcome instanceof NotBegun) {
      return this.answer.send(
        request,
        response,
        'refused.view.njk',
        {
          title: 'The request was not entered',
          lines: [`${outcome.message}.`],
          kept: [...kept(form, ['key']), { name: 'step', value: 'people' }],
          keptFor: '/requests/check',
          onward: { text: 'Start again', href: '/requests' },
        },
        409,
      );
    }
    response.redirect(HttpStatus.SEE_OTHER, `/cases/${outcome.childId}/recorded/${outcome.factId}`);
  }

  private async childFor(tx: Tx, actor: Actor, read: ReadAll): Promise<string> {
    const { on, child, decided, why } = read;
    const possible = await possibleDuplicates(tx, child);
    if (decided !== '' && decided !== 'new') {
      await confirmMatch(tx, decided, possible, why);
      await giveGrant(tx, {
        staffId: actor.staffId,
        childId: decided,
        kind: 'assigned',
        from: on < this.clock.today() ? on : this.clock.today(),
      });
      await this.addPeople(tx, actor, decided, read);
      await this.addOnline(tx, actor, decided, read, true);
      return decided;
    }
    const made = await addChild(tx, {
      firstNames: child.firstNames,
      lastName: child.lastName,
      dateOfBirth: child.dateOfBirth,
      from: on,
      settingId: read.settingId,
      team: actor.team,
      caseworkerId: actor.staffId,
      ...(child.upn === undefined ? {} : { upn: child.upn }),
      ...(child.nhsNumber === undefined ? {} : { nhsNumber: child.nhsNumber }),
      ...(child.knownAs === undefined ? {} : { knownAs: child.knownAs }),
    });
    if (possible.length > 0) await confirmNew(tx, made.id, possible, why);
    await giveGrant(tx, { staffId: actor.staffId, childId: made.id, kind: 'assigned', from: on });
    for (const colleague of await staffOn(tx, this.clock.today()))
      if (actor.team !== null && colleague.team === actor.team && colleague.id !== actor.staffId)
        await giveGrant(tx, { staffId: colleague.id, childId: made.id, kind: 'team', from: on });
    await this.addPeople(tx, actor, made.id, read);
    const home = homeOf(read.people);
    if (home !== undefined && !read.people.some((one) => one.relationship === 'self'))
      await setAddress(tx, made.personId, home, on);
    await this.addOnline(tx, actor, made.id, read, false);
    return made.id;
  }

  /** What came online and stands in no field of this form. */
  private async addOnline(
    tx: Tx,
    actor: Actor,
    childId: string,
    { online, on, people }: ReadAll,
    known: boolean,
  ): Promise<void> {
    if (online === undefined) return;
    const { answers, request } = online;
    if (answers.worries !== undefined)
      await addNote(tx, {
        childId,
        kind: answers.askedBy === 'parent' || answers.askedBy === 'young-person' ? 'family-views' : 'note',
        text: answers.worries,
        happenedOn: on,
        onBehalfOf: whoAsked(answers),
      });
    if (known) {
      // A record that others wrote is not changed by what somebody sent who is not known yet.
      if (answers.addressProtected)
        await raiseNotice(tx, {
          key: `online-request-protected:${request.id}`,
          kind: 'task',
          text: `Online request ${request.reference} asks that an address is not shared. Check that it is protected on this case.`,
          staffId: actor.staffId,
          childId,
        });
      return;
    }
    const apart = homeApart(answers);
    if (apart === undefined) return;
    const { personId } = await childOf(tx, childId);
    if (!answers.addressProtected) {
      if (homeOf(people) === undefined)
        await setAddress(tx, personId, { lines: [...apart.lines], postcode: apart.postcode }, on);
      return;
    }
    const done = await protectAddress(tx, actor, this.keys, {
      personId,
      address: apart,
      reason: keptProtected(request),
      confirmedBy: people[0]?.secondPerson ?? '',
      on,
    });
    if (!done.done) throw new NotBegun(done.refused.replace(/\.$/, ''));
  }

  private async addPeople(tx: Tx, actor: Actor, childId: string, { people, on }: ReadAll): Promise<void> {
    for (const person of people) {
      const personId =
        person.relationship === 'self'
          ? await this.youngPersonThemselves(tx, childId, person, on)
          : await this.addBeside(tx, childId, person, on);
      if (person.protect !== undefined && person.address !== undefined) {
        const done = await protectAddress(tx, actor, this.keys, {
          personId,
          address: person.address,
          reason: person.protect.reason,
          confirmedBy: person.protect.confirmedBy,
          on,
        });
        if (!done.done) throw new NotBegun(done.refused.replace(/\.$/, ''));
      }
    }
  }

  private async addBeside(tx: Tx, childId: string, person: ReadPerson, on: Day): Promise<string> {
    const personId = await addPerson(tx, {
      kind: 'adult',
      firstNames: person.firstNames,
      lastName: person.lastName,
      title: person.title,
      from: on,
      ...(person.address === undefined || person.protect !== undefined ? {} : { address: person.address }),
      ...(person.phone === undefined ? {} : { phone: person.phone }),
      ...(person.email === undefined ? {} : { email: person.email }),
    });
    await relate(tx, {
      childId,
      personId,
      kind: person.relationship,
      fromDay: on,
      parentalResponsibility: person.responsibility,
      safeChannel: person.channel,
      emailAgreed: person.channel === 'email',
      ...(person.limits === undefined ? {} : { limits: person.limits }),
      ...(person.evidence === undefined ? {} : { evidenceSeen: person.evidence }),
      ...(person.secondPerson === undefined ? {} : { confirmedBy: person.secondPerson }),
      ...(person.interpreter === undefined ? {} : { interpreter: person.interpreter }),
      format: person.format,
    });
    return personId;
  }

  /** A young person who asks is on record as the child of the case, and is written to there. */
  private async youngPersonThemselves(tx: Tx, childId: string, person: ReadPerson, on: Day): Promise<string> {
    const { personId } = await childOf(tx, childId);
    const { address, phone, email, protect, channel, format, interpreter } = person;
    if (address !== undefined && protect === undefined) await setAddress(tx, personId, address, on);
    if (phone !== undefined) await setContact(tx, personId, 'phone', phone, on);
    if (email !== undefined) await setContact(tx, personId, 'email', email, on);
    const own = (await peopleOn(tx, childId, on)).find((one) => one.relationship.kind === 'self');
    if (own !== undefined)
      await changeRelationship(
        tx,
        own.relationship.id,
        {
          safeChannel: channel,
          emailAgreed: channel === 'email',
          format,
          ...(interpreter === undefined ? {} : { interpreter }),
        },
        on,
      );
    return personId;
  }

  /** The page that an earlier press of the same button led to. */
  private async entered(actor: Actor, key: string): Promise<string | undefined> {
    const [before] = await this.caseFile.within(actor, (tx) =>
      tx.query<{ child_id: string; id: string }>(
        'select r.child_id, f.id from engine.fact f join engine.run r on r.id = f.run_id where f.command_key = $1',
        [key],
      ),
    );
    return before === undefined ? undefined : `/cases/${before.child_id}/recorded/${before.id}`;
  }

  private async onlineOf(form: Form, actor: Actor): Promise<OnlineRequest | undefined> {
    return form.text('online') === '' ? undefined : this.desk.find(actor, form.text('online'));
  }

  private async readAll(
    typed: Form,
    actor: Actor,
    request: OnlineRequest | undefined,
  ): Promise<ReadAll | { errors: FieldError[]; childErrors?: true }> {
    const online =
      request === undefined
        ? undefined
        : { request, answers: await this.desk.read(actor, request.id, keptProtected(request)) };
    const form = online === undefined ? typed : withOnline(typed, online.request, online.answers);
    const today = this.clock.today();
    const child = readChild(form, today);
    if ('errors' in child) return { errors: child.errors, childErrors: true };
    const { settings, seniors, possible } = await this.choices(actor, child.child);
    const decided = form.text('decided');
    if (decided !== '' && decided !== 'new' && !possible.some((one) => one.childId === decided))
      throw new NotFoundException();
    const read = readPeople(form, child.child, today, {
      settings: settings.map((one) => one.id),
      seniors: seniors.map((one) => one.id).filter((id) => id !== actor.staffId),
      peopleNeeded: decided === '' || decided === 'new',
    });
    if ('errors' in read) return read;
    const unprotected =
      online === undefined ? [] : leftOpen(form, online.answers, decided === '' || decided === 'new', read.people);
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
      online,
      setting: settings.find((one) => one.id === read.settingId)?.name ?? 'None',
    };
  }

  private choices(
    actor: Actor,
    child: ReadChild,
  ): Promise<{
    settings: { id: string; name: string }[];
    seniors: { id: string; name: string }[];
    possible: PossibleDuplicate[];
  }> {
    return this.caseFile.within(actor, async (tx) => ({
      settings: await findSettings(tx, '', 500),
      seniors: (await staffOn(tx, this.clock.today())).filter((one) => one.roles.includes('SM')),
      possible: await possibleDuplicates(tx, child),
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
    possible: readonly PossibleDuplicate[],
    errors: readonly FieldError[],
  ): Promise<void> {
    return this.answer.send(request, response, 'new-request/duplicates.view.njk', {
      title: 'Is this a child we know?',
      possible,
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
    const { settings, seniors } = await this.caseFile.within(actor, async (tx) => ({
      settings: await findSettings(tx, '', 500),
      seniors: (await staffOn(tx, this.clock.today())).filter(
        (one) => one.roles.includes('SM') && one.id !== actor.staffId,
      ),
    }));
    const answers = online === undefined ? undefined : await this.desk.read(actor, online.id);
    const known = typed.text('decided') !== '' && typed.text('decided') !== 'new';
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
      title: 'The request, and who is beside the child',
      errors,
      value: values(form),
      people: peopleAsked(form),
      settings,
      seniors,
      from: options('from'),
      how: options('how'),
      online:
        online === undefined || answers === undefined
          ? undefined
          : { ...online, asker: whoAsked(answers), setting: answers.setting, known },
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

interface ReadAll {
  readonly online: { readonly request: OnlineRequest; readonly answers: OnlineAnswers } | undefined;
  readonly on: Day;
  readonly child: ReadChild;
  readonly decided: string;
  readonly why: string;
  readonly people: readonly ReadPerson[];
  readonly settingId: string | null;
  readonly setting: string;
  readonly fields: Record<string, unknown>;
}

/** The child's open address. A child who lives with somebody whose address is not to be shared has none. */
function homeOf(people: readonly ReadPerson[]): ReadPerson['address'] {
  const beside = people.filter((one) => one.livesWithChild && one.address !== undefined);
  return beside.some((one) => one.protect !== undefined) ? undefined : beside[0]?.address;
}

class NotBegun extends Error {}

/** Somebody was quicker with the same online request. */
class OpenedBefore extends Error {}

const childFields = [
  'firstNames',
  'lastName',
  'knownAs',
  'born-day',
  'born-month',
  'born-year',
  'upn',
  'nhsNumber',
  'postcode',
];

/** Whatever else was typed goes along: nobody types anything twice. */
const kept = (form: Form, but: readonly string[]): { name: string; value: string }[] =>
  form
    .names()
    .filter((name) => !['_csrf', 'step', ...but].includes(name))
    .map((name) => ({ name, value: form.text(name) }));

const values = (form: Form | undefined): Record<string, string> =>
  Object.fromEntries((form?.names() ?? []).map((name) => [name, form?.text(name) ?? '']));
