import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import { addChild, childOf } from './child';
import { Child } from './child.entity';
import { addAdvice, adviceOf } from './notes-and-advice';
import type { PlanVersion } from './papers.entity';
import { addPerson, peopleOn, relate } from './people';
import type { Person, RelationshipKind } from './people.entity';
import { addPlanVersion, freezePlan, plansOf, planVersionOf } from './plan-version';
import { addSetting } from './setting';
import { Setting } from './setting.entity';

/**
 * What goes with a child to another authority of the installation, as it was on the day. No address crosses: the family
 * has moved, and an address that was protected here must not be known there by our hand. Nor does anything that was
 * recorded about who may have letters: the new authority finds that out for itself.
 */
export interface Parcel {
  readonly child: Pick<
    Child,
    'firstNames' | 'lastName' | 'knownAs' | 'dateOfBirth' | 'sex' | 'upn' | 'nhsNumber' | 'primaryNeed' | 'demo'
  >;
  readonly people: readonly {
    readonly title: string | null;
    readonly firstNames: string;
    readonly lastName: string;
    readonly kind: RelationshipKind;
  }[];
  readonly setting: Pick<Setting, 'name' | 'urn' | 'kind' | 'phase' | 'addressLines' | 'postcode'> | null;
  readonly plan:
    | (Pick<PlanVersion, 'sections' | 'provision' | 'needs' | 'outcomes' | 'settingType' | 'issuedOn'> & {
        readonly named: Parcel['setting'];
      })
    | null;
  readonly advice: readonly {
    readonly adviceFrom: string;
    readonly authorName: string;
    readonly authorRole: string;
    readonly summaryNeed: string;
    readonly summaryProvision: string;
    readonly summaryOutcome: string;
    readonly receivedOn: Day;
  }[];
}

export interface CrossingKept {
  readonly childId: string;
  readonly runId: string;
}

/** Packed by the sender, from its own rows. With a plan: the version named, or the newest that was issued. */
export async function packParcel(
  tx: Tx,
  childId: string,
  what: 'plan' | 'assessment',
  on: Day,
  planVersionId?: string,
): Promise<Parcel> {
  const child = await childOf(tx, childId);
  const { firstNames, lastName, knownAs, dateOfBirth, sex, upn, nhsNumber, primaryNeed, demo } = child;
  const beside = (await peopleOn(tx, childId, on)).filter(({ relationship }) => relationship.kind !== 'self');
  const plan = what === 'plan' ? await planToSend(tx, childId, planVersionId) : null;
  return {
    child: { firstNames, lastName, knownAs, dateOfBirth, sex, upn, nhsNumber, primaryNeed, demo },
    people: beside
      .filter(({ person }) => person.kind === 'adult')
      .map(({ person, relationship }) => ({
        title: person.title,
        firstNames: person.firstNames,
        lastName: person.lastName,
        kind: relationship.kind,
      })),
    setting: await settingToSend(tx, child.settingId),
    plan:
      plan === null
        ? null
        : {
            sections: plan.sections,
            provision: plan.provision,
            needs: plan.needs,
            outcomes: plan.outcomes,
            settingType: plan.settingType,
            issuedOn: plan.issuedOn,
            named: await settingToSend(tx, plan.namedSettingId),
          },
    advice: (await adviceOf(tx, childId)).map((one) => ({
      adviceFrom: one.adviceFrom,
      authorName: one.authorName,
      authorRole: one.authorRole,
      summaryNeed: one.summaryNeed,
      summaryProvision: one.summaryProvision,
      summaryOutcome: one.summaryOutcome,
      receivedOn: one.receivedOn,
    })),
  };
}

async function planToSend(tx: Tx, childId: string, named: string | undefined): Promise<PlanVersion | null> {
  const one = named === undefined ? null : await planVersionOf(tx, named);
  if (one !== null && one.childId === childId) return one;
  return (await plansOf(tx, childId)).find(({ kind, frozenAt }) => kind !== 'draft' && frozenAt !== null) ?? null;
}

async function settingToSend(tx: Tx, id: string | null): Promise<Parcel['setting']> {
  const setting = id === null ? null : await tx.repository(Setting).findOneBy({ id });
  if (setting === null) return null;
  const { name, urn, kind, phase, addressLines, postcode } = setting;
  return { name, urn, kind, phase, addressLines, postcode };
}

/** Unpacked by the receiver, into rows of its own: a new record of the child, of the people beside it, and of the plan. */
export async function unpackParcel(
  tx: Tx,
  parcel: Parcel,
  on: Day,
  at: Date,
): Promise<{ childId: string; planVersion?: string }> {
  const settingId = await settingHere(tx, parcel.setting);
  const child = await addChild(tx, { ...parcel.child, settingId, from: on });
  for (const { kind, title, firstNames, lastName } of parcel.people) {
    const person: Pick<Person, 'kind' | 'firstNames' | 'lastName'> & { title?: string; from: Day } = {
      kind: 'adult',
      firstNames,
      lastName,
      from: on,
      ...(title === null ? {} : { title }),
    };
    await relate(tx, { childId: child.id, personId: await addPerson(tx, person), kind, fromDay: on });
  }
  for (const one of parcel.advice) await addAdvice(tx, { ...one, childId: child.id, requestId: newId() });
  if (parcel.plan === null) return { childId: child.id };
  const { named, issuedOn, ...content } = parcel.plan;
  const version = await addPlanVersion(tx, child.id, 'final', {
    ...content,
    namedSettingId: await settingHere(tx, named),
  });
  await freezePlan(tx, version.id, at, issuedOn ?? undefined);
  return { childId: child.id, planVersion: version.id };
}

/** Known by its number, or by its name where it has none; else it is new to us. */
async function settingHere(tx: Tx, setting: Parcel['setting']): Promise<string | null> {
  if (setting === null) return null;
  const { urn, name, postcode } = setting;
  const known = await tx
    .repository(Setting)
    .findOneBy(urn === null ? { name, ...(postcode === null ? {} : { postcode }) } : { urn });
  return known?.id ?? addSetting(tx, setting);
}

/** A delivery that came before: it is taken once. Deliveries alike wait for each other here. */
export async function crossingTaken(tx: Tx, delivery: string): Promise<CrossingKept | undefined> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('crossing ' || $1, 0))`, [delivery]);
  const [row] = await tx.query<CrossingKept>(
    'select child_id as "childId", run_id as "runId" from case_file.crossing where delivery = $1',
    [delivery],
  );
  return row;
}

export async function keepCrossing(
  tx: Tx,
  crossing: CrossingKept & {
    readonly delivery: string;
    readonly from: string;
    readonly what: 'plan' | 'assessment';
    readonly on: Day;
    readonly parcel: Parcel;
  },
): Promise<void> {
  const { delivery, from, what, on, parcel, childId, runId } = crossing;
  await tx.run(
    `insert into case_file.crossing (delivery, authority_id, from_authority, what, received_on, parcel, child_id, run_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [delivery, tx.identity.authority, from, what, on, JSON.stringify(parcel), childId, runId],
  );
}
