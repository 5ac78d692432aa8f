import type { Tx } from '@send/database';
import type { Day } from '@send/statute';
import { In } from 'typeorm';
import { PlanVersion } from './papers.entity';
import { comparePlans } from './plan-comparison';

/** A plan whose delivery is to be asked about: a final one, or an amended one whose section F or I is not what it was. */
export interface PlanToCheck {
  readonly childId: string;
  readonly versionId: string;
  readonly issuedOn: Day;
  readonly amended: boolean;
  readonly settingId: string | null;
  /** No later plan of this child asks for a check of its own. */
  readonly newest: boolean;
}

const childrenAtOnce = 500;

/** Every such plan issued on or after a day, child by child: as many at once as fit well into memory. */
export async function* plansToCheck(tx: Tx, since: Day): AsyncGenerator<readonly PlanToCheck[]> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const children = await tx.query<{ id: string }>(
      `select distinct child_id as id from case_file.plan_version
       where authority_id = $1 and issued_on >= $2 and child_id > $3 order by child_id limit $4`,
      [tx.identity.authority, since, after, childrenAtOnce],
    );
    const last = children.at(-1);
    if (last === undefined) return;
    after = last.id;
    const versions = await tx
      .repository(PlanVersion)
      .find({ where: { childId: In(children.map(({ id }) => id)) }, order: { childId: 'ASC', number: 'ASC' } });
    yield children.flatMap(({ id }) =>
      ofChild(
        versions.filter(({ childId }) => childId === id),
        since,
      ),
    );
  }
}

function ofChild(versions: readonly PlanVersion[], since: Day): PlanToCheck[] {
  const issued = versions.filter((one): one is PlanVersion & { issuedOn: Day } => one.issuedOn !== null);
  const found = issued.flatMap((version, index) => {
    const before = issued[index - 1];
    const amended = version.kind === 'amended' && before !== undefined;
    if (version.issuedOn < since || (amended && !comparePlans(before, version).changesFOrI)) return [];
    const { childId, id: versionId, issuedOn, namedSettingId: settingId } = version;
    return [{ childId, versionId, issuedOn, amended, settingId }];
  });
  return found.map((one, index) => ({ ...one, newest: index === found.length - 1 }));
}
