import type { Actor } from '@send/access';
import { termsOf } from '@send/case-file';
import type { Tx } from '@send/database';
import type { Engine } from '@send/engine';
import {
  addDays,
  type Day,
  englandCalendars,
  isOverCompulsorySchoolAge,
  referenceTermEnd,
  schoolYearOf,
} from '@send/statute';
import { daysOf, type Exclusion, inARow, type SchoolCalendars } from './absence';
import { exclusionsOf } from './child-data';
import type { ExclusionRow } from './csv-file';

interface Fresh {
  readonly id: string;
  readonly row: ExclusionRow;
  readonly childId: string;
  readonly settingId: string;
}

/** Old events are history: their runs would only open duties that are long past. Ninety days, where nothing is set. */
const newEnough = 90;

/**
 * Begins the run of each new suspension or exclusion, with what the other rows say of it: the totals of term and year, which
 * suspension of the year it is, and those that it follows straight on from. Whose duties follow, the workflow says.
 */
export async function beginExclusionRuns(
  tx: Tx,
  engine: Engine,
  actor: Actor,
  today: Day,
  fresh: readonly Fresh[],
): Promise<number> {
  let begun = 0;
  const inOrder = [...fresh].sort((a, b) => (a.row.firstDay < b.row.firstDay ? -1 : 1));
  for (const { id, row, childId, settingId } of inOrder) {
    if (row.firstDay < addDays(today, -newEnough) || row.firstDay > today) continue;
    const fields = await noticeFields(tx, id, row, childId, settingId);
    const outcome = await engine.begin(
      'exclusion',
      childId,
      { command: 'startExclusion', key: `exclusion:${id}`, fields, source: 'import' },
      actor,
      { tx, door: 'record' },
    );
    if (!outcome.done)
      throw new Error(
        `Line ${row.line}: ${'refusal' in outcome ? outcome.refusal.message : 'waits for a second person'}`,
      );
    await tx.run('update cohort.exclusion set run_id = $2 where id = $1', [id, outcome.runId]);
    if (row.cancelledOn !== null)
      await engine.record(
        outcome.runId,
        { command: 'recordCancellation', key: `cancelled:${id}`, fields: { on: row.cancelledOn }, source: 'import' },
        actor,
        { tx },
      );
    begun += 1;
  }
  return begun;
}

/** A corrected row may say that an exclusion was cancelled: its run, if it has one, is told once. */
export async function tellCancelled(tx: Tx, engine: Engine, actor: Actor, importId: string): Promise<void> {
  const rows = await tx.query<{ id: string; run_id: string; cancelled_on: Day }>(
    `select e.id, e.run_id, e.cancelled_on from cohort.exclusion e
     where e.import_id = $1 and e.cancelled_on is not null and e.run_id is not null`,
    [importId],
  );
  for (const { id, run_id, cancelled_on } of rows) {
    const given = {
      command: 'recordCancellation',
      key: `cancelled:${id}`,
      fields: { on: cancelled_on },
      source: 'import',
    };
    await engine.record(run_id, given, actor, { tx });
  }
}

async function noticeFields(tx: Tx, id: string, row: ExclusionRow, childId: string, settingId: string) {
  const all = await exclusionsOf(tx, childId);
  const terms = await termsOf(tx, settingId);
  const schools: SchoolCalendars = { calendars: englandCalendars, terms: { [settingId]: terms } };
  const [child] = await tx.query<{ date_of_birth: Day; looked_after: boolean | null; plan: boolean }>(
    `select c.date_of_birth, c.looked_after, exists (select from case_file.plan_version p
       where p.child_id = c.id and p.kind in ('final', 'amended') and p.issued_on is not null) as plan
     from case_file.child c where c.id = $1`,
    [childId],
  );
  return {
    on: row.firstDay,
    ...noticeOf(all, id, schools),
    ...stands(row, child, settingId),
    ...(terms.length === 0 ? {} : { terms: terms.map(asRow) }),
  };
}

const asRow = ({ from, to, withoutSession }: { from: Day; to: Day; withoutSession?: readonly Day[] }) => ({
  from,
  to,
  ...(withoutSession === undefined ? {} : { withoutSession: withoutSession.join(' ') }),
});

const kinds = { SUSP: 'suspension', LNCH: 'lunchtime', PERM: 'permanent' } as const;

function stands(
  row: ExclusionRow,
  child: { date_of_birth: Day; looked_after: boolean | null; plan: boolean } | undefined,
  settingId: string,
) {
  return {
    kind: kinds[row.category],
    setting: settingId,
    firstDay: row.firstDay,
    ...(row.lastDay === null ? {} : { lastDay: row.lastDay }),
    sessions: row.sessions,
    exam: row.exam,
    plan: child?.plan === true || row.senProvision === 'E',
    lookedAfter: child?.looked_after === true,
    ofSchoolAge: child === undefined || !isOverCompulsorySchoolAge(child.date_of_birth, row.firstDay),
    ...(row.reasons.length === 0 ? {} : { reasons: row.reasons.join(', ') }),
  };
}

/** What the other rows say of one: pure, so that it can be told from a table. */
export function noticeOf(all: readonly Exclusion[], id: string, schools: SchoolCalendars) {
  const one = all.find((each) => each.id === id);
  if (one === undefined) return {};
  const earlier = all.filter((each) => each.id !== id && each.firstDay <= one.firstDay && each.category !== 'PERM');
  const sessions = (holds: (on: Day, settingId: string) => boolean): number =>
    earlier
      .flatMap((each) => daysOf(each, schools).days)
      .filter(
        (day) =>
          day.on < one.firstDay && schoolYearOf(day.on) === schoolYearOf(one.firstDay) && holds(day.on, day.settingId),
      )
      .reduce((sum, day) => sum + day.days * 2, 0);
  const row = inARow([...earlier, one], schools).find((each) => each.exclusions.some((other) => other.id === id));
  const before = row === undefined ? [] : row.exclusions.filter((each) => each.id !== id);
  const inYear = earlier.filter(
    (each) => each.cancelledOn === null && schoolYearOf(each.firstDay) === schoolYearOf(one.firstDay),
  );
  return {
    earlierInTerm: sessions(
      (on, settingId) => settingId === one.settingId && referenceTermEnd(on) === referenceTermEnd(one.firstDay),
    ),
    earlierInYear: sessions(() => true),
    ...(one.category === 'PERM' ? {} : { number: inYear.length + 1 }),
    ...(row === undefined || before.length === 0 || one.category !== 'SUSP'
      ? {}
      : { followsOnFrom: row.firstDay, followsOnSessions: before.reduce((sum, each) => sum + each.sessions, 0) }),
  };
}
