import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@send/access';
import { setTerm } from '@send/case-file';
import {
  candidatesOn,
  capOn,
  changeCap,
  chase,
  exclusionsOf,
  importFile,
  timetablesOn,
  type ToImport,
} from '@send/cohort';
import { newId, type Tx } from '@send/database';
import type { Outcome } from '@send/engine';
import type { Day } from '@send/statute';
import { CaseWorld, type Family } from './builders/case-with-family';

/** A fortnight into the second half of an autumn term. */
let world: CaseWorld;
const today: Day = '2026-11-16';

beforeAll(async () => {
  world = await CaseWorld.open(today);
});
afterAll(() => world.test.close());

let pupils = 0;
/** A child with a pupil number at a school with a number and terms. */
async function pupil(): Promise<{ family: Family; upn: string; urn: string }> {
  const family = await world.family();
  pupils += 1;
  const upn = `A${String(pupils).padStart(11, '0')}1`;
  const urn = String(200000 + pupils);
  await world.test.ownerQuery('update case_file.child set upn = $2 where id = $1', [family.child.id, upn]);
  await world.test.ownerQuery('update case_file.setting set urn = $2 where id = $1', [family.settingId, urn]);
  await world.as(world.senior, async (tx) => {
    await setTerm(tx, family.settingId, 'Autumn 1', { from: '2026-09-02', to: '2026-10-23' });
    await setTerm(tx, family.settingId, 'Autumn 2', { from: '2026-11-02', to: '2026-12-18' });
  });
  return { family, upn, urn };
}

const bring = (text: string, more: Partial<ToImport> = {}) =>
  world.as(world.senior, (tx) =>
    importFile(tx, world.engine, world.senior, today, {
      kind: 'suspensions',
      fileName: 'notices.csv',
      text,
      source: 'Notices of the schools',
      coversFrom: '2026-09-01',
      asOf: today,
      ...more,
    }),
  );

const suspensions = (...rows: string[]): string => ['UPN,SchoolURN,Category,StartDate,Sessions', ...rows].join('\n');
const begin = async (
  childId: string,
  command: string,
  fields: Record<string, unknown>,
  actor: Actor = world.senior,
): Promise<Outcome> =>
  world.engine.begin('exclusion-risk', childId, { command, key: newId(), fields: { on: today, ...fields } }, actor, {
    door: 'record',
  });
const done = (outcome: Outcome): string => {
  if (!outcome.done) throw new Error(JSON.stringify(outcome));
  return outcome.runId;
};
const record = (runId: string, command: string, fields: Record<string, unknown> = {}) =>
  world.engine.record(runId, { command, key: newId(), fields: { on: today, ...fields } }, world.senior);
const admit = (runId: string) =>
  world.engine.act(
    runId,
    { command: 'admit', key: newId(), fields: { on: today, reasons: ['Three suspensions this term'] } },
    world.senior,
  );

async function consented(childId: string): Promise<string> {
  const runId = done(await begin(childId, 'nominate', { by: 'Head of year', reasons: ['Three suspensions'] }));
  await record(runId, 'askConsent', { whom: 'parent', sources: [{ source: 'suspensions' }], offers: ['A mentor'] });
  done(await record(runId, 'recordConsent', { by: 'Mother' }));
  return runId;
}

describe('an import', () => {
  it('begins a run for each new suspension, with what the others say of it; the same file again does nothing', async () => {
    const { family, upn, urn } = await pupil();
    const file = suspensions(`${upn},${urn},SUSP,14/09/2026,2`, `${upn},${urn},SUSP,2026-10-22,4`, `${upn},${urn},SUSP,2026-11-02,8`); // prettier-ignore
    expect(await bring(file)).toMatchObject({ imported: { rows: 3, added: 3, changed: 0, same: 0, begun: 3 } });
    expect(await bring(file)).toMatchObject({ imported: { rows: 3, added: 0, changed: 0, same: 3, begun: 0 } });
    const corrected = file.replace('2026-11-02,8', '2026-11-02,6');
    expect(await bring(corrected)).toMatchObject({ imported: { added: 0, changed: 1, same: 2, begun: 0 } });
    const rows = await world.as(world.senior, (tx) => exclusionsOf(tx, family.child.id));
    expect(rows.map(({ sessions, source, asOf }) => [sessions, source, asOf])).toEqual([
      [2, 'Notices of the schools', today],
      [4, 'Notices of the schools', today],
      [6, 'Notices of the schools', today],
    ]);
    const due = await world.test.ownerQuery<{ due_by: string; duty: string }>(
      'select due_by::text, duty from engine.deadline where run_id = $1',
      [rows[2]?.runId],
    );
    // Back to back over half term: Thursday 22 October is the first day, so Thursday 5 November is the sixth.
    expect(due.find(({ duty }) => duty === 'exclusion.sixth-day-suspension')?.due_by).toBe('2026-11-05');
    expect(due.map(({ duty }) => duty)).toContain('practice.exclusion-risk-three-suspensions');
  });

  it('writes nothing of a file with a fault, and names each of them', async () => {
    const { family, upn, urn } = await pupil();
    const file = suspensions(`${upn},${urn},SUSP,02/11/2026,4`, `Z99999999999Z,${urn},SUSP,03/11/2026,4`, `${upn},999999,SUSP,09/11/2026,2`); // prettier-ignore
    const outcome = await bring(file);
    expect(outcome).toMatchObject({
      problems: [
        { line: 3, column: 'UPN' },
        { line: 4, column: 'SchoolURN' },
      ],
    });
    expect(await world.as(world.senior, (tx) => exclusionsOf(tx, family.child.id))).toEqual([]);
  });

  it('a corrected row that says cancelled is told to its run, once', async () => {
    const { family, upn, urn } = await pupil();
    const header = 'UPN,SchoolURN,Category,StartDate,Sessions,CancelledDate';
    await bring(`${header}\n${upn},${urn},SUSP,2026-11-09,6,`);
    const cancelled = `${header}\n${upn},${urn},SUSP,2026-11-09,6,2026-11-11`;
    expect(await bring(cancelled)).toMatchObject({ imported: { changed: 1, begun: 0 } });
    expect(await bring(cancelled)).toMatchObject({ imported: { same: 1 } });
    const [row] = await world.as(world.senior, (tx) => exclusionsOf(tx, family.child.id));
    const [run] = await world.test.ownerQuery<{ position: string; facts: number }>(
      `select position, (select count(*)::int from engine.fact f where f.run_id = r.id and f.type = 'exclusionCancelled') as facts
       from engine.run r where id = $1`,
      [row?.runId],
    );
    expect(run).toEqual({ position: 'cancelled', facts: 1 });
  });

  it('another authority sees nothing of it', async () => {
    const elsewhere = { ...world.senior, authority: 'harrowmoor' };
    expect(await world.as(elsewhere, (tx) => tx.query('select 1 from cohort.exclusion'))).toEqual([]);
  });
});

describe('part-time timetables', () => {
  const timetable = (row: string) => `UPN,SchoolURN,StartDate,EndDate,ReviewDate,HoursPerWeek,ConsentBy,ConsentDate,Reason\n${row}`; // prettier-ignore

  it('open-ended as reported: kept, flagged, chased; never agreed by us', async () => {
    const { family, upn, urn } = await pupil();
    const open = timetable(`${upn},${urn},14/09/2026,,,12,,,Returning after illness`);
    expect(await bring(open, { kind: 'part-time', agreedByUs: true })).toMatchObject({
      problems: [
        { line: 2, column: 'EndDate', message: expect.stringContaining('without an end') },
        { line: 2, column: 'ReviewDate' },
        { line: 2, column: 'ConsentDate' },
      ],
    });
    expect(await bring(open, { kind: 'part-time' })).toMatchObject({ imported: { added: 1 } });
    const mine = async () =>
      (await world.as(world.senior, (tx) => timetablesOn(tx, today))).find(
        ({ childId }) => childId === family.child.id,
      );
    expect(await mine()).toMatchObject({
      lacking: ['no end date', 'no review date', 'no consent'],
      chases: 0,
      agreedByUs: false,
    });
    const id = (await mine())?.id ?? '';
    expect(await world.as(world.senior, (tx) => chase(tx, world.senior, id, today, 'Rang the head'))).toBe(true);
    expect(await mine()).toMatchObject({ chases: 1, lastChased: today });
    const candidate = await world.as(world.senior, (tx) => candidatesOn(tx, today, family.child.id));
    expect(candidate[0]?.indicators.find((one) => one.id === 'part-time')).toMatchObject({ flag: 'act' });
    const whole = timetable(`${upn},${urn},14/09/2026,18/12/2026,30/11/2026,12,Mother,11/09/2026,Returning after illness`); // prettier-ignore
    expect(await bring(whole, { kind: 'part-time' })).toMatchObject({ imported: { changed: 1 } });
    expect(await mine()).toMatchObject({ lacking: [], reviewLate: false });
  });
});

describe('consent withdrawn mid-cohort', () => {
  it('drops out what came from that source, visibly, and leaves the rest', async () => {
    const { family, upn, urn } = await pupil();
    await bring(suspensions(`${upn},${urn},SUSP,09/11/2026,4`));
    const runId = await consented(family.child.id);
    done(await admit(runId));
    const seen = async () => (await world.as(world.senior, (tx) => candidatesOn(tx, today, family.child.id)))[0];
    expect((await seen())?.indicators.some(({ source }) => source === 'suspensions')).toBe(true);
    expect((await seen())?.dropped).toEqual([]);
    done(await record(runId, 'withdrawConsent', { shared: 'Dates of suspensions, with the mentor' }));
    expect((await seen())?.indicators.some(({ source }) => source === 'suspensions')).toBe(false);
    expect((await seen())?.dropped).toEqual([{ source: 'suspensions', why: 'consent withdrawn' }]);
    const [run] = await world.test.ownerQuery<{ position: string; closed: boolean }>(
      'select position, closed from engine.run where id = $1',
      [runId],
    );
    expect(run).toEqual({ position: 'consentEnded', closed: true });
  });
});

describe('the 61st child', () => {
  const cap = <T>(work: (tx: Tx) => Promise<T>) => world.as(world.senior, work);

  it('is refused with the reason, unless the cap is changed with a reason; two at once leave one place to one', async () => {
    expect(await cap((tx) => capOn(tx, today))).toMatchObject({ cap: 60 });
    const { inside } = await cap((tx) => capOn(tx, today));
    await world.test.ownerQuery(
      `insert into engine.run (id, authority_id, child_id, workflow, workflow_version, version, place, position, opened_on, last_on, last_rank)
       select gen_random_uuid(), 'levelshire', gen_random_uuid(), 'exclusion-risk', '1', 1, '{}', 'inCohort', $1::date, $1::date, 0
       from generate_series(1, $2::int)`,
      [today, 59 - inside],
    );
    const [one, two] = await Promise.all([consented((await world.family()).child.id), consented((await world.family()).child.id)]); // prettier-ignore
    const both = await Promise.all([admit(one), admit(two)]);
    expect(both.filter((outcome) => outcome.done)).toHaveLength(1);
    const refused = both.find((outcome) => !outcome.done);
    expect(refused).toMatchObject({
      refusal: { kind: 'not-now', message: expect.stringContaining('The cohort is full: 60 of 60 places are taken') },
    });
    const left = both[0]?.done === true ? two : one;
    done(await record(left, 'putOnWaitingList', { nextLookOn: '2026-11-30', callIfWorse: 'Inclusion team' }));
    expect(await cap((tx) => capOn(tx, today))).toEqual({ cap: 60, inside: 60, waiting: 1 });
    await cap((tx) => changeCap(tx, world.senior, 61, today, 'Board of 12 November 2026: one more worker'));
    expect((await admit(left)).done).toBe(true);
    const another = await consented((await world.family()).child.id);
    expect(await admit(another)).toMatchObject({ refusal: { message: expect.stringContaining('61 of 61') } });
  });
});
