import type { Actor } from '@send/access';
import { CaseCorrespondence } from '@send/correspondence';
import type { Database } from '@send/database';
import { Engine, SetClock } from '@send/engine';
import { SittingDesk } from '@send/panels';
import { addDays, type Day } from '@send/statute';
import { processes } from '@send/workflows';

/** Each panel's chair has signed the minutes of what it heard before last week. Done again, it does nothing. */
export async function signMinutes(database: Database, authority: string, today: Day): Promise<number> {
  const sittings = await database.transaction({ authority, actor: 'system' }, (tx) =>
    tx.query<{ id: string; meetsOn: Day; staffId: string; name: string }>(
      `select t.id, t.meets_on as "meetsOn", s.id as "staffId", s.name
       from panels.sitting t join panels.seat p on p.kind_id = t.kind_id and p.chairs join access.staff s on s.id = p.staff_id
       where t.authority_id = $1 and t.meets_on < $2
         and exists (select from panels.item i where i.sitting_id = t.id::text and i.recommendation is not null)
         and not exists (select from panels.minutes m where m.sitting_id = t.id)
       order by t.meets_on, t.id`,
      [authority, addDays(today, -7)],
    ),
  );
  for (const { id, meetsOn, staffId, name } of sittings) {
    const clock = new SetClock(new Date(`${addDays(meetsOn, 2)}T10:00:00Z`));
    const engine = new Engine(database, processes, new CaseCorrespondence(database), clock);
    const chair: Actor = { staffId, name, authority, roles: ['PC'], team: null };
    const signed = await new SittingDesk(database, engine, clock).signMinutes(chair, id);
    if (!signed.done) throw new Error(`The minutes of ${meetsOn} were not signed: ${signed.refusal.message}`);
  }
  return sittings.length;
}
