import { authorityOf, systemActor } from '@send/access';
import {
  Adviser,
  adviserOf,
  childOf,
  crossingTaken,
  fullName,
  keepCrossing,
  packParcel,
  type Parcel,
  raiseNotice,
  unpackParcel,
} from '@send/case-file';
import { newId, type Tx } from '@send/database';
import type { OutboxRow, RowEnd } from '@send/engine';
import type { RungTools } from './rung';

interface Delivery {
  readonly id: string;
  readonly what: 'plan' | 'assessment';
  readonly on: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly to: string;
  readonly madeOrReviewedOn: string | undefined;
  readonly parcel: Parcel;
}

/**
 * Carries a child’s case to another authority of this installation: packed under the sender’s identity, unpacked under the
 * receiver’s, in two transactions. No session reads both, and whatever runs twice takes it in once. An authority that is
 * not here has its letter, and nothing else is to be done.
 */
export async function carryAcross(tools: RungTools, row: OutboxRow): Promise<RowEnd> {
  const { database, engine, clock } = tools;
  const delivery = await database.transaction({ authority: row.authority, actor: 'system' }, (tx) => pack(tx, row));
  if (delivery === undefined) return { is: 'done' };
  const receiver = systemActor(delivery.to);
  await database.transaction({ authority: delivery.to, actor: receiver.staffId }, async (tx) => {
    if ((await crossingTaken(tx, delivery.id)) !== undefined) return;
    const { childId, planVersion } = await unpackParcel(tx, delivery.parcel, delivery.on, clock.now());
    const known = await tx.repository(Adviser).findOneBy({ inInstallation: delivery.from.id });
    const runId = newId();
    const { on, from, what } = delivery;
    const given =
      what === 'plan'
        ? {
            command: 'receivePlan',
            fields: {
              on,
              council: from.name,
              ...(delivery.madeOrReviewedOn === undefined ? {} : { madeOrReviewedOn: delivery.madeOrReviewedOn }),
              ...(known === null ? {} : { authority: known.id }),
              ...(planVersion === undefined ? {} : { planVersion }),
            },
          }
        : {
            command: 'receiveRequest',
            fields: { on, from: 'other', note: `Handed over by ${from.name}, whose assessment had not ended.` },
          };
    const begun = await engine.begin(
      what === 'plan' ? 'authority-transfer' : 'needs-assessment',
      childId,
      { ...given, key: `crossing:${delivery.id}` },
      receiver,
      { tx, runId, door: 'record' },
    );
    if (!begun.done)
      throw new Error(`The intake was refused: ${'refusal' in begun ? begun.refusal.rule : 'it waits for somebody'}`);
    await keepCrossing(tx, { delivery: delivery.id, from: from.id, what, on, parcel: delivery.parcel, childId, runId });
    const child = await childOf(tx, childId);
    await raiseNotice(tx, {
      key: `crossing:${delivery.id}`,
      kind: 'task',
      childId,
      runId,
      text: `${fullName(child)} has moved here: ${from.name} has sent ${what === 'plan' ? 'the plan' : 'an assessment that had not ended'}. Give the case to somebody, check that we do not know the child already, and record where the family lives and who has parental responsibility. Nothing is sent to the family until then.`,
      dueOn: clock.today(),
    });
  });
  return { is: 'done' };
}

async function pack(tx: Tx, row: OutboxRow): Promise<Delivery | undefined> {
  const { what, to, child, on, said } = row.payload as {
    what: 'plan' | 'assessment';
    to: string;
    child: string;
    on: string;
    said: Readonly<Record<string, unknown>>;
  };
  const receiver = (await adviserOf(tx, to))?.inInstallation ?? null;
  if (receiver === null) return undefined;
  const { id, name } = await authorityOf(tx);
  const text = (field: string): string | undefined => {
    const value = said[field];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    id: row.id,
    what,
    on,
    from: { id, name },
    to: receiver,
    madeOrReviewedOn: text('madeOrReviewedOn'),
    parcel: await packParcel(tx, child, what, on, text('planVersion')),
  };
}
