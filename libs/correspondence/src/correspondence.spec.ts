import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { dataFolder } from '@send/database';
import { Typesetter } from '@send/letters';
import {
  addPerson,
  changeRelationship,
  protectAddress,
  relate,
  setAddress,
  setContact,
  type RelationshipChanges,
} from '@send/case-file';
import { CaseWorld, type Family, testKeys } from '../../../test/builders/case-with-family';
import { HandOver, type HandOverStep } from './index';

const reasons = [
  'Rowan has caught up by six months in reading since September.',
  'The school can keep this help going from what it has.',
];

let world: CaseWorld;
let drop: string;
const typesetter = new Typesetter({ inProcess: true });

beforeAll(async () => {
  world = await CaseWorld.open();
  drop = mkdtempSync(join(dataFolder(), 'test', 'drop-'));
});
afterAll(async () => {
  await typesetter.close();
  rmSync(drop, { recursive: true, force: true });
  await world.close();
});

/** Another senior: whoever decided does not approve. */
const approver = () => ({ ...world.senior, staffId: '0198a000-0000-7000-8000-000000000001', name: 'Second' });

const handOver = (reached?: (step: HandOverStep) => void) =>
  new HandOver({
    desk: world.desk,
    engine: world.engine,
    typesetter,
    dropFolder: drop,
    ...(reached === undefined ? {} : { reached }),
  });
const files = (reference: string): string[] =>
  readdirSync(drop, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes(reference))
    .sort();

async function refusedRun(parents = 1) {
  const family = await world.family(parents);
  const runId = await world.request(family);
  await world.act(runId, 'decideNotToAssess', {
    reasons: reasons.map((one) => `${one} (${runId.slice(-4)})`),
    evidence: [{ title: 'School report', author: 'The school', date: '2026-12-01' }],
  });
  const refusals = (await world.letters(runId)).filter(({ letter }) => letter === 'assessment.refuse');
  return { family, runId, refusals };
}

describe('from a decision to a letter in somebody’s hands', () => {
  it('drafts, is approved by a second person, is dropped once, and meets the duty on the day it left', async () => {
    const {
      runId,
      refusals: [letter],
    } = await refusedRun();
    if (letter === undefined) throw new Error('no letter');
    expect(letter.status).toBe('drafted');
    const preview = await world.as(world.senior, (tx) => world.desk.preview(tx, letter.id));
    expect(preview?.problems).toEqual([]);
    expect(preview?.html).toContain('caught up by six months');
    expect(await world.desk.approve(letter.id, world.senior)).toMatchObject({
      done: false,
      refusal: { kind: 'forbidden' },
    });
    expect(await world.desk.approve(letter.id, world.caseworker)).toMatchObject({
      done: false,
      refusal: { kind: 'forbidden' },
    });
    expect(await world.desk.approve(letter.id, approver())).toMatchObject({ done: true, status: 'approved' });
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: null });

    world.clock.moveTo('2027-01-13');
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'sent', sentOn: '2027-01-13' });
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'sent', sentOn: '2027-01-13' });
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: '2027-01-13' });
    expect(await world.deadline(runId, 'appeal.time-limit')).toMatchObject({ due_by: '2027-03-13' });
    expect(files(letter.reference)).toEqual([
      `levelshire/2027-01-13/${letter.reference}.json`,
      `levelshire/2027-01-13/${letter.reference}.pdf`,
    ]);
    const manifest = JSON.parse(readFileSync(join(drop, `levelshire/2027-01-13/${letter.reference}.json`), 'utf8'));
    const pdf = readFileSync(join(drop, `levelshire/2027-01-13/${letter.reference}.pdf`));
    expect(manifest.sha256).toBe(createHash('sha256').update(pdf).digest('hex'));
    const [facts] = await world.test.ownerQuery<{ count: number }>(
      `select count(*)::int as count from engine.fact where command_key = $1`,
      [`sent:${letter.id}`],
    );
    expect(facts?.count).toBe(1);
    const [row] = await world.test.ownerQuery<{ html: string; served_on: string }>(
      `select html, served_on::text from letters.letter where id = $1`,
      [letter.id],
    );
    expect(row?.html).toContain('13 January 2027');
    expect(row?.html).toContain('13 March 2027');
    expect(row?.served_on).toBe('2027-01-15');
  });

  it.each<HandOverStep>(['claimed', 'written', 'typeset', 'stored', 'dropped', 'marked', 'noted'])(
    'loses nothing and sends nothing twice when it dies after it was %s',
    async (step) => {
      const {
        runId,
        refusals: [letter],
      } = await refusedRun();
      if (letter === undefined) throw new Error('no letter');
      expect(await world.desk.approve(letter.id, approver())).toMatchObject({ done: true });
      const day = world.clock.today();
      await expect(
        handOver((reached) => {
          if (reached === step) throw new Error('killed');
        }).handOver('levelshire', letter.id),
      ).rejects.toThrow('killed');
      // Not to be sent on the next day: what lies in the folder counts as sent on its own day, what does not gets a new date.
      world.clock.moveTo('2027-01-14', '10:00:00');
      const dropped = ['dropped', 'marked', 'noted'].includes(step);
      const sentOn = dropped ? day : '2027-01-14';
      expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'sent', sentOn });
      expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'sent', sentOn });
      expect(files(letter.reference)).toEqual([
        `levelshire/${sentOn}/${letter.reference}.json`,
        `levelshire/${sentOn}/${letter.reference}.pdf`,
      ]);
      const [row] = await world.test.ownerQuery<{ sha256: string; letter_date: string; count: number }>(
        `select sha256, letter_date::text, (select count(*)::int from engine.fact where command_key = 'sent:' || l.id) as count from letters.letter l where id = $1`,
        [letter.id],
      );
      expect(row).toMatchObject({ letter_date: sentOn, count: 1 });
      expect(row?.sha256).toBe(
        createHash('sha256')
          .update(readFileSync(join(drop, `levelshire/${sentOn}/${letter.reference}.pdf`)))
          .digest('hex'),
      );
      expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: sentOn });
      world.clock.moveTo('2027-01-13');
    },
  );

  it('sends two parents at two addresses a letter each, and the duty is met when the last has left', async () => {
    const { runId, refusals } = await refusedRun(2);
    expect(refusals).toHaveLength(2);
    const [first, last] = refusals;
    if (first === undefined || last === undefined) throw new Error('no letters');
    for (const { id } of refusals) expect(await world.desk.approve(id, approver())).toMatchObject({ done: true });
    await handOver().handOver('levelshire', first.id);
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: null });
    world.clock.moveTo('2027-01-15');
    await handOver().handOver('levelshire', last.id);
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: '2027-01-15' });
    world.clock.moveTo('2027-01-13');
  });

  it('holds a letter whose address changed after approval, and lets it go after a second person’s word', async () => {
    const {
      family,
      refusals: [letter],
    } = await refusedRun();
    const [parent] = family.parents;
    if (letter === undefined || parent === undefined) throw new Error('no letter');
    await world.desk.approve(letter.id, approver());
    await world.as(world.caseworker, (tx) =>
      setAddress(tx, parent.personId, { lines: ['9 New Road', 'Levelham'], postcode: 'LV9 9ZZ' }, world.clock.today()),
    );
    expect(await handOver().handOver('levelshire', letter.id)).toMatchObject({ is: 'held' });
    expect(files(letter.reference)).toEqual([]);
    expect(await world.desk.release(letter.id, 'short', approver())).toMatchObject({
      done: false,
      refusal: { kind: 'invalid' },
    });
    expect(
      await world.desk.release(letter.id, 'The mother rang and confirmed her new address', approver()),
    ).toMatchObject({ done: true, status: 'approved' });
    expect(await handOver().handOver('levelshire', letter.id)).toMatchObject({ is: 'sent' });
  });

  it('holds a letter to somebody who may not receive it any more', async () => {
    const {
      family,
      refusals: [letter],
    } = await refusedRun();
    const [parent] = family.parents;
    if (letter === undefined || parent === undefined) throw new Error('no letter');
    await world.desk.approve(letter.id, approver());
    await world.as(world.caseworker, (tx) =>
      changeRelationship(tx, parent.relationshipId, { parentalResponsibility: 'not-known' }, world.clock.today()),
    );
    expect(await handOver().handOver('levelshire', letter.id)).toMatchObject({ is: 'held' });
    expect(
      await world.test.ownerQuery('select text from case_file.notice where child_id = $1', [family.child.id]),
    ).toHaveLength(1);
  });

  const byEmail = { safeChannel: 'email', emailAgreed: true } as const;
  const reachedBy = (family: Family, changes: RelationshipChanges) =>
    world.as(world.caseworker, async (tx) => {
      const [parent] = family.parents;
      if (parent === undefined) throw new Error('no parent');
      await setContact(tx, parent.personId, 'email', 'ruth@safe.example', '2027-01-01');
      await changeRelationship(tx, parent.relationshipId, changes, world.clock.today());
    });
  const onlyEmail =
    'Only email is safe for this person, and this service cannot send email yet. Ask for a safe postal address, or ring them';

  it('posts nothing to somebody for whom only email is safe, until a senior chooses post for a reason', async () => {
    const {
      family,
      runId,
      refusals: [letter],
    } = await refusedRun();
    if (letter === undefined) throw new Error('no letter');
    await reachedBy(family, byEmail);
    expect(await world.desk.approve(letter.id, approver())).toMatchObject({ done: true });
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'held', cause: onlyEmail });
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'nothing' });
    expect(files(letter.reference)).toEqual([]);
    const now = async () => (await world.letters(runId)).find(({ id }) => id === letter.id);
    expect(await now()).toMatchObject({ status: 'held', problem: onlyEmail });
    expect(
      await world.test.ownerQuery('select text, staff_id, due_on::text from case_file.notice where child_id = $1', [
        family.child.id,
      ]),
    ).toEqual([
      {
        text: `A letter is held and has not left: ${onlyEmail}.`,
        staff_id: world.caseworker.staffId,
        due_on: world.clock.today(),
      },
    ]);
    // The law's day runs on.
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: null });

    const because = 'She rang and asked for it by post to her sister';
    expect(await world.desk.release(letter.id, 'short', approver())).toMatchObject({ refusal: { kind: 'invalid' } });
    expect(await world.desk.release(letter.id, because, world.caseworker)).toMatchObject({
      refusal: { kind: 'forbidden' },
    });
    expect(await now()).toMatchObject({ status: 'held' });
    expect(await world.desk.release(letter.id, because, approver())).toMatchObject({ done: true, status: 'approved' });
    expect(
      await world.test.ownerQuery(
        `select l.post_instead_of as instead, a.reason, a.fields, a.actor from letters.letter l join access.audit a on a.object = 'letter ' || l.id
         where l.id = $1 and a.action = 'releaseHeldLetter' and a.outcome = 'done'`,
        [letter.id],
      ),
    ).toEqual([{ instead: 'email', reason: because, fields: ['channel'], actor: approver().staffId }]);
    expect(await handOver().handOver('levelshire', letter.id)).toMatchObject({ is: 'sent' });
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({
      met_on: world.clock.today(),
    });
  });

  it.each([
    ['who agreed to email', byEmail, onlyEmail],
    ['who asked for email and did not agree to letters by it', { safeChannel: 'email' as const }, onlyEmail],
    ['whose online account is not there yet', { safeChannel: 'portal' as const }, /^Only an online account is safe/],
    ['whom only the phone reaches', { safeChannel: 'phone' as const }, 'The recipient may not receive it'],
  ])('holds a letter that needs no approval too, to somebody %s', async (_who, changes, cause) => {
    const family = await world.family();
    const runId = await world.request(family);
    const letter = (await world.letters(runId)).find((one) => one.letter === 'assessment.ack-request');
    if (letter === undefined) throw new Error('no letter');
    await reachedBy(family, changes);
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({
      is: 'held',
      cause: typeof cause === 'string' ? cause : expect.stringMatching(cause),
    });
    expect(files(letter.reference)).toEqual([]);
  });

  it('is not released to where nothing can be posted: without an address, or to the phone alone', async () => {
    const run = async (changes: RelationshipChanges) => {
      const { family, refusals } = await refusedRun();
      const [letter] = refusals;
      if (letter === undefined) throw new Error('no letter');
      await reachedBy(family, changes);
      await world.test.ownerQuery('update case_file.address set until_day = from_day where person_id = $1', [
        family.parents[0]?.personId,
      ]);
      expect((await world.as(world.senior, (tx) => world.desk.preview(tx, letter.id)))?.problems.length).toBe(
        changes.safeChannel === 'phone' ? 1 : 0,
      );
      await world.test.ownerQuery(`update letters.letter set status = 'held' where id = $1`, [letter.id]);
      return world.desk.release(letter.id, 'There is no other way to reach her', approver());
    };
    expect(await run(byEmail)).toMatchObject({ done: false, refusal: { kind: 'not-now', rule: 'address' } });
    expect(await run({ safeChannel: 'phone' })).toMatchObject({
      done: false,
      refusal: { kind: 'not-now', message: expect.stringContaining('Ring them') },
    });
  });

  it('says before a decision whose letter would be held for want of a safe way', async () => {
    const family = await world.family();
    const runId = await world.request(family);
    await reachedBy(family, byEmail);
    const checked = await world.as(world.senior, (tx) =>
      world.desk.checkDecision(tx, { runId }, 'decideToAssess', {}, world.clock.today()),
    );
    expect(checked.held).toEqual([`${onlyEmail.replace('this person', `Ms Ruth ${family.child.lastName}`)}.`]);
  });

  it('sends a protected address to its owner alone, and shows it on no page', async () => {
    const {
      family,
      refusals: [letter],
    } = await refusedRun();
    const [parent] = family.parents;
    if (letter === undefined || parent === undefined) throw new Error('no letter');
    await world.as(world.caseworker, (tx) =>
      protectAddress(tx, world.caseworker, testKeys, {
        personId: parent.personId,
        address: { lines: ['3 Refuge Row', 'Levelham'], postcode: 'LV8 8QQ' },
        reason: 'She has fled violence at home',
        confirmedBy: world.senior.staffId,
        on: world.clock.today(),
      }),
    );
    expect(await world.desk.approve(letter.id, approver())).toMatchObject({ done: true });
    expect(await handOver().handOver('levelshire', letter.id)).toMatchObject({ is: 'sent' });
    const [row] = await world.test.ownerQuery<{ html: string; values: object; protected: boolean }>(
      'select html, values, address_protected as protected from letters.letter where id = $1',
      [letter.id],
    );
    expect(row?.protected).toBe(true);
    expect(`${row?.html} ${JSON.stringify(row?.values)}`).not.toMatch(/Refuge|LV8 8QQ/);
    expect(row?.html).toContain('Address not to be shared');
    const [file] = await world.test.ownerQuery<{ pdf: Buffer | null; sealed: Buffer }>(
      'select pdf, pdf_sealed as sealed from letters.letter where id = $1',
      [letter.id],
    );
    expect(file?.pdf).toBeNull();
    expect(file?.sealed.subarray(0, 4).toString()).not.toBe('%PDF');
    const read = (reason?: string) =>
      world.as(world.caseworker, (tx) => world.desk.file(tx, letter.id, world.caseworker, reason));
    expect(await read()).toMatchObject({ refusal: { rule: 'reason-needed' } });
    expect(await read('To answer a call about this very letter')).toMatchObject({ pdf: expect.any(Buffer) });
  });

  it('asks the reason for a letter that left before its reader’s address, or another’s beside the child, was protected', async () => {
    for (const whose of [0, 1]) {
      const { family, refusals } = await refusedRun(2);
      const protectedOne = family.parents[whose];
      const letter = refusals.find((one) => one.recipient === `person:${family.parents[0]?.personId}`);
      if (letter === undefined || protectedOne === undefined) throw new Error('no letter');
      expect(await world.desk.approve(letter.id, approver())).toMatchObject({ done: true });
      expect(await handOver().handOver('levelshire', letter.id)).toMatchObject({ is: 'sent' });
      const read = (reason?: string) =>
        world.as(world.caseworker, (tx) => world.desk.file(tx, letter.id, world.caseworker, reason));
      const shown = () => world.as(world.caseworker, (tx) => world.desk.preview(tx, letter.id));
      const bytes = () => world.as(world.caseworker, (tx) => world.desk.pdfOf(tx, letter.id));
      expect(await read()).toMatchObject({ pdf: expect.any(Buffer) });
      const [before, sent] = [await shown(), await bytes()];
      const lines = before?.values?.recipient.addressLines ?? [];
      expect(before?.html).toContain(lines[0]);
      await world.as(world.caseworker, (tx) =>
        protectAddress(tx, world.caseworker, testKeys, {
          personId: protectedOne.personId,
          address: { lines: lines.slice(0, -1), postcode: lines.at(-1) ?? '' },
          reason: 'She has fled violence at home',
          confirmedBy: world.senior.staffId,
          on: world.clock.today(),
        }),
      );
      expect(await read()).toMatchObject({ refusal: { rule: 'reason-needed' } });
      expect(await read('To answer a call about this very letter')).toEqual({ pdf: sent });
      const after = await shown();
      expect(after?.html).toContain('Address not to be shared');
      // The town between the two is the council's own as well.
      for (const line of [lines[0], lines.at(-1)]) expect(JSON.stringify(after)).not.toContain(line);
      expect((await bytes())?.equals(sent ?? Buffer.alloc(0))).toBe(false);
    }
  });

  it('finds another person’s protected postcode in free text when the letter is about to leave', async () => {
    const family = await world.family();
    await world.as(world.caseworker, async (tx) => {
      const other = await addPerson(tx, {
        kind: 'adult',
        title: 'Mr',
        firstNames: 'Otto',
        lastName: 'Elsewhere',
        from: '2020-01-01',
      });
      await relate(tx, {
        childId: family.child.id,
        personId: other,
        kind: 'parent',
        fromDay: '2020-01-01',
        parentalResponsibility: 'no',
        confirmedBy: world.senior.staffId,
      });
      await protectAddress(tx, world.caseworker, testKeys, {
        personId: other,
        address: { lines: ['7 Hidden Way'], postcode: 'LV7 7HH' },
        reason: 'He must not be found by anybody',
        confirmedBy: world.senior.staffId,
        on: world.clock.today(),
      });
    });
    const runId = await world.request(family);
    await world.act(runId, 'decideNotToAssess', {
      reasons: ['His father now lives near lv77hh and helps with reading.'],
    });
    const letter = (await world.letters(runId)).find((one) => one.letter === 'assessment.refuse');
    if (letter === undefined) throw new Error('no letter');
    await world.desk.approve(letter.id, approver());
    expect(await handOver().handOver('levelshire', letter.id)).toMatchObject({ is: 'held' });
    expect(files(letter.reference)).toEqual([]);
  });

  it('refuses reasons that are another child’s, and takes the writer’s own instead', async () => {
    const same = ['Exactly these words were written for somebody else.'];
    const [first, second] = [await world.family(), await world.family()];
    const runs = [await world.request(first), await world.request(second)] as const;
    await world.act(runs[0], 'decideNotToAssess', { reasons: same });
    const before = await world.as(world.senior, (tx) =>
      world.desk.checkDecision(tx, { runId: runs[1] }, 'decideNotToAssess', { reasons: same }, world.clock.today()),
    );
    expect(before.problems.map(({ rule }) => rule)).toContain('reasons');
    await world.act(runs[1], 'decideNotToAssess', { reasons: same });
    const letter = (await world.letters(runs[1])).find((one) => one.letter === 'assessment.refuse');
    if (letter === undefined) throw new Error('no letter');
    expect(await world.desk.approve(letter.id, approver())).toMatchObject({
      done: false,
      refusal: { kind: 'not-now', rule: 'reasons' },
    });
    expect(await world.desk.giveBack(letter.id, 'Write about this child', approver())).toMatchObject({ done: true });
    expect(
      await world.desk.rewrite(letter.id, { reasons: ['These words are about this child alone.'] }, world.caseworker),
    ).toMatchObject({ done: true });
    expect(await world.desk.approve(letter.id, world.senior)).toMatchObject({ done: true, status: 'approved' });
  });

  it('says before a decision what its letters lack', async () => {
    const family = await world.family();
    const runId = await world.request(family);
    const checked = await world.as(world.senior, (tx) =>
      world.desk.checkDecision(tx, { runId }, 'decideNotToAssess', {}, world.clock.today()),
    );
    expect(checked.letters.map(({ letter }) => letter)).toContain('assessment.refuse');
    expect(checked.problems).toContainEqual(
      expect.objectContaining({ rule: 'missing-value', field: 'reasons', letter: 'assessment.refuse' }),
    );
    const first = await world.as(world.senior, (tx) =>
      world.desk.checkDecision(
        tx,
        { runId: null, childId: family.child.id, workflow: 'needs-assessment' },
        'receiveRequest',
        { from: 'parent' },
        world.clock.today(),
      ),
    );
    expect(first.problems).toEqual([]);
    expect(first.letters.map(({ letter }) => letter)).toContain('assessment.ack-request');
  });

  it('cancels what the case no longer waits for', async () => {
    const {
      runId,
      refusals: [letter],
    } = await refusedRun();
    if (letter === undefined) throw new Error('no letter');
    await world.desk.approve(letter.id, approver());
    const waits = await world.engine.act(
      runId,
      { command: 'recordDeath', key: `death-${runId}`, fields: { on: world.clock.today() } },
      world.caseworker,
    );
    if (waits.done || !('waits' in waits)) throw new Error('it should wait');
    expect(await world.engine.confirm(waits.waits.proposalId, world.senior)).toMatchObject({ done: true });
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'nothing' });
    expect((await world.letters(runId)).find(({ id }) => id === letter.id)?.status).toBe('cancelled');
  });

  it('puts the last day that the draft’s letter printed on record, and refuses to go on inside it', async () => {
    const family = await world.family();
    world.clock.moveTo('2027-02-02');
    const runId = await world.request(family);
    await world.act(runId, 'decideToAssess');
    await world.act(runId, 'decideToIssue', {
      reasons: ['Rowan needs more than the school can give from what it has.'],
    });
    await world.act(runId, 'sendDraftPlan');
    const draft = (await world.letters(runId)).find((one) => one.letter === 'plan.draft');
    if (draft === undefined) throw new Error('no draft');
    world.clock.moveTo('2027-02-05');
    expect(await handOver().handOver('levelshire', draft.id)).toMatchObject({ is: 'sent' });
    // Posted on a Friday, served on Tuesday the 9th: the fifteenth day is the 23rd.
    const [run] = await world.test.ownerQuery<{ promised: Record<string, string>; served: string }>(
      `select place #> '{context,promised}' as promised, place #>> '{context,facts,draftPlanServed}' as served from engine.run where id = $1`,
      [runId],
    );
    expect(run).toEqual({ served: '2027-02-09', promised: { 'plan.representations-window': '2027-02-23' } });
    world.clock.moveTo('2027-02-23');
    const place = () =>
      world.engine.act(
        runId,
        {
          command: 'namePlacement',
          key: `place-${world.clock.today()}-${runId}`,
          fields: { on: world.clock.today(), type: 'a mainstream school', reasons: ['It can meet these needs.'] },
        },
        world.senior,
      );
    expect(await place()).toMatchObject({ done: false, refusal: { kind: 'not-now' } });
    world.clock.moveTo('2027-02-24');
    expect(await place()).toMatchObject({ done: true });
  });

  it('binds itself to a printed day that moved off a weekend', async () => {
    const family = await world.family();
    world.clock.moveTo('2027-03-01');
    const runId = await world.request(family);
    await world.act(runId, 'decideToAssess');
    await world.act(runId, 'decideToIssue', { reasons: ['Rowan needs more than a school can give alone.'] });
    await world.act(runId, 'sendDraftPlan');
    const draft = (await world.letters(runId)).find((one) => one.letter === 'plan.draft');
    if (draft === undefined) throw new Error('no draft');
    // Sent on Wednesday 10 March, served on Friday the 12th: the fifteenth day is Good Friday, 26 March. Printed: Tuesday the 30th.
    world.clock.moveTo('2027-03-10');
    expect(await handOver().handOver('levelshire', draft.id)).toMatchObject({ is: 'sent' });
    const [row] = await world.test.ownerQuery<{ html: string }>('select html from letters.letter where id = $1', [
      draft.id,
    ]);
    expect(row?.html).toContain('30 March 2027');
    const place = (day: string) => {
      world.clock.moveTo(day);
      return world.engine.act(
        runId,
        {
          command: 'namePlacement',
          key: `place-${day}-${runId}`,
          fields: { on: day, type: 'a mainstream school', reasons: ['It can meet these needs.'] },
        },
        world.senior,
      );
    };
    expect(await place('2027-03-27')).toMatchObject({ done: false, refusal: { kind: 'not-now' } });
    expect(await place('2027-03-30')).toMatchObject({ done: false, refusal: { kind: 'not-now' } });
    expect(await place('2027-03-31')).toMatchObject({ done: true });
  });
});
