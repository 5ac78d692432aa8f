import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, actorFor, addStaff, auditOfChild, beginSession, giveGrant, signedIn } from '@send/access';
import {
  addChild,
  caseRelationship,
  closeAccount,
  handOverCases,
  openNotices,
  ownedByLeavers,
  raiseNotice,
} from '@send/case-file';
import { newId } from '@send/database';
import { CaseWorld } from './builders/case-with-family';

/** An officer with 210 cases leaves on Friday 30 April 2027. */

let world: CaseWorld;
let taker: Actor;
let other: Actor;
let secondAdministrator: Actor;
beforeAll(async () => {
  world = await CaseWorld.open('2027-04-26');
  [taker, other, secondAdministrator] = [
    await joins('Mina Farrow', ['CW']),
    await joins('Idris Cole', ['CW']),
    await joins('Jo Marsh', ['AD']),
  ];
}, 120_000);
afterAll(() => world.close());

async function joins(name: string, roles: Actor['roles']): Promise<Actor> {
  const email = `${name.toLowerCase().replace(' ', '.')}@levelshire.example`;
  const staffId = await world.as(world.administrator, (tx) =>
    addStaff(tx, { name, email, roles: [...roles], team: 'North', activeFrom: '2026-01-01' }),
  );
  return { staffId, name, authority: world.caseworker.authority, roles, team: 'North' };
}

/** Children of this caseworker, every third with an open task of theirs. */
const casesOf = (owner: Actor, count: number): Promise<string[]> =>
  world.as(owner, async (tx) => {
    const made: string[] = [];
    for (let one = 0; one < count; one += 1) {
      const { id } = await addChild(tx, {
        from: '2026-09-01',
        firstNames: 'Robin',
        lastName: `Invented${one}`,
        dateOfBirth: '2016-05-09',
        caseworkerId: owner.staffId,
        team: 'North',
      });
      made.push(id);
      await giveGrant(tx, { staffId: owner.staffId, childId: id, kind: 'assigned', from: '2026-09-01' });
      if (one % 3 === 0)
        await raiseNotice(tx, {
          key: `due:${id}`,
          kind: 'task',
          text: 'Due in 5 working days: send the final plan',
          childId: id,
          staffId: owner.staffId,
          team: 'North',
          dueOn: '2027-05-07',
        });
    }
    return made;
  });

const casesNow = async (staff: Actor): Promise<number> => {
  const [row] = await world.test.ownerQuery<{ count: number }>(
    'select count(*)::int as count from case_file.child where caseworker_id = $1',
    [staff.staffId],
  );
  return row?.count ?? 0;
};
const handOver = (actor: Actor, from: Actor, to: readonly Actor[]) =>
  world.as(actor, (tx) =>
    handOverCases(tx, actor, { from: from.staffId, to: to.map(({ staffId }) => staffId), on: world.clock.today() }),
  );
const close = (leaver: Actor, confirmedBy = secondAdministrator, actor = world.administrator) =>
  world.as(actor, (tx) =>
    closeAccount(tx, actor, { staffId: leaver.staffId, on: world.clock.today(), now: world.clock.now() }, confirmedBy),
  );

describe('an officer leaves with 210 cases', () => {
  it('hands them over in one go: no case and no task is left with somebody who has gone', async () => {
    const dana = world.caseworker;
    const cases = await casesOf(dana, 209);
    // One of them is an assessment that runs, with a letter still to be written.
    const family = await world.family();
    const runId = await world.request(family);
    const [letter] = await world.letters(runId);
    // Mina is related to one of the families, and is shut out of that case.
    const [relatives = ''] = cases;
    await world.as(world.senior, (tx) =>
      giveGrant(tx, {
        staffId: taker.staffId,
        childId: relatives,
        kind: 'excluded',
        from: '2026-09-01',
        reason: 'The child of a cousin',
      }),
    );
    await world.as(dana, (tx) =>
      raiseNotice(tx, { key: 'rota', kind: 'task', text: 'Write the rota', staffId: dana.staffId }),
    );
    expect(await casesNow(dana)).toBe(210);

    // Thursday 29 April: the administrators may not close the account while anything is hers.
    world.clock.moveTo('2027-04-29');
    expect(await close(dana)).toEqual({
      done: false,
      why: 'not-now',
      field: 'staffId',
      message: 'Dana Whitlock still has 210 cases and 71 tasks. A manager must hand them over first.',
    });
    // Mina alone cannot take them all; nothing has moved.
    const alone = await handOver(world.senior, dana, [taker]);
    expect(alone).toMatchObject({ done: false, why: 'invalid', field: 'to' });
    expect(await casesNow(dana)).toBe(210);
    expect(await casesNow(taker)).toBe(0);

    // With Idris beside her it goes, in one transaction; twice is once.
    expect(await handOver(world.senior, dana, [taker, other])).toEqual({
      done: true,
      cases: 210,
      tasks: 71,
      staying: 0,
    });
    expect(await handOver(world.senior, dana, [taker, other])).toEqual({ done: true, cases: 0, tasks: 0, staying: 0 });
    expect([await casesNow(dana), await casesNow(taker), await casesNow(other)]).toEqual([0, 104, 106]);
    const [of] = await world.test.ownerQuery<{ owner: string }>(
      'select caseworker_id as owner from case_file.child where id = $1',
      [relatives],
    );
    expect(of?.owner).toBe(other.staffId);

    // From that moment she is on none of them, and they are on all of theirs.
    const ties = (who: Actor, childId: string) =>
      world.as(world.senior, (tx) => caseRelationship(tx, who, childId, world.clock.today()));
    expect(await ties(dana, family.child.id)).toMatchObject({ live: false });
    expect((await ties(taker, family.child.id))?.live || (await ties(other, family.child.id))?.live).toBe(true);
    expect(await ties(other, relatives)).toMatchObject({ live: true });
    const tasks = (who: Actor) => world.as(world.senior, (tx) => openNotices(tx, { staffId: who.staffId, team: null }));
    expect(await tasks(dana)).toEqual([]);
    expect((await tasks(taker)).length + (await tasks(other)).length).toBe(71);
    expect((await tasks(taker)).map(({ text }) => text)).toContain('Write the rota');
    // Each case says in its audit who moved it; the letter that is still to leave names whoever has it now.
    const audit = await world.as(world.senior, (tx) => auditOfChild(tx, relatives));
    expect(audit[0]).toMatchObject({
      action: 'allocateCases',
      outcome: 'done',
      actor: world.senior.staffId,
      object: `staff:${other.staffId}`,
    });
    const preview = await world.as(world.senior, (tx) => world.desk.preview(tx, letter?.id ?? ''));
    expect(preview?.html).toMatch(/Mina Farrow|Idris Cole/);
    expect(preview?.html).not.toContain('Dana Whitlock');

    // Friday 30 April: two administrators close the account, and her open session is worth nothing.
    world.clock.moveTo('2027-04-30');
    const session = await world.as(dana, (tx) => beginSession(tx, dana, world.clock.now()));
    const still = () => signedIn(world.test.database, session, world.clock.now(), world.clock.today());
    expect(await still()).toBeDefined();
    expect(await close(dana)).toEqual({ done: true });
    expect(await still()).toBeUndefined();
    expect(await world.as(world.senior, (tx) => actorFor(tx, dana.staffId, world.clock.today()))).toBeUndefined();
    expect(await world.as(world.senior, (tx) => ownedByLeavers(tx, world.clock.today()))).toEqual([]);
    expect(await close(dana)).toMatchObject({ done: false, why: 'not-now' });
  }, 300_000);

  it('is a manager’s to hand over and two administrators’ to close; each wrong way is named and moves nothing', async () => {
    const leaver = await joins('Ola Reed', ['CW']);
    const [child = ''] = await casesOf(leaver, 1);
    expect(await handOver(taker, leaver, [other])).toMatchObject({ done: false, why: 'forbidden' });
    expect(await handOver(world.senior, leaver, [])).toMatchObject({ why: 'invalid', field: 'to' });
    expect(await handOver(world.senior, leaver, [leaver])).toMatchObject({
      message: 'Ola Reed cannot take over their own cases. Choose somebody else',
    });
    expect(await handOver(world.senior, leaver, [world.caseworker])).toMatchObject({
      message: 'Choose people who work here on that day',
    });
    expect(await handOver(world.senior, leaver, [world.administrator])).toMatchObject({
      message: 'Ari Stone is no caseworker. Choose a caseworker or a manager',
    });
    expect(await handOver(world.senior, { ...leaver, staffId: newId() }, [other])).toMatchObject({ why: 'not-found' });
    expect(await close(leaver, world.administrator)).toMatchObject({ done: false, why: 'forbidden' });
    expect(await close(leaver, secondAdministrator, world.senior)).toMatchObject({ done: false, why: 'forbidden' });
    expect(await casesNow(leaver)).toBe(1);

    // A manager who is shut out of a case does not move it, and is told only that one stays.
    await world.as(world.senior, (tx) =>
      giveGrant(tx, {
        staffId: world.senior.staffId,
        childId: child,
        kind: 'excluded',
        from: '2026-09-01',
        reason: 'A neighbour',
      }),
    );
    expect(await handOver(world.senior, leaver, [other])).toEqual({ done: true, cases: 0, tasks: 0, staying: 1 });
    const another = await joins('Kit Ames', ['SM']);
    expect(await handOver(another, leaver, [other])).toEqual({ done: true, cases: 1, tasks: 1, staying: 0 });

    // Where an account was closed past this door, what nobody looks after is found.
    await casesOf(leaver, 2);
    await world.test.ownerQuery('update access.staff set active_until = $2 where id = $1', [
      leaver.staffId,
      world.clock.today(),
    ]);
    expect(await world.as(world.senior, (tx) => ownedByLeavers(tx, world.clock.today()))).toEqual([
      { staffId: leaver.staffId, name: 'Ola Reed', cases: 2, tasks: 1 },
    ]);
  }, 300_000);

  it('two managers at once hand each case over once', async () => {
    const leaver = await joins('Uma Lane', ['CW']);
    await casesOf(leaver, 12);
    const before = (await casesNow(taker)) + (await casesNow(other));
    const both = await Promise.all([handOver(world.senior, leaver, [taker]), handOver(world.senior, leaver, [other])]);
    expect(both.map((one) => (one.done ? one.cases : one.message)).sort()).toEqual([0, 12]);
    expect((await casesNow(taker)) + (await casesNow(other))).toBe(before + 12);
  }, 300_000);
});
