import { type Actor, giveGrant, staffOn } from '@send/access';
import {
  addChild,
  addNote,
  addPerson,
  AddressKeys,
  askSecondPerson,
  CaseFile,
  changeRelationship,
  childOf,
  confirmMatch,
  confirmNew,
  findOnlineRequest,
  isProtectedPlace,
  type OnlineAnswers,
  type OnlineRequest,
  peopleOn,
  possibleDuplicates,
  protectAddress,
  relate,
  setAddress,
  setContact,
  settleOnlineRequest,
} from '@send/case-file';
import { sqlState, type Tx } from '@send/database';
import { type Clock, Engine, type Outcome } from '@send/engine';
import { type Day, formatDay } from '@send/statute';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../frame/surroundings';
import { askedByWords, homeApart, keptProtected, keptSealed, originOf, whoAsked } from './from-online';
import { furtherKey, type KnownChild, knownChild, noteFurther, tellCase, tellSeniors } from './known-child';
import { type ReadChild, type ReadPerson, waitsForSecond } from './request-form';

/** Everything that the pages asked, read and found right. */
export interface ReadAll {
  readonly online: { readonly request: OnlineRequest; readonly answers: OnlineAnswers } | undefined;
  readonly on: Day;
  readonly child: ReadChild;
  readonly decided: string;
  readonly why: string;
  /** Records that were shown and found to be of other children. */
  readonly considered: readonly string[];
  readonly people: readonly ReadPerson[];
  readonly settingId: string | null;
  readonly setting: string;
  readonly seniors: readonly { readonly id: string; readonly name: string }[];
  /** Undefined for a child who has no record yet. */
  readonly known: KnownChild | undefined;
  readonly fields: Record<string, unknown>;
}

type Entered = { readonly page: string } | { readonly refused: string } | { readonly openedBefore: string };

/** Writes a request in one transaction: the child, whoever is beside them, the case, and what became of the online request. */
@Injectable()
export class RequestEntry {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly keys: AddressKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The page that an earlier press of the same button led to. */
  before(actor: Actor, key: string): Promise<string | undefined> {
    return this.caseFile.within(actor, (tx) => this.pageOf(tx, actor, key));
  }

  private async pageOf(tx: Tx, actor: Actor, key: string): Promise<string | undefined> {
    const [before] = await tx.query<{ child_id: string; id: string | null; seq: number }>(
      `select r.child_id, f.id, f.seq from engine.fact f join engine.run r on r.id = f.run_id where f.command_key = $1
       union all select child_id, null, 2 from case_file.notice
         where child_id is not null and key = any(select $2 union all select $2 || ':' || id from access.staff)
       limit 1`,
      [key, furtherKey(key)],
    );
    if (before === undefined) return undefined;
    const { opens } = await knownChild(tx, actor, before.child_id, this.clock.today());
    if (before.seq === 1 && opens) return `/cases/${before.child_id}/recorded/${before.id ?? ''}`;
    const as = before.seq > 1 ? 'joined' : 'passed-on';
    return `/requests/entered?as=${as}${opens ? `&case=${before.child_id}` : ''}`;
  }

  async enter(actor: Actor, read: ReadAll, key: string): Promise<Entered> {
    const online = read.online?.request;
    try {
      return await this.caseFile.within(actor, async (tx) => {
        // Whoever opens the same request in the same moment waits here, and then finds it opened.
        if (online !== undefined && (await findOnlineRequest(tx, online.id, true))?.outcome !== null)
          throw new OpenedBefore();
        const childId = await this.childFor(tx, actor, read, key);
        const known = read.known && (await knownChild(tx, actor, childId, this.clock.today()));
        const runId = known?.open
          ? await this.join(tx, actor, childId, known.open, read, key)
          : await this.begin(tx, actor, childId, read, key);
        if (online !== undefined)
          await settleOnlineRequest(tx, actor, online.id, { outcome: 'opened', childId, runId }, this.clock.now());
        if (known !== undefined && known.open === undefined && !known.works)
          await tellCase(
            tx,
            childId,
            {
              key: `entered-request:${key}`,
              text: `${called(read)} was received on ${formatDay(read.on)} and put on record by ${actor.name}, who does not work on this case.`,
            },
            this.clock.today(),
          );
        return { page: (await this.pageOf(tx, actor, key)) ?? '/requests' };
      });
    } catch (failure) {
      if (failure instanceof NotBegun) return { refused: failure.message };
      const twice = failure instanceof EnteredBefore || sqlState(failure) === '23505';
      if (!twice && !(failure instanceof OpenedBefore)) throw failure;
      // The second press of one button is told what the first one did; another person is told who was quicker.
      const page = await this.before(actor, key);
      if (page !== undefined) return { page };
      if (twice || online === undefined) throw failure;
      return { openedBefore: online.id };
    }
  }

  /** Somebody who may not know of a record that may be this child's asks those who may. False where there is nobody. */
  askSenior(actor: Actor, child: ReadChild, online: OnlineRequest | undefined, about: readonly string[], why: string) {
    const today = this.clock.today();
    const who = `${child.firstNames} ${child.lastName}, born ${formatDay(child.dateOfBirth)}`;
    const text =
      online === undefined
        ? `A request about ${who}, reached ${actor.name}: a record that they may not open may be of this child. Ask them for the request and enter it. It counts from the day it arrived. They say: ${why}`
        : `Online request ${online.reference}, received on ${formatDay(online.receivedOn)}, may be about a child whose record ${actor.name} may not open. Open it and match it. They say: ${why}`;
    const key = `match-request:${online?.id ?? `${actor.staffId}:${who}`}`;
    return this.caseFile.within(actor, (tx) => tellSeniors(tx, { key, text }, about, today));
  }

  private async begin(tx: Tx, actor: Actor, childId: string, read: ReadAll, key: string): Promise<string> {
    const given = { command: 'receiveRequest', key, fields: read.fields };
    const begun = await this.engine.begin('needs-assessment', childId, given, actor, { tx, takenIn: true });
    // What cannot begin is not half written: the whole transaction goes.
    if (!begun.done) throw new NotBegun(whyNot(begun));
    return begun.runId;
  }

  /** No second assessment beside one that is open: the further request goes on record there, and the first one's day stays. */
  private async join(
    tx: Tx,
    actor: Actor,
    childId: string,
    { runId, since }: { runId: string; since: Day },
    read: ReadAll,
    key: string,
  ): Promise<string> {
    let placed = true;
    // An earlier day would become the day of the whole assessment without anybody having decided that.
    if (read.on >= since) {
      const given = { command: 'receiveRequest', key, fields: read.fields };
      const recorded = await this.engine.record(runId, given, actor, { tx, takenIn: true });
      if (!recorded.done) throw new NotBegun(whyNot(recorded));
      ({ placed } = recorded);
    }
    const note = typeof read.fields['note'] === 'string' ? read.fields['note'] : '';
    const from = askedByWords[String(read.fields['from'])] ?? 'someone else';
    const further = { key, on: read.on, from, called: called(read), note, placed };
    await noteFurther(tx, childId, since, further, this.clock.today());
    return runId;
  }

  private async childFor(tx: Tx, actor: Actor, read: ReadAll, key: string): Promise<string> {
    const { on, child, decided, why, considered } = read;
    const possible = await possibleDuplicates(tx, child);
    if (decided !== '' && decided !== 'new') {
      // Entering a request gives nobody a case: who works on it is for its caseworker and the seniors to say.
      const known = await knownChild(tx, actor, decided, this.clock.today(), true);
      // The second press of the button waited for the first one.
      if ((await this.pageOf(tx, actor, key)) !== undefined) throw new EnteredBefore();
      await confirmMatch(tx, decided, possible, why);
      if (known.works) await this.addPeople(tx, actor, decided, read);
      await this.addOnline(tx, actor, decided, read, true);
      return decided;
    }
    if (possible.some((one) => !considered.includes(one.childId)))
      throw new NotBegun('A child like this one was entered a moment ago');
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
    const today = this.clock.today();
    const views = answers.askedBy === 'parent' || answers.askedBy === 'young-person';
    const sealed = keptSealed(answers);
    if (answers.worries !== undefined && !sealed.includes('worries'))
      await addNote(tx, {
        childId,
        kind: views ? 'family-views' : 'note',
        text: answers.worries,
        happenedOn: on,
        ...(sealed.includes('asker') ? {} : { onBehalfOf: whoAsked(answers) }),
      });
    await addNote(tx, { childId, text: originOf(request, answers, known), happenedOn: on });
    if (sealed.length > 0)
      await tellCase(
        tx,
        childId,
        {
          key: `online-request-sealed:${request.id}`,
          text: `What was written in online request ${request.reference} names an address that is not to be shared, and is kept sealed. Read it from People, with a reason, and write down only what others may know.`,
        },
        today,
      );
    if (known) {
      // A record that others wrote is not changed by what somebody sent who is not known yet.
      if (answers.addressProtected)
        await tellCase(
          tx,
          childId,
          {
            key: `online-request-protected:${request.id}`,
            text: `Online request ${request.reference} asks that an address is not shared. Check that it is protected on this case.`,
          },
          today,
        );
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
      on,
    });
    if (!done.done) throw new NotBegun(done.refused.replace(/\.$/, ''));
    await askSecondPerson(tx, { childId, personId, on: this.clock.today() }, 'protection', people[0]?.toConfirm);
  }

  private async addPeople(tx: Tx, actor: Actor, childId: string, { people, on }: ReadAll): Promise<void> {
    for (const person of people) {
      if (person.address !== undefined && person.protect === undefined) {
        const place = { childId, postcode: person.address.postcode, on: this.clock.today() };
        if (await isProtectedPlace(tx, this.keys, place))
          throw new NotBegun(
            'One of the addresses is the place of an address that is not to be shared for somebody in this case. Say that it is not to be shared either, or leave it out',
          );
      }
      const personId =
        person.relationship === 'self'
          ? await this.youngPersonThemselves(tx, childId, person, on)
          : await this.addBeside(tx, childId, person, on);
      if (person.protect !== undefined && person.address !== undefined) {
        const done = await protectAddress(tx, actor, this.keys, {
          personId,
          address: person.address,
          reason: person.protect.reason,
          on,
        });
        if (!done.done) throw new NotBegun(done.refused.replace(/\.$/, ''));
      }
      // Nobody's word but their own counts as the second one: whoever is named here is asked, and has said nothing yet.
      const about = { childId, personId, on: this.clock.today() };
      if (waitsForSecond(person)) await askSecondPerson(tx, about, 'responsibility', person.toConfirm);
      if (person.protect !== undefined) await askSecondPerson(tx, about, 'protection', person.toConfirm);
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
}

const whyNot = (outcome: Outcome): string =>
  'refusal' in outcome ? outcome.refusal.message : 'It waits for a second person';

const called = ({ online }: ReadAll): string =>
  online === undefined ? 'A request for an assessment' : `Online request ${online.request.reference}`;

/** The child's open address. A child who lives with somebody whose address is not to be shared has none. */
function homeOf(people: readonly ReadPerson[]): ReadPerson['address'] {
  const beside = people.filter((one) => one.livesWithChild && one.address !== undefined);
  return beside.some((one) => one.protect !== undefined) ? undefined : beside[0]?.address;
}

class NotBegun extends Error {}

/** The same button was pressed twice, and this is the second. */
class EnteredBefore extends Error {}

/** Somebody was quicker with the same online request. */
class OpenedBefore extends Error {}
