import { type Actor, giveGrant, staffOn } from '@send/access';
import {
  addChild,
  addPerson,
  AddressKeys,
  CaseFile,
  confirmMatch,
  confirmNew,
  findSettings,
  type PossibleDuplicate,
  possibleDuplicates,
  protectAddress,
  relate,
  setAddress,
} from '@send/case-file';
import { newId, type Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import type { Day } from '@send/statute';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Post, Req, Res } from '@nestjs/common';
import { PageAnswer, worksOnCases } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { peopleAsked, peopleFields, readChild, type ReadChild, readPeople, type ReadPerson } from './request-form';

/** A request arrives: find the child first, then take the request in. Nothing is written before the last page. */
@Controller('requests')
export class NewRequestController {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly keys: AddressKeys,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  start(@Acting() actor: Actor, @Req() request: CaseworkRequest, @Res() response: CaseworkResponse): Promise<void> {
    if (!worksOnCases(actor)) throw new NotFoundException();
    return this.childPage(request, response, undefined, []);
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
    const read = await this.readAll(form, actor);
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
    const read = await this.readAll(form, actor);
    if ('errors' in read)
      return 'childErrors' in read
        ? this.childPage(request, response, form, read.errors)
        : this.peoplePage(request, response, form, actor, read.errors);
    const key = form.text('key');
    const [before] = await this.caseFile.within(actor, (tx) =>
      tx.query<{ child_id: string; id: string }>(
        'select r.child_id, f.id from engine.fact f join engine.run r on r.id = f.run_id where f.command_key = $1',
        [key],
      ),
    );
    if (before !== undefined)
      return response.redirect(HttpStatus.SEE_OTHER, `/cases/${before.child_id}/recorded/${before.id}`);
    const outcome = await this.caseFile
      .within(actor, async (tx) => {
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
        return { childId, factId: begun.factId };
      })
      .catch((failure: unknown) => {
        if (failure instanceof NotBegun) return failure;
        throw failure;
      });
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
    if (home !== undefined) await setAddress(tx, made.personId, home, on);
    return made.id;
  }

  private async addPeople(tx: Tx, actor: Actor, childId: string, { people, on }: ReadAll): Promise<void> {
    for (const person of people) {
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
      });
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

  private async readAll(form: Form, actor: Actor): Promise<ReadAll | { errors: FieldError[]; childErrors?: true }> {
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
    form: Form,
    actor: Actor,
    errors: readonly FieldError[],
  ): Promise<void> {
    const { settings, seniors } = await this.caseFile.within(actor, async (tx) => ({
      settings: await findSettings(tx, '', 500),
      seniors: (await staffOn(tx, this.clock.today())).filter(
        (one) => one.roles.includes('SM') && one.id !== actor.staffId,
      ),
    }));
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
