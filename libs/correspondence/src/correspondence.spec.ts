import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { dataFolder } from '@send/database';
import { Typesetter } from '@send/letters';
import { CaseWorld } from '../../../test/builders/case-with-family';
import { HandOver, type HandOverStep } from './index';

const reasons = ['Rowan has caught up by six months in reading since September.', 'The school can keep this help going from what it has.'];

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

const handOver = (reached?: (step: HandOverStep) => void) =>
  new HandOver({ desk: world.desk, engine: world.engine, typesetter, dropFolder: drop, ...(reached === undefined ? {} : { reached }) });
const files = (reference: string): string[] =>
  readdirSync(drop, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(reference)).sort();

async function refusedRun(parents = 1) {
  const family = await world.family(parents);
  const runId = await world.request(family);
  await world.act(runId, 'decideNotToAssess', { reasons: reasons.map((one) => `${one} (${runId.slice(-4)})`), evidence: [{ title: 'School report', author: 'The school', date: '2026-12-01' }] });
  const refusals = (await world.letters(runId)).filter(({ letter }) => letter === 'assessment.refuse');
  return { family, runId, refusals };
}

describe('from a decision to a letter in somebody’s hands', () => {
  it('drafts, is approved by a second person, is dropped once, and meets the duty on the day it left', async () => {
    const { runId, refusals: [letter] } = await refusedRun();
    if (letter === undefined) throw new Error('no letter');
    expect(letter.status).toBe('drafted');
    const preview = await world.as(world.senior, (tx) => world.desk.preview(tx, letter.id));
    expect(preview?.problems).toEqual([]);
    expect(preview?.html).toContain('caught up by six months');
    expect(await world.desk.approve(letter.id, world.senior)).toMatchObject({ done: false, refusal: { kind: 'forbidden' } });
    expect(await world.desk.approve(letter.id, world.caseworker)).toMatchObject({ done: false, refusal: { kind: 'forbidden' } });
    const second = { ...world.senior, staffId: '0198a000-0000-7000-8000-000000000001', name: 'Second' };
    expect(await world.desk.approve(letter.id, second)).toMatchObject({ done: true, status: 'approved' });
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: null });

    world.clock.moveTo('2027-01-13');
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'sent', sentOn: '2027-01-13' });
    expect(await handOver().handOver('levelshire', letter.id)).toEqual({ is: 'sent', sentOn: '2027-01-13' });
    expect(await world.deadline(runId, 'assessment.decide-whether-to-assess')).toMatchObject({ met_on: '2027-01-13' });
    expect(await world.deadline(runId, 'appeal.time-limit')).toMatchObject({ due_by: '2027-03-13' });
    expect(files(letter.reference)).toEqual([`levelshire/2027-01-13/${letter.reference}.json`, `levelshire/2027-01-13/${letter.reference}.pdf`]);
    const manifest = JSON.parse(readFileSync(join(drop, `levelshire/2027-01-13/${letter.reference}.json`), 'utf8'));
    const pdf = readFileSync(join(drop, `levelshire/2027-01-13/${letter.reference}.pdf`));
    expect(manifest.sha256).toBe(createHash('sha256').update(pdf).digest('hex'));
    const [facts] = await world.test.ownerQuery<{ count: number }>(`select count(*)::int as count from engine.fact where command_key = $1`, [`sent:${letter.id}`]);
    expect(facts?.count).toBe(1);
    const [row] = await world.test.ownerQuery<{ html: string; served_on: string }>(`select html, served_on::text from letters.letter where id = $1`, [letter.id]);
    expect(row?.html).toContain('13 January 2027');
    expect(row?.html).toContain('13 March 2027');
    expect(row?.served_on).toBe('2027-01-15');
  });
});
