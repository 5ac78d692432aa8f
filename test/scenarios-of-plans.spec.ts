import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPlanVersion } from '@send/case-file';
import { LetterDesk } from '@send/correspondence';
import { dataFolder, newId } from '@send/database';
import { deadlines, isBreach, type Place } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { loadCatalogue } from '../libs/letters/src/catalogue';
import { CaseWorld, done, type Family, testKeys } from './builders/case-with-family';
import { type Dates, datesOf, Post } from './builders/post';

/** Stories of plans and their reviews, day by day, as in scenarios.spec.ts. */

let world: CaseWorld;
let post: Post;
let folder: string;
beforeAll(async () => {
  world = await CaseWorld.open('2027-01-11');
  post = new Post(world);
  folder = mkdtempSync(join(dataFolder(), 'test', 'plans-'));
}, 120_000);
afterAll(async () => {
  await post.close();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

const dates = (runId: string, ...duties: string[]): Promise<Dates> => datesOf(world, runId, duties);
const provision = [
  {
    id: 'f1',
    section: 'F' as const,
    what: 'Reading lessons',
    howOften: 'four times a week',
    howLong: '30 minutes',
    who: 'The school',
    where: 'At school',
  },
];

/** A request on 11 January, decided in time, with the draft sent to the mother on that day. */
async function drafted(on: string, why: string): Promise<{ family: Family; runId: string; planVersion: string }> {
  world.clock.moveTo('2027-01-11');
  const family = await world.family();
  const runId = await world.request(family);
  world.clock.moveTo('2027-02-15');
  await world.act(runId, 'decideToAssess');
  await post.goesOut(runId);
  world.clock.moveTo(on);
  await world.act(runId, 'decideToIssue', { reasons: [why] });
  const { id: planVersion } = await world.as(world.caseworker, (tx) =>
    addPlanVersion(tx, family.child.id, 'draft', { sections: { A: 'Hopes', F: 'Help' }, provision }),
  );
  await world.act(runId, 'sendDraftPlan', { planVersion });
  expect(await post.goesOut(runId)).toContain(`plan.draft to Ruth ${family.child.lastName}`);
  return { family, runId, planVersion };
}
const second = () => ({ ...world.senior, staffId: newId(), name: 'Second' });
const final = (runId: string, planVersion?: string) => ({
  runId,
  given: {
    command: 'issueFinalPlan',
    key: newId(),
    confirmed: true,
    fields: { on: world.clock.today(), ...(planVersion === undefined ? {} : { planVersion }) },
  },
});
const act = ({ runId, given }: ReturnType<typeof final>) =>
  world.engine.act(runId, given, world.senior, { confirmedBy: second() });
const record = ({ runId, given }: ReturnType<typeof final>) =>
  world.engine.record(runId, given, world.senior, { confirmedBy: second() });
const runsOf = (family: Family) =>
  world.test.ownerQuery<{ id: string; workflow: string; position: string; closed: boolean }>(
    'select id, workflow, position, closed from engine.run where child_id = $1 order by id',
    [family.child.id],
  );

/** What of the law a case has broken, as anybody would see it in summer. */
const breaches = async (runId: string): Promise<string[]> => {
  const [run] = await world.test.ownerQuery<{ place: Place }>('select place from engine.run where id = $1', [runId]);
  if (run === undefined) throw new Error('There is no such run');
  return deadlines(run.place)
    .filter((row) => isBreach(row, '2027-05-31'))
    .map(({ duty }) => duty);
};

describe('a final plan inside the family’s fifteen days', () => {
  it('is refused until they are over, and then until the placement is decided', async () => {
    // Monday 12 April: posted, so served on the 14th; the fifteenth day is Wednesday 28 April.
    const { family, runId, planVersion } = await drafted('2027-04-12', 'He needs more reading help than school has.');
    const ruth = `Ruth ${family.child.lastName}`;
    const both = ['plan.issue-final', 'plan.representations-window'];
    const asPrinted = {
      'plan.issue-final': { due: '2027-05-31' },
      'plan.representations-window': { due: '2027-04-28' },
    };
    expect(await dates(runId, ...both)).toEqual(asPrinted);

    // Wednesday 28 April, the last day that is theirs.
    world.clock.moveTo('2027-04-28');
    expect(await act(final(runId, planVersion))).toMatchObject({
      done: false,
      refusal: {
        kind: 'not-now',
        rule: 'SEND Regs 2014 reg 13(1)(a)',
        message: expect.stringContaining('at least 15 days to comment, counted from 14 April 2027'),
      },
    });
    expect(await dates(runId, ...both)).toEqual(asPrinted);
    expect(await post.goesOut(runId)).toEqual([]);

    // Thursday 29 April: they are over, and the next thing that is missing is named.
    world.clock.moveTo('2027-04-29');
    expect(await act(final(runId, planVersion))).toMatchObject({
      done: false,
      refusal: {
        kind: 'not-now',
        rule: 'CFA 2014 ss.39 and 40',
        message: expect.stringContaining('Decide the placement'),
      },
    });
    const placement = { setting: family.settingId, type: 'a mainstream primary school', reasons: ['It can do it.'] };
    await world.act(runId, 'namePlacement', placement);
    done(await act(final(runId, planVersion)));
    expect(await post.goesOut(runId)).toContain(`plan.final to ${ruth}`);
    expect(await dates(runId, ...both)).toEqual({
      'plan.issue-final': { due: '2027-05-31', met: '2027-04-29' },
      'plan.representations-window': { due: '2027-04-28', ended: '2027-04-29' },
    });
    expect(await breaches(runId)).toEqual([]);
  }, 300_000);

  it('recorded as history, it is taken, and the window that was cut short is a breach', async () => {
    // Monday 15 February: served on the 17th; the fifteenth day is Wednesday 3 March.
    const { family, runId } = await drafted('2027-02-15', 'She needs more speech help than school has.');
    world.clock.moveTo('2027-02-24');
    expect(done(await record(final(runId)))).toMatchObject({ position: 'planIssued', letters: 0 });
    expect(await post.goesOut(runId)).toEqual([]);
    expect(await dates(runId, 'plan.issue-final', 'plan.representations-window')).toEqual({
      'plan.issue-final': { due: '2027-05-31', met: '2027-02-24' },
      'plan.representations-window': { due: '2027-03-03', ended: '2027-02-24' },
    });
    expect(await breaches(runId)).toEqual(['plan.representations-window']);
    expect((await runsOf(family)).map(({ workflow }) => workflow).sort()).toEqual([
      'annual-review',
      'needs-assessment',
      'provision-check',
    ]);
  }, 300_000);
});

describe('the template is changed between the draft and the final plan', () => {
  it('the draft that was sent keeps its bytes and version; the final has the version in force on its day', async () => {
    const { family, runId, planVersion } = await drafted('2027-04-12', 'He needs help with numbers, and much of it.');
    interface Sent {
      letter: string;
      version: string;
      sha256: string;
      reference: string;
    }
    const sent = async (letter: string): Promise<Sent> => {
      const [row] = await world.test.ownerQuery<Sent>(
        `select letter, template_version as version, sha256, reference from letters.letter
         where run_id = $1 and letter = $2 and status = 'sent'`,
        [runId, letter],
      );
      if (row === undefined) throw new Error(`${letter} was not sent`);
      return row;
    };
    const draft = await sent('plan.draft');
    const dropped = post.bytes(draft.reference, '2027-04-12');
    expect(createHash('sha256').update(dropped).digest('hex')).toBe(draft.sha256);

    // From Saturday 1 May both letters have new words; the old ones are kept beside them.
    const templates = join(folder, 'templates');
    cpSync(join(process.cwd(), 'templates'), templates, { recursive: true });
    for (const name of ['draft', 'final']) {
      const file = join(templates, 'letters/plan', `${name}.hbs`);
      const old = readFileSync(file, 'utf8');
      writeFileSync(
        join(templates, 'letters/plan', `${name}@1.hbs`),
        old.replace("[2014-09-01, '']", '[2014-09-01, 2027-04-30]'),
      );
      const changed = old
        .replace("version: '1'", "version: '2'")
        .replace("[2014-09-01, '']", "[2027-05-01, '']")
        .replace('{{> letterhead}}\n', '{{> letterhead}}\n<p>We have made our letters shorter.</p>\n');
      expect(changed).not.toBe(old);
      writeFileSync(file, changed);
    }
    const desk = new LetterDesk({
      database: world.test.database,
      workflows,
      keys: testKeys,
      clock: world.clock,
      catalogue: loadCatalogue(templates),
    });

    // Monday 10 May: the final plan.
    world.clock.moveTo('2027-05-10');
    await world.act(runId, 'namePlacement', {
      type: 'a mainstream primary school',
      reasons: ['It has a class for this.'],
    });
    done(await act(final(runId, planVersion)));
    expect(await post.goesOut(runId, desk)).toContain(`plan.final to Ruth ${family.child.lastName}`);
    expect(await sent('plan.final')).toMatchObject({ version: '2' });
    expect(await sent('plan.draft')).toEqual({ ...draft, version: '1' });

    // Read again, by the desk that has the new words: the draft is the page and the bytes that left.
    const read = await world.as(world.caseworker, async (tx) => {
      const [row] = await tx.query<{ id: string }>('select id from letters.letter where reference = $1', [
        draft.reference,
      ]);
      const id = row?.id ?? '';
      return { page: await desk.preview(tx, id), pdf: await desk.pdfOf(tx, id) };
    });
    expect(read.pdf?.equals(dropped)).toBe(true);
    expect(read.page?.html).toContain('12 April 2027');
    expect(read.page?.html).not.toContain('We have made our letters shorter');
    const [page] = await world.test.ownerQuery<{ html: string }>(
      `select html from letters.letter where run_id = $1 and letter = 'plan.final'`,
      [runId],
    );
    expect(page?.html).toContain('We have made our letters shorter');
  }, 300_000);
});
