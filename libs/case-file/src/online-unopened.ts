import { staffOn, systemActor } from '@send/access';
import type { Database, Tx } from '@send/database';
import { addDays, type Day, formatDay } from '@send/statute';
import { raiseNotice } from './notice';
import { onlineDates, remindedOf } from './online-request';

/** More than this of one day are told of in one notice: a flood may not bury the other tasks of a team. */
const mostApart = 10;

/** How often a request that came on this day should have been spoken of by today. */
function remindersBy(receivedOn: Day, today: Day): 0 | 1 | 2 {
  const { acknowledgeBy, decideBy } = onlineDates(receivedOn);
  if (decideBy !== null && addDays(decideBy, -7) <= today) return 2;
  return acknowledgeBy !== null && acknowledgeBy <= today ? 1 : 0;
}

/** What nobody has opened by its day of acknowledgement, and again a week before the decision, becomes a task. How many did. */
export function remindOfUnopened(database: Database, authority: string, today: Day): Promise<number> {
  return database.transaction({ authority, actor: systemActor(authority).staffId }, async (tx) => {
    let reminded = 0;
    const days = await tx.query<{ on: Day }>(
      'select distinct received_on as "on" from case_file.online_request where outcome is null and reminded < 2 order by 1',
    );
    for (const { on } of days) {
      const stage = remindersBy(on, today);
      if (stage === 0) continue;
      const rows = await tx.query<{ id: string; reference: string }>(
        `with late as (
           update case_file.online_request set reminded = $2
           where outcome is null and received_on = $1 and reminded < $2 returning id, reference
         ) select id, reference from late order by id`,
        [on, stage],
      );
      if (rows.length > 0) await raise(tx, rows, on, stage, today);
      reminded += rows.length;
    }
    return reminded;
  });
}

async function raise(
  tx: Tx,
  rows: readonly { id: string; reference: string }[],
  on: Day,
  stage: 1 | 2,
  today: Day,
): Promise<void> {
  const { acknowledgeBy, decideBy } = onlineDates(on);
  const dueOn = (stage === 1 ? acknowledgeBy : decideBy) ?? undefined;
  const it = rows.length > mostApart ? 'them' : 'it';
  const still =
    stage === 1 ? `Open ${it} and acknowledge ${it}.` : `Open ${it} today: the law sets the day of the decision.`;
  const told =
    rows.length > mostApart
      ? [
          {
            key: `online-waiting:${on}:${stage}:${rows[0]?.id ?? ''}`,
            text: `${rows.length} online requests received on ${formatDay(on)} have not been opened. ${still}`,
          },
        ]
      : rows.map(({ id, reference }) => ({
          key: `${remindedOf(id)}${stage}`,
          text: `Online request ${reference}, received on ${formatDay(on)}, has not been opened. ${still}`,
        }));
  const to = await seniors(tx, today);
  for (const { key, text } of told)
    for (const { staffId, team } of to)
      await raiseNotice(tx, {
        key: `${key}:${team ?? staffId}`,
        kind: 'task',
        text,
        ...(team === null ? { staffId } : { team }),
        ...(dueOn === undefined ? {} : { dueOn }),
      });
}

/** Each team that has a senior, and each senior who is in none: a request that nobody opened is nobody's yet. */
async function seniors(tx: Tx, today: Day): Promise<{ staffId: string; team: string | null }[]> {
  const found = new Map<string, { staffId: string; team: string | null }>();
  for (const { id, team, roles } of await staffOn(tx, today))
    if (roles.includes('SM')) found.set(team ?? id, { staffId: id, team });
  return [...found.values()];
}

/** How many nobody has opened though the family should have been told the decision. */
export async function unopenedPastDecision(tx: Tx, today: Day): Promise<number> {
  const days = await tx.query<{ on: Day; count: number }>(
    'select received_on as "on", count(*)::int as count from case_file.online_request where outcome is null group by received_on',
  );
  return days
    .filter(({ on }) => (onlineDates(on).decideBy ?? today) < today)
    .reduce((sum, { count }) => sum + count, 0);
}
