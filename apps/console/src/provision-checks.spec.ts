import { decideSetting, systemActor } from '@send/access';
import { addPlanVersion, freezePlan, type ProvisionItem } from '@send/case-file';
import { newId } from '@send/database';
import { CaseWorld, done, type Family } from '../../../test/builders/case-with-family';
import { startProvisionChecks } from './provision-checks';

let world: CaseWorld;

beforeAll(async () => {
  world = await CaseWorld.open('2026-11-02');
}, 120_000);
afterAll(() => world.close());

const item = (id: string, howOften: string): ProvisionItem => ({
  id,
  section: 'F',
  what: 'Teaching in a small group',
  howOften,
  howLong: '30 minutes',
  who: 'A teacher',
  where: 'At school',
});

/** A plan as it was issued on a day. */
const issued = (family: Family, kind: 'final' | 'amended', on: string, provision: ProvisionItem[], text = '') =>
  world.as(world.caseworker, async (tx) => {
    const made = await addPlanVersion(tx, family.child.id, kind, { provision, sections: { A: text } });
    await freezePlan(tx, made.id, new Date(`${on}T09:00:00Z`), on);
    return made.id;
  });

const find = (more: Partial<Parameters<typeof startProvisionChecks>[3]> = {}) =>
  startProvisionChecks(world.test.database, world.engine, systemActor('levelshire'), {
    today: '2026-11-02',
    all: false,
    apply: false,
    ...more,
  });

const checks = () =>
  world.test.ownerQuery<{ child: string; version: string; due: string | null; kind: string | null }>(
    `select r.child_id as child, r.place #>> '{context,check,planVersion}' as version, d.due_by::text as due, d.kind
     from engine.run r left join engine.deadline d on d.run_id = r.id and d.duty = 'practice.contact-after-plan-issued'
     where r.workflow = 'provision-check' order by d.due_by`,
  );

describe('checks of plans issued before checks were', () => {
  const teaching = newId();
  let first: string;
  let changed: string;

  it('are found for final plans, and for amended ones whose F or I changed, since the day of the local duty', async () => {
    const old = await world.family();
    await issued(old, 'final', '2022-12-31', [item(teaching, 'Weekly')]);
    const one = await world.family();
    first = await issued(one, 'final', '2023-01-01', [item(teaching, 'Weekly')]);
    const two = await world.family();
    await issued(two, 'final', '2024-03-04', [item(teaching, 'Weekly')]);
    await issued(two, 'amended', '2024-06-03', [item(teaching, 'Weekly')], 'Likes trains');
    changed = await issued(two, 'amended', '2025-02-03', [item(teaching, 'Daily')], 'Likes trains');
    await world.as(world.caseworker, (tx) => addPlanVersion(tx, two.child.id, 'amended', {}));
    expect(await find()).toMatchObject({ since: '2023-01-01', issued: 3, replaced: 1, toStart: 2, started: 0 });
    expect(await find({ all: true })).toMatchObject({ toStart: 3 });
    expect(await checks()).toEqual([]);
  });

  it('begin once, due twelve weeks after each plan, however often they are asked for', async () => {
    expect(await find({ apply: true })).toMatchObject({ started: 2, refused: [] });
    expect(await checks()).toMatchObject([
      { version: first, due: '2023-03-26', kind: 'policy' },
      { version: changed, due: '2025-04-28' },
    ]);
    expect(await find({ apply: true })).toMatchObject({ haveCheck: 2, toStart: 0, started: 0 });
    expect(await checks()).toHaveLength(2);
  });

  it('do not begin for a plan that has one from its issue, or that has ended', async () => {
    const has = await world.family();
    await issued(has, 'final', '2026-05-04', [item(teaching, 'Weekly')]);
    done(
      await world.engine.begin(
        'provision-check',
        has.child.id,
        { command: 'startCheckOfPlan', key: newId(), fields: { on: '2026-05-04' } },
        world.caseworker,
        { door: 'record' },
      ),
    );
    const gone = await world.family();
    await issued(gone, 'final', '2024-05-06', [item(teaching, 'Weekly')]);
    const before = await world.engine.begin(
      'provision-check',
      gone.child.id,
      { command: 'startCheckOfPlan', key: newId(), fields: { on: '2023-05-08' } },
      world.caseworker,
      { door: 'record' },
    );
    done(
      await world.engine.record(
        done(before).runId,
        { command: 'notePlanEnded', key: newId(), fields: { on: '2025-07-31' } },
        systemActor('levelshire'),
      ),
    );
    expect(await find()).toMatchObject({ issued: 5, haveCheck: 3, ended: 1, toStart: 0 });
  });

  it('count from the day that the authority has set, whatever the law pack says', async () => {
    await world.as(world.administrator, (tx) =>
      decideSetting(tx, world.administrator, {
        name: 'provision-checks-from',
        value: '2022-09-01',
        from: '2026-01-01',
        reason: 'Decided by the board',
      }),
    );
    expect(await find({ apply: true })).toMatchObject({ since: '2022-09-01', issued: 6, started: 1 });
    expect((await checks())[0]).toMatchObject({ due: '2023-03-25', kind: 'policy' });
    expect(await find({ since: '2026-01-01' })).toMatchObject({ since: '2026-01-01', issued: 1 });
  });
});
