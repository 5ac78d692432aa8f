import { type Actor, writeAudit } from '@send/access';
import { CaseFile } from '@send/case-file';
import type { Tx } from '@send/database';
import { ForbiddenException, Injectable } from '@nestjs/common';

/** Lists of children by risk are for those who answer for every case; who looked is kept. */
@Injectable()
export class CohortDoor {
  constructor(private readonly caseFile: CaseFile) {}

  read<T>(actor: Actor, what: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.within(actor, async (tx) => {
      await writeAudit(tx, actor, { action: 'readCohort', outcome: 'done', object: what });
      return work(tx);
    });
  }

  within<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (!actor.roles.includes('SM')) throw new ForbiddenException();
    return this.caseFile.within(actor, work);
  }
}
