import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@send/database';
import type { Command, Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { CaseWorld, type Family } from '../../../../test/builders/case-with-family';
import { headingOf, hiddenOf, PageApp } from '../../../../test/builders/page-app';
import { beginProcess, secondSenior } from '../../../../test/builders/process-run';

let world: CaseWorld;
let pages: PageApp;
/** A child with one run of every process. */
let family: Family;
const runs = new Map<string, string>();

beforeAll(async () => {
  world = await CaseWorld.open('2026-11-20');
  pages = await PageApp.open(world);
  family = await world.family(1);
  const second = await secondSenior(world);
  const ids = { setting: family.settingId, adviser: family.advisers.psychology };
  for (const workflow of workflows)
    runs.set(
      workflow.id,
      await beginProcess(world, workflow, { childId: family.child.id, on: '2026-11-10', ids, second }),
    );
}, 300_000);
afterAll(async () => {
  await pages.close();
  await world.close();
});

const given = workflows.flatMap((workflow) =>
  Object.entries(workflow.commands.table)
    .filter(([, command]) => command.system !== true)
    .map(([name, command]) => ({ id: `${workflow.id} ${name}`, workflow, name, command })),
);

/** The command's own page; what receives a request has pages of its own. */
const addressOf = (workflow: Workflow, name: string, command: Command): string =>
  command.begins === true
    ? `/cases/${family.child.id}/start/${workflow.id}/${name}`
    : `/cases/${family.child.id}/record/${name}?run=${runs.get(workflow.id) ?? ''}`;

describe('every command of every process', () => {
  it.each(given.filter(({ name }) => name !== 'receiveRequest'))(
    '$id has a page made from its table, which says what is wrong',
    async ({ workflow, name, command }) => {
      const address = addressOf(workflow, name, command);
      const page = await pages.get(address, world.senior);
      expect([name, page.status, headingOf(page)]).toEqual([name, 200, command.label]);
      expect([name, /undefined|\[object|NaN/.exec(page.text)]).toEqual([name, null]);
      for (const [field, of] of Object.entries(command.fields)) {
        if (of.kind === 'id' && of.optional === true) continue;
        const input = of.kind === 'day' ? `${field}-day` : of.kind === 'rows' ? `id="${field}"` : `name="${field}"`;
        expect([name, field, page.text.includes(input)]).toEqual([name, field, true]);
      }
      const empty = await pages.post(address, world.senior, {});
      expect([name, empty.status]).toEqual([name, 422]);
      expect([name, /There is a problem/.test(empty.text), /Enter the date it happened/.test(empty.text)]).toEqual([
        name,
        true,
        true,
      ]);
    },
    30_000,
  );
});

describe('a child with several processes', () => {
  const titles = workflows.map(({ title }) => title);
  const at = (tail: string) => `/cases/${family.child.id}${tail}`;

  it.each(['', '/tasks', '/dates', '/activity', '/record'])('shows them all together at “%s”', async (tail) => {
    const page = await pages.get(at(tail), world.senior);
    expect(page.status).toBe(200);
    expect(titles.filter((title) => !page.text.includes(title))).toEqual([]);
    expect(/undefined|\[object|NaN/.exec(page.text)).toBeNull();
  });

  it('lists only one where one is asked for, and none that is another child’s', async () => {
    const page = await pages.get(at(`/record?run=${runs.get('provision-check') ?? ''}`), world.senior);
    expect(page.text).toContain('/record/recordContactTried?run=');
    expect(page.text).not.toContain('/record/decideToAssess');
    const other = await world.request(await world.family(1));
    for (const run of [other, newId(), 'x', ''])
      expect([run, (await pages.get(at(`/record/decideToAssess?run=${run}`), world.senior)).status]).toEqual([
        run,
        run === '' ? 200 : 404,
      ]);
    expect(
      (await pages.get(at(`/record/recordContactTried?run=${runs.get('needs-assessment') ?? ''}`), world.senior))
        .status,
    ).toBe(404);
  });

  it('records in the process that the page is about, and in no other', async () => {
    const run = runs.get('provision-check') ?? '';
    const address = at(`/record/recordContactTried?run=${run}`);
    const check = await pages.post(address, world.senior, {
      'on-day': '20',
      'on-month': '11',
      'on-year': '2026',
      contact: 'family',
      channel: 'phone',
      door: 'act',
    });
    expect(headingOf(check)).toBe('Check before you record this');
    expect(check.text).toContain('Provision check');
    const versions = () =>
      world.test.ownerQuery<{ id: string; version: number }>(
        'select id, version from engine.run where child_id = $1 order by id',
        [family.child.id],
      );
    const before = await versions();
    const taken = await pages.post(address, world.senior, { ...hiddenOf(check), step: 'confirm' });
    expect(taken.status).toBe(303);
    const after = await versions();
    expect(after.filter((one, index) => one.version !== before[index]?.version).map(({ id }) => id)).toEqual([run]);
    const told = await pages.get(String(taken.headers['location']), world.senior);
    expect(headingOf(told)).toContain('Tried to reach them');
  });

  it('is listed once for each process in the list of cases, which can be asked for one', async () => {
    const page = await pages.get('/cases?owner=all&process=provision-check', world.senior);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Remove this filter: </span>Provision check');
    expect(page.text.match(new RegExp(`/cases/${family.child.id}"`, 'g'))?.length).toBe(1);
    const all = await pages.get('/cases?owner=all', world.senior);
    expect(all.text).toContain('a child with several is listed once for each');
  });
});

describe('starting a process', () => {
  it('is offered for every process that a person may begin, and begins it', async () => {
    const child = (await world.family(1)).child.id;
    const list = await pages.get(`/cases/${child}/start`, world.senior);
    expect(list.status).toBe(200);
    const byHand = given.filter(({ command }) => command.begins === true);
    for (const { name, workflow } of byHand.filter((one) => one.name !== 'receiveRequest'))
      expect([name, list.text.includes(`/cases/${child}/start/${workflow.id}/${name}`)]).toEqual([name, true]);
    const address = `/cases/${child}/start/provision-check/startCheckOfPlan`;
    const check = await pages.post(address, world.senior, { 'on-day': '2', 'on-month': '11', 'on-year': '2026' });
    expect(headingOf(check)).toBe('Check before you record this');
    expect(check.text).toContain('The process starts at');
    const taken = await pages.post(address, world.senior, { ...hiddenOf(check), step: 'confirm' });
    expect(taken.status).toBe(303);
    const again = await pages.post(address, world.senior, { ...hiddenOf(check), step: 'confirm' });
    expect(again.headers['location']).toBe(taken.headers['location']);
    expect((await pages.get(`/cases/${child}`, world.senior)).text).toContain('Asking family and setting');
  });

  it('is not there for what does not begin a process, nor for somebody off the case', async () => {
    for (const tail of ['provision-check/recordAccount', 'no-such/startCheckOfPlan', 'needs-assessment/receiveRequest'])
      expect([tail, (await pages.get(`/cases/${family.child.id}/start/${tail}`, world.senior)).status]).toEqual([
        tail,
        404,
      ]);
    expect((await pages.get(`/cases/${family.child.id}/start`, world.administrator)).status).toBeGreaterThanOrEqual(
      403,
    );
  });
});
