import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addAdviser, addSetting, setTerm } from '@send/case-file';
import { HandOver } from '@send/correspondence';
import { dataFolder, newId } from '@send/database';
import { Typesetter } from '@send/letters';
import { CaseWorld, done } from '../../../test/builders/case-with-family';
import { putYearSix } from '../../../test/builders/year-six';
import { listDueBy, makeReviewLists, sendReviewList } from './review-lists';

jest.setTimeout(60_000);

let world: CaseWorld;
let folder: string;
let typesetter: Typesetter;
let school: string;

beforeAll(async () => {
  world = await CaseWorld.open('2026-09-14');
  folder = mkdtempSync(join(dataFolder(), 'test', 'lists-'));
  typesetter = new Typesetter({ inProcess: true });
  ({ school } = await putYearSix(world.test.ownerQuery, 'levelshire', 3, 2027, world.senior.staffId));
  await world.as(world.senior, async (tx) => {
    // Six half-terms: only the one after Christmas begins a term.
    await setTerm(tx, school, 'Autumn 1', { from: '2026-09-02', to: '2026-10-23' });
    await setTerm(tx, school, 'Autumn 2', { from: '2026-11-02', to: '2026-12-18' });
    await setTerm(tx, school, 'Spring 1', { from: '2027-01-04', to: '2027-02-12' });
    await setTerm(tx, school, 'Spring 2', { from: '2027-02-22', to: '2027-03-25' });
    const empty = await addSetting(tx, { name: 'Nobody’s School', kind: 'School', phase: 'Primary' });
    await setTerm(tx, empty, 'Spring 1', { from: '2027-01-04', to: '2027-02-12' });
    await addAdviser(tx, {
      kind: 'health-commissioner',
      name: 'Health commissioner',
      role: 'health commissioner',
      addressLines: ['Mill Lane', 'Levelham'],
      postcode: 'LV5 1AA',
      fromDay: '2020-01-01',
    });
  });
});
afterAll(async () => {
  await typesetter.close();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

const lists = () =>
  world.test.ownerQuery<{
    id: string;
    recipient: string;
    due_by: string;
    children: { meetBy: string }[];
    sent_on: string | null;
    reference: string | null;
  }>(
    'select id, recipient, due_by::text, children, sent_on::text, reference from case_file.review_list order by recipient desc',
  );
const send = (id: string) => {
  const { desk, engine } = world;
  const handOver = new HandOver({ desk, engine, typesetter, dropFolder: folder });
  return sendReviewList(world.test.database, handOver, 'levelshire', id, '2026-12-10');
};

describe('the list of reviews before a term', () => {
  it('is due two clear weeks before the term', () => {
    expect(listDueBy('2027-01-04')).toBe('2026-12-20');
  });

  it('holds who needs a review in the term, with the day of the meeting; once for each setting and term', async () => {
    const [one, two, three] = await world.test.ownerQuery<{ id: string }>(
      'select id from case_file.child order by reference',
    );
    const begin = (childId: string, phase: string) =>
      world.engine.begin(
        'phase-transfer',
        childId,
        { command: 'startPhaseTransfer', key: newId(), fields: { on: '2026-09-14', year: 2027, phase } },
        world.senior,
      );
    done(await begin(one?.id ?? '', 'primary-to-secondary'));
    const met = done(await begin(two?.id ?? '', 'secondary-to-post-16'));
    done(await begin(three?.id ?? '', 'secondary-to-post-16'));
    done(
      await world.engine.act(
        met.runId,
        { command: 'recordReviewMeeting', key: newId(), fields: { on: '2026-09-14' } },
        world.senior,
      ),
    );
    const make = (on: string) => makeReviewLists(world.test.database, 'levelshire', on);
    expect(await make('2026-10-20')).toBe(0);
    expect(await make('2026-12-04')).toBe(0);
    expect(await make('2026-12-07')).toBe(2);
    expect(await make('2026-12-08')).toBe(0);
    const [toSchool, toHealth] = await lists();
    expect(toSchool).toMatchObject({
      recipient: `setting:${school}`,
      due_by: '2026-12-20',
      sent_on: null,
      children: [
        { childId: one?.id, why: 'Review before a move', meetBy: '2026-11-22' },
        { childId: three?.id, meetBy: '2027-01-05' },
      ],
    });
    expect(toHealth?.children).toEqual(toSchool?.children);
    expect(await world.test.ownerQuery(`select 1 from engine.outbox where kind = 'review-list'`)).toHaveLength(2);
  });

  it('is put in the print room’s folder once, however often it is sent', async () => {
    for (const { id } of await lists()) {
      expect(await send(id)).toBe('sent');
      expect(await send(id)).toBe('nothing');
    }
    const sent = await lists();
    expect(sent.map((one) => one.sent_on)).toEqual(['2026-12-10', '2026-12-10']);
    const files = readdirSync(join(folder, 'levelshire', '2026-12-10'));
    expect(files.filter((name) => name.endsWith('.pdf'))).toHaveLength(2);
    expect(files).toContain(`${sent[0]?.reference ?? ''}.pdf`);
    // After a crash between the file and its mark: the file that lies there is the one that counts.
    await world.test.ownerQuery('update case_file.review_list set sent_on = null, sha256 = null where id = $1', [
      sent[0]?.id,
    ]);
    expect(await send(sent[0]?.id ?? '')).toBe('sent');
    expect(readdirSync(join(folder, 'levelshire', '2026-12-10'))).toHaveLength(files.length);
    expect(await send(newId())).toBe('nothing');
  });
});
