import {
  accessEntities,
  type Actor,
  addStaff,
  giveGrant,
  identityOf,
  type LetterDetails,
  saveAuthority,
} from '@send/access';
import {
  addAdviser,
  addChild,
  addPerson,
  AddressKeys,
  addSetting,
  caseFileEntities,
  type Child,
  relate,
  setAddress,
} from '@send/case-file';
import { CaseCorrespondence, LetterDesk } from '@send/correspondence';
import { newId, type Tx } from '@send/database';
import { Engine, type Outcome, SetClock } from '@send/engine';
import { processes, workflows } from '@send/workflows';
import { openTestDatabase, type TestDatabase } from '../database';

/** An invented authority's letter details: every number and domain is one that nobody can have. */
export const letterDetails: LetterDetails = {
  serviceName: 'SEND service',
  addressLines: ['County Hall', 'Station Road', 'Levelham', 'LV1 1AA'],
  phone: '01632 960100',
  email: 'send@levelshire.example',
  website: 'www.levelshire.example/send',
  localOfferUrl: 'https://www.levelshire.example/local-offer',
  complaintsUrl: 'https://www.levelshire.example/complaints',
  openingHours: 'Monday to Friday, 9am to 5pm',
  sendiass: {
    name: 'SENDIASS Levelshire',
    phone: '01632 960900',
    email: 'advice@sendiass.example',
    website: 'www.sendiass.example',
  },
  mediationAdviser: { name: 'Meadow Mediation', phone: '01632 960555', email: 'help@meadow.example' },
  mediationContact: { name: 'Mediation officer', phone: '01632 960556', email: 'mediation@levelshire.example' },
  disagreementResolution: { name: 'Common Ground', contact: '01632 960777' },
};

export const testKeys = new AddressKeys('k1', {
  k1: Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 37) % 251)).toString('base64'),
});

export interface Family {
  readonly child: Child;
  readonly settingId: string;
  readonly parents: readonly {
    readonly personId: string;
    readonly relationshipId: string;
    readonly postcode: string;
  }[];
  readonly advisers: Readonly<Record<'health' | 'social' | 'psychology', string>>;
}

/** A small authority on a database of its own, with an engine, a desk for its letters and a clock that is moved by hand. */
export class CaseWorld {
  private people = 0;

  private constructor(
    readonly test: TestDatabase,
    readonly clock: SetClock,
    readonly engine: Engine,
    readonly desk: LetterDesk,
    readonly caseworker: Actor,
    readonly senior: Actor,
    readonly administrator: Actor,
  ) {}

  static async open(at = '2027-01-11', authority = 'levelshire'): Promise<CaseWorld> {
    const test = await openTestDatabase({ entities: [...accessEntities, ...caseFileEntities] });
    const clock = new SetClock(new Date(`${at}T09:00:00Z`));
    const { database } = test;
    const engine = new Engine(database, processes, new CaseCorrespondence(database), clock);
    const desk = new LetterDesk({ database, workflows, keys: testKeys, clock });
    const setUp = { authority, actor: 'set-up' };
    await database.transaction(setUp, (tx) =>
      saveAuthority(tx, { name: 'Levelshire County Council', number: '999', referencePrefix: 'LEV', letterDetails }),
    );
    const staff = async (name: string, roles: Actor['roles']): Promise<Actor> => {
      const team = 'North';
      const staffId = await database.transaction(setUp, (tx) =>
        addStaff(tx, {
          name,
          email: `${name.toLowerCase().replace(' ', '.')}@levelshire.example`,
          roles: [...roles],
          team,
          activeFrom: '2020-01-01',
        }),
      );
      return { staffId, name, authority, roles, team };
    };
    return new CaseWorld(
      test,
      clock,
      engine,
      desk,
      await staff('Dana Whitlock', ['CW']),
      await staff('Sam Okafor', ['SM']),
      await staff('Ari Stone', ['AD']),
    );
  }

  as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.test.database.transaction(identityOf(actor), work);
  }

  /** A child of nine with parents at addresses of their own, a school, a commissioner, a social worker's team and a psychologist. */
  async family(parents = 1, childHasAddress = true): Promise<Family> {
    const number = ++this.people;
    return this.as(this.caseworker, async (tx) => {
      const settingId = await addSetting(tx, {
        name: `Invented Primary ${number}`,
        kind: 'community school',
        addressLines: ['School Lane', 'Levelham'],
        postcode: 'LV2 2AA',
      });
      const child = await addChild(tx, {
        from: '2026-12-01',
        firstNames: 'Rowan',
        lastName: `Invented${number}`,
        dateOfBirth: '2017-03-12',
        settingId,
        caseworkerId: this.caseworker.staffId,
        team: 'North',
        lookedAfter: false,
      });
      if (childHasAddress)
        await setAddress(
          tx,
          child.personId,
          { lines: [`${number} Home Street`, 'Levelham'], postcode: 'LV3 1AB' },
          '2020-01-01',
        );
      await giveGrant(tx, {
        staffId: this.caseworker.staffId,
        childId: child.id,
        kind: 'assigned',
        from: '2026-01-01',
      });
      const made: { personId: string; relationshipId: string; postcode: string }[] = [];
      for (let one = 0; one < parents; one += 1) {
        const postcode = `LV4 ${one + 1}QT`;
        const personId = await addPerson(tx, {
          kind: 'adult',
          title: 'Ms',
          firstNames: one === 0 ? 'Ruth' : 'Priya',
          lastName: `Invented${number}`,
          from: '2020-01-01',
          address: { lines: [`${number}${one + 1} Millbrook Close`, 'Levelham'], postcode },
        });
        const relationshipId = await relate(tx, {
          childId: child.id,
          personId,
          kind: 'parent',
          fromDay: '2020-01-01',
          parentalResponsibility: 'yes',
          confirmedBy: this.senior.staffId,
        });
        made.push({ personId, relationshipId, postcode });
      }
      const adviser = (kind: 'health-commissioner' | 'social-care' | 'educational-psychology', name: string) =>
        addAdviser(tx, {
          kind,
          name,
          role: name.toLowerCase(),
          organisation: 'Levelham Services',
          addressLines: ['Mill Lane'],
          postcode: 'LV5 1AA',
          fromDay: '2020-01-01',
        });
      const known = await tx.query<{ id: string; kind: string }>('select id, kind from case_file.adviser');
      const of = async (kind: 'health-commissioner' | 'social-care' | 'educational-psychology', name: string) =>
        known.find((one) => one.kind === kind)?.id ?? adviser(kind, name);
      return {
        child,
        settingId,
        parents: made,
        advisers: {
          health: await of('health-commissioner', 'Health commissioner'),
          social: await of('social-care', 'Social care team'),
          psychology: await of('educational-psychology', 'Psychology service'),
        },
      };
    });
  }

  /** Enters a request that the parent made, on the clock's day. */
  async request(family: Family, on = this.clock.today()): Promise<string> {
    const begun = done(
      await this.engine.begin(
        'needs-assessment',
        family.child.id,
        { command: 'receiveRequest', key: newId(), fields: { on, from: 'parent' } },
        this.caseworker,
      ),
    );
    return begun.runId;
  }

  async act(runId: string, command: string, fields: Record<string, unknown> = {}, actor: Actor = this.senior) {
    return done(
      await this.engine.act(runId, { command, key: newId(), fields: { on: this.clock.today(), ...fields } }, actor),
    );
  }

  /** Letters of a run, oldest first. */
  letters(runId: string): Promise<
    {
      id: string;
      letter: string;
      status: string;
      recipient: string;
      problem: string | null;
      sent_on: string | null;
      reference: string;
    }[]
  > {
    return this.test.ownerQuery(
      'select id, letter, status, recipient, problem, sent_on::text, reference from letters.letter where run_id = $1 order by id',
      [runId],
    );
  }

  async deadline(runId: string, duty: string): Promise<{ met_on: string | null; due_by: string | null } | undefined> {
    const [row] = await this.test.ownerQuery<{ met_on: string | null; due_by: string | null }>(
      'select met_on::text, due_by::text from engine.deadline where run_id = $1 and duty = $2',
      [runId, duty],
    );
    return row;
  }

  close(): Promise<void> {
    return this.test.close();
  }
}

export function done(outcome: Outcome) {
  if (outcome.done) return outcome;
  throw new Error(
    'refusal' in outcome
      ? `${outcome.refusal.rule}: ${outcome.refusal.message} ${JSON.stringify(outcome.refusal.wrong)}`
      : `waits for ${outcome.waits.proposalId}`,
  );
}
