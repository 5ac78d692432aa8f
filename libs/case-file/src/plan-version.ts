import { newId, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import { IsNull } from 'typeorm';
import { PlanVersion } from './papers.entity';

export type PlanContent = Partial<
  Pick<PlanVersion, 'sections' | 'provision' | 'needs' | 'outcomes' | 'namedSettingId' | 'settingType'>
>;

/** A new version, beginning as a copy of the one before it where no content is given. */
export async function addPlanVersion(
  tx: Tx,
  childId: string,
  kind: PlanVersion['kind'],
  content?: PlanContent,
): Promise<PlanVersion> {
  const [before] = await plansOf(tx, childId);
  const copied: PlanContent = before
    ? {
        sections: before.sections,
        provision: before.provision,
        needs: before.needs,
        outcomes: before.outcomes,
        namedSettingId: before.namedSettingId,
        settingType: before.settingType,
      }
    : {};
  const id = newId();
  await tx.repository(PlanVersion).insert({
    ...copied,
    ...content,
    id,
    authorityId: tx.identity.authority,
    childId,
    kind,
    number: (before?.number ?? 0) + 1,
    createdBy: tx.identity.actor,
  });
  return tx.repository(PlanVersion).findOneByOrFail({ id });
}

/** Newest first. */
export async function plansOf(tx: Tx, childId: string): Promise<PlanVersion[]> {
  return tx.repository(PlanVersion).find({ where: { childId }, order: { number: 'DESC' } });
}

export async function planVersionOf(tx: Tx, id: string): Promise<PlanVersion | null> {
  return tx.repository(PlanVersion).findOneBy({ id });
}

/** Saves a draft that is still as the form showed it. `frozen`: a command has named this version, a new one is needed. */
export async function savePlan(
  tx: Tx,
  id: string,
  seenVersion: number,
  content: PlanContent,
): Promise<'saved' | 'stale' | 'frozen'> {
  const rows = tx.repository(PlanVersion);
  const saved = await rows.update(
    { id, version: seenVersion, frozenAt: IsNull() },
    { ...content, version: seenVersion + 1 },
  );
  if (saved.affected === 1) return 'saved';
  const current = await rows.findOneBy({ id });
  return current?.frozenAt ? 'frozen' : 'stale';
}

/**
 * From now on it is what it is: the database refuses every change. Called in the transaction of the command that names
 * the version. Freezing what is frozen does nothing.
 */
export async function freezePlan(tx: Tx, id: string, at: Date, issuedOn?: Day): Promise<boolean> {
  const frozen = await tx
    .repository(PlanVersion)
    .update(
      { id, frozenAt: IsNull() },
      { frozenAt: at, frozenBy: tx.identity.actor, ...(issuedOn === undefined ? {} : { issuedOn }) },
    );
  return frozen.affected === 1;
}
