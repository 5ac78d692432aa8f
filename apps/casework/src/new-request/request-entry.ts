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
  raiseNotice,
  relate,
  setAddress,
  setContact,
  settleOnlineRequest,
} from '@send/case-file';
import type { Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import type { Day } from '@send/statute';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../frame/surroundings';
import { homeApart, keptProtected, whoAsked } from './from-online';
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
  async before(actor: Actor, key: string): Promise<string | undefined> {
    const [before] = await this.caseFile.within(actor, (tx) =>
      tx.query<{ child_id: string; id: string }>(
        'select r.child_id, f.id from engine.fact f join engine.run r on r.id = f.run_id where f.command_key = $1',
        [key],
      ),
    );
    return before === undefined ? undefined : `/cases/${before.child_id}/recorded/${before.id}`;
  }

  async enter(actor: Actor, read: ReadAll, key: string): Promise<Entered> {
    const online = read.online?.request;
    try {
      return await this.caseFile.within(actor, async (tx) => {
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
        return { page: `/cases/${childId}/recorded/${begun.factId}` };
      });
    } catch (failure) {
      if (failure instanceof NotBegun) return { refused: failure.message };
      if (!(failure instanceof OpenedBefore) || online === undefined) throw failure;
      // The second press of one button is told what the first one did; another person is told who was quicker.
      const page = await this.before(actor, key);
      return page === undefined ? { openedBefore: online.id } : { page };
    }
  }

  private async childFor(tx: Tx, actor: Actor, read: ReadAll): Promise<string> {
    const { on, child, decided, why, considered } = read;
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

/** The child's open address. A child who lives with somebody whose address is not to be shared has none. */
function homeOf(people: readonly ReadPerson[]): ReadPerson['address'] {
  const beside = people.filter((one) => one.livesWithChild && one.address !== undefined);
  return beside.some((one) => one.protect !== undefined) ? undefined : beside[0]?.address;
}

class NotBegun extends Error {}

/** Somebody was quicker with the same online request. */
class OpenedBefore extends Error {}
