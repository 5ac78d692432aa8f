import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { identityOf } from '@send/access';
import { newId } from '@send/database';
import { must, PanelWorld, refusalOf } from '../../../test/builders/panel-world';
import { buildAgenda, type AgendaItem } from './agenda';
import { drawSample } from './audit-sample';
import { ratesBy } from './consistency';
import { countyPanels, furtherPanels, type PanelKind, routeTo } from './kinds';
import { quorumFor } from './sittings';

// Whole stories on a real database.
jest.setTimeout(60_000);

describe('the audit sample', () => {
  const cases = Array.from({ length: 37 }, (_, at) => `case-${at}`);

  it('is a tenth, rounded up: 37 cases give 4', () => {
    expect(drawSample(cases, 'seed', '2027-05-31')).toHaveLength(4);
    expect([0, 1, 10, 11].map((n) => drawSample(cases.slice(0, n), 'seed', '2027-05-31').length)).toEqual([0, 1, 1, 2]);
  });

  it('drawn twice gives the same cases, in whatever order they come; another seed or day gives others', () => {
    const once = drawSample(cases, 'seed', '2027-05-31');
    expect(drawSample([...cases].reverse(), 'seed', '2027-05-31')).toEqual(once);
    expect(drawSample([...cases, ...cases], 'seed', '2027-05-31')).toEqual(once);
    expect(drawSample(cases, 'another', '2027-05-31')).not.toEqual(once);
    expect(drawSample(cases, 'seed', '2027-08-31')).not.toEqual(once);
  });

  it('takes every case about as often as any other', () => {
    const taken = new Map<string, number>();
    for (let seed = 0; seed < 500; seed += 1)
      for (const id of drawSample(cases, `seed ${seed}`, '2027-05-31')) taken.set(id, (taken.get(id) ?? 0) + 1);
    // 500 draws of 4 of 37: 54 each, and twice the spread that chance gives.
    expect(Math.min(...cases.map((id) => taken.get(id) ?? 0))).toBeGreaterThan(30);
    expect(Math.max(...cases.map((id) => taken.get(id) ?? 0))).toBeLessThan(80);
  });
});

describe('an agenda', () => {
  const item = (reference: string, legalDate: string | null, more: Partial<AgendaItem> = {}): AgendaItem => ({
    runId: reference,
    childId: reference,
    reference,
    name: reference,
    settingName: null,
    kindId: 'k',
    question: 'Should we assess?',
    position: 'referred',
    sittingId: null,
    readyOn: '2026-11-01',
    legalDate,
    recommendation: null,
    ...more,
  });

  it('is built from what is ready, the earliest legal date first, and warns of what cannot wait', () => {
    const agenda = buildAgenda({ id: 's', meetsOn: '2026-11-18' }, '2026-12-02', [
      item('none', null),
      item('later', '2027-01-04'),
      item('soon', '2026-11-30'),
      item('past', '2026-11-12'),
      item('unready', '2026-11-25', { readyOn: null }),
      item('on-b', '2026-12-10', { sittingId: 's', position: 'onAgenda' }),
      item('on-a', '2026-11-16', { sittingId: 's', position: 'onAgenda' }),
      item('elsewhere', '2026-11-20', { sittingId: 'other', position: 'onAgenda' }),
    ]);
    expect(agenda.items.map(({ reference }) => reference)).toEqual(['on-a', 'on-b']);
    expect(agenda.ready.map(({ reference }) => reference)).toEqual(['past', 'soon', 'later', 'none']);
    expect(agenda.notReady.map(({ reference }) => reference)).toEqual(['unready']);
    expect(agenda.warnings.map(({ item: one, why }) => [one.reference, why])).toEqual([
      ['past', 'Its legal date is before this sitting: decide without the panel'],
      ['on-a', 'Its legal date is before this sitting: decide without the panel'],
      ['unready', 'Its legal date is before the next sitting, and its paper is not ready'],
      ['soon', 'Its legal date is before the next sitting: hear it now, or decide without the panel'],
    ]);
  });
});

describe('several panels', () => {
  const asKind = (kind: Omit<PanelKind, 'untilDay'>): PanelKind => ({ ...kind, untilDay: null });
  const kinds = [
    ...countyPanels(['North team', 'South team', 'West team'], '2026-01-01'),
    ...furtherPanels('2026-01-01'),
  ].map(asKind);

  it('have cases routed to them by where they are, with the reason', () => {
    const child = { team: 'South team', year: 4, need: null };
    expect(routeTo(kinds, 'statutory-assessment', child)).toMatchObject([
      { kind: { id: 'assessment-mid' }, because: 'the case is with the South team' },
    ]);
    expect(routeTo(kinds, 'statutory-assessment', { ...child, team: null })).toEqual([]);
    expect(routeTo(kinds, 'placement', child)).toMatchObject([
      { kind: { id: 'placement' }, because: 'it takes every case' },
    ]);
    const early = asKind({
      ...countyPanels([], '2026-01-01')[0]!,
      id: 'early',
      routing: { years: { from: -1, to: 0 } },
    });
    expect(routeTo([early], 'statutory-assessment', child)).toEqual([]);
    expect(routeTo([early], 'statutory-assessment', { ...child, year: 0 })).toHaveLength(1);
    expect(routeTo([early], 'statutory-assessment', { ...child, year: null })).toEqual([]);
  });

  it('are compared without small numbers, also where a small one could be worked out', () => {
    const items = (panel: string, agree: number, not: number) => [
      ...Array.from({ length: agree }, () => ({
        panel,
        need: 'SLCN',
        school: 'A',
        decision: 'agree',
        recommendation: 'agree',
      })),
      ...Array.from({ length: not }, () => ({
        panel,
        need: 'SLCN',
        school: 'A',
        decision: 'do-not-agree',
        recommendation: 'do-not-agree',
      })),
    ];
    const rates = ratesBy('panel', [
      ...items('East', 12, 8),
      ...items('Mid', 10, 2),
      ...items('West', 3, 1),
      ...items('North', 30, 0),
    ]);
    expect(rates).toEqual([
      { name: 'East', decided: 20, agreed: 12, rate: 60, notFollowed: 0 },
      // Hidden beside West: the total would give West away.
      { name: 'Mid', decided: null, agreed: null, rate: null, notFollowed: null },
      { name: 'North', decided: 30, agreed: 30, rate: 100, notFollowed: 0 },
      { name: 'West', decided: null, agreed: null, rate: null, notFollowed: null },
    ]);
    expect(ratesBy('panel', items('East', 10, 2))).toEqual([
      { name: 'East', decided: 12, agreed: null, rate: null, notFollowed: 0 },
    ]);
  });

  it('count a quorum for each item, without those who have a conflict', () => {
    const attendant = (staffId: string, represents: 'chair' | 'health-officer' | 'parent-representative', state: 'present' | 'apologies') => ({
      staffId, name: staffId, represents, chairs: false, state, standsFor: null, standsForName: null,
    }); // prettier-ignore
    const there = [
      attendant('c', 'chair', 'present'),
      attendant('h', 'health-officer', 'present'),
      attendant('p', 'parent-representative', 'present'),
    ];
    const kind = asKind(countyPanels([], '2026-01-01')[0]!);
    expect(quorumFor(kind, there, [])).toMatchObject({ met: true, present: 3 });
    expect(quorumFor(kind, there, ['h'])).toEqual({
      met: false,
      present: 2,
      needed: 3,
      missingRoles: ['health-officer'],
    });
  });
});

describe('a case before a panel', () => {
  let panel: PanelWorld;
  beforeAll(async () => {
    panel = await PanelWorld.open('2026-11-04');
  });
  afterAll(() => panel.close());

  it('is heard, recommended on and signed separately; the bundle is frozen and the family told when to be heard', async () => {
    const { world, items } = panel;
    const { family, run, document, assessment } = await panel.referred('2026-11-02');
    const sitting = await panel.sitting('2026-11-18');
    must(await items.list(world.caseworker, run, { sitting }, newId()));
    expect((await world.letters(run)).map(({ letter }) => letter)).toEqual(['panel.notice-family']);

    // Nobody of the panel reads the pack before they have said whether they have a conflict.
    expect(must(await items.view(panel.health, run)).pack).toBeUndefined();
    await panel.noConflict(run, panel.chair, panel.health, panel.parentRep);
    expect(must(await items.view(panel.health, run)).pack?.documents).toMatchObject([
      { id: document, standing: 'before-it' },
    ]);
    expect(refusalOf(await items.recommend(panel.chair, run, panel.agree, newId())).message).toContain(
      'has not met yet',
    );

    world.clock.moveTo('2026-11-18', '14:00:00');
    expect(refusalOf(await items.recommend(panel.chair, run, panel.agree, newId())).message).toContain('not quorate');
    await panel.allPresent(sitting, [panel.head]);
    expect(
      refusalOf(await items.recommend(panel.chair, run, { ...panel.agree, reasons: '' }, newId())).wrong,
    ).toMatchObject([{ field: 'reasons', rule: 'missing' }]);
    expect(refusalOf(await items.recommend(panel.health, run, panel.agree, newId())).kind).toBe('forbidden');
    must(
      await items.recommend(
        panel.chair,
        run,
        {
          ...panel.agree,
          dissent: ['The health officer would wait a term.'],
          actions: [{ what: 'Ask for a hearing test', owner: 'Health', dueBy: '2026-12-01' }],
        },
        newId(),
      ),
    );
    const late = await panel.report(family, 'Came after the panel');

    const decision = { decision: 'agree', legalTest: 'CFA 2014 s 36(8)', reasons: ['Rowan may need a plan.'] };
    expect(refusalOf(await items.sign(panel.chair, run, decision, newId())).kind).toBe('forbidden');
    expect(refusalOf(await items.sign(world.senior, run, decision, newId())).message).toContain(
      'whether you have a conflict',
    );
    await panel.noConflict(run, world.senior);
    expect(refusalOf(await items.sign(world.senior, run, { ...decision, reasons: [] }, newId())).wrong).toMatchObject([
      { field: 'reasons' },
    ]);
    const key = newId();
    must(await items.sign(world.senior, run, decision, key));
    must(await items.sign(world.senior, run, decision, key));
    const after = await panel.report(family, 'Came after the decision');

    const view = must(await items.view(world.caseworker, run));
    expect(view.item.position).toBe('decided');
    expect(view.pack?.documents.map(({ id, standing }) => [id, standing])).toEqual([
      [document, 'before-it'],
      [late, 'not-before-the-panel'],
      [after, 'after-the-decision'],
    ]);
    expect(view.said.map(({ type }) => type)).toEqual([
      'panelReferred',
      'putOnAgenda',
      'panelHeard',
      'panelRecommended',
      'panelDecisionMade',
    ]);
    // The bundle cannot be rewritten, not even by the application itself.
    await expect(
      world.as(world.senior, (tx) => tx.run(`update panels.evidence set title = 'Another'`)),
    ).rejects.toThrow('permission denied');
    // The process that asked is told, once, and keeps it when somebody with a conflict works on it.
    must(await items.declare(panel.head, run, { conflict: 'earlier-decision' }));
    await world.engine.rejoin(family.child.id, panel.head);
    expect(
      await world.test.ownerQuery(
        `select payload ->> 'recommendation' as told from engine.fact where run_id = $1 and type = 'panelRecommended'`,
        [assessment],
      ),
    ).toEqual([{ told: 'agree' }]);
    // No date of the assessment has moved.
    expect(await world.deadline(assessment, 'assessment.decide-whether-to-assess')).toMatchObject({
      due_by: '2026-12-14',
      met_on: null,
    });
  });

  it('sitting cancelled: every case goes back to the pool, and the caseworker is told to tell the family', async () => {
    const { world, items, sittings } = panel;
    world.clock.moveTo('2026-11-18', '15:00:00');
    const { run, family, assessment } = await panel.referred('2026-11-18');
    const sitting = await panel.sitting('2026-12-02');
    must(await items.list(world.caseworker, run, { sitting }, newId()));
    // Whoever cancels has a conflict about it: it goes back all the same.
    must(await items.declare(panel.chair, run, { conflict: 'earlier-decision' }));
    expect(refusalOf(await sittings.cancel(panel.health, sitting, { reason: 'Snow' })).kind).toBe('forbidden');
    expect(refusalOf(await sittings.cancel(panel.chair, sitting, { reason: '' })).wrong).toMatchObject([
      { field: 'reason' },
    ]);
    expect(must(await sittings.cancel(panel.chair, sitting, { reason: 'The hall is flooded' }))).toEqual({ back: 1 });
    expect(must(await sittings.cancel(panel.chair, sitting, { reason: 'The hall is flooded' }))).toEqual({ back: 0 });
    const [row] = await world.test.ownerQuery('select position, sitting_id from panels.item where run_id = $1', [run]);
    expect(row).toEqual({ position: 'referred', sitting_id: null });
    expect(
      await world.test.ownerQuery('select text from case_file.notice where child_id = $1', [family.child.id]),
    ).toHaveLength(1);
    expect(refusalOf(await items.list(world.caseworker, run, { sitting }, newId())).wrong).toMatchObject([
      { rule: 'cancelled' },
    ]);
    const next = await panel.sitting('2026-12-16');
    must(await items.list(world.caseworker, run, { sitting: next }, newId()));
    expect(await world.deadline(assessment, 'assessment.decide-whether-to-assess')).toMatchObject({
      due_by: '2026-12-30',
    });
  });

  it('is closed to a member with a conflict: by every way in, and in the database itself', async () => {
    const { world, items, sittings } = panel;
    world.clock.moveTo('2026-11-18', '15:00:00');
    const { run, assessment } = await panel.referred('2026-11-18');
    const sitting = await panel.sitting('2026-12-03');
    must(await items.list(world.caseworker, run, { sitting }, newId()));
    expect(must(await sittings.view(panel.head, sitting)).agenda.items).toHaveLength(1);
    expect(refusalOf(await items.declare(panel.head, run, { conflict: 'other' })).wrong).toMatchObject([
      { field: 'words' },
    ]);
    expect(must(await items.declare(panel.head, run, { conflict: 'own-setting', words: 'A pupil of mine' }))).toEqual({
      closed: true,
    });

    expect(refusalOf(await items.view(panel.head, run)).kind).toBe('not-found');
    expect(refusalOf(await items.declare(panel.head, run, { conflict: 'none' })).kind).toBe('not-found');
    const seen = must(await sittings.view(panel.head, sitting));
    expect(seen).toMatchObject({ closedToMe: 1, agenda: { items: [] } });
    const rows = await world.test.database.transaction(identityOf(panel.head), async (tx) => ({
      item: await tx.query('select * from panels.item where run_id = $1', [run]),
      paper: await tx.query('select * from panels.paper where run_id = $1', [run]),
      runs: await tx.query('select * from engine.run where id = $1', [run]),
      facts: await tx.query('select * from engine.fact where run_id = $1', [run]),
      letters: await tx.query('select * from letters.letter where run_id = $1', [run]),
      changed: await tx.run(`update panels.paper set summary = 'Mine' where run_id = $1`, [run]),
      // What is not the panel's stays as it was.
      assessment: (await tx.query('select * from engine.run where id = $1', [assessment])).length,
    }));
    expect(rows).toEqual({ item: [], paper: [], runs: [], facts: [], letters: [], changed: 0, assessment: 1 });

    // A senior officer with a conflict cannot decide it either.
    must(await items.declare(world.senior, run, { conflict: 'family' }));
    const decision = { decision: 'agree', legalTest: 'CFA 2014 s 36(8)', reasons: ['Because'], whyWithout: 'No time' };
    expect(refusalOf(await items.decideWithout(world.senior, run, decision, newId())).kind).toBe('not-found');
    const direct = await world.engine.act(
      run,
      { command: 'decideWithoutPanel', key: newId(), fields: { on: '2026-11-18', criteriaVersion: '1', ...decision } },
      world.senior,
    );
    expect(direct).toMatchObject({ done: false, refusal: { kind: 'not-found' } });

    // Somebody else finds that there is none: it is open again, and they say so anew.
    await panel.noConflict(run, panel.chair);
    const declaration = must(await items.view(panel.chair, run)).declarations.find(
      ({ staffId }) => staffId === panel.head.staffId,
    );
    const lift = { declaration: declaration?.id, reason: 'The child left that school two years ago' };
    expect(refusalOf(await items.liftConflict(panel.chair, run, { ...lift, reason: 'Not so' })).wrong).toMatchObject([
      { field: 'reason' },
    ]);
    must(await items.liftConflict(panel.chair, run, lift));
    expect(must(await items.view(panel.head, run))).toMatchObject({ declared: undefined, item: { runId: run } });
  });

  it('is decided without the panel, when its date comes first', async () => {
    const { world, items, sittings } = panel;
    const { run } = await panel.referred('2026-10-12');
    const sitting = await panel.sitting('2026-12-04');
    // Six weeks from 12 October end on 23 November: before that sitting.
    expect(must(await sittings.view(panel.chair, sitting)).agenda.warnings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ item: expect.objectContaining({ runId: run, legalDate: '2026-11-23' }) }),
      ]),
    );
    await panel.noConflict(run, world.senior);
    const decision = {
      decision: 'agree',
      legalTest: 'CFA 2014 s 36(8)',
      reasons: ['Rowan may need a plan.'],
      whyWithout: 'Six weeks end first',
    };
    expect(
      refusalOf(await items.decideWithout(world.senior, run, { ...decision, reasons: '' }, newId())).wrong,
    ).toMatchObject([{ field: 'reasons' }]);
    must(await items.decideWithout(world.senior, run, decision, newId()));
    expect(must(await items.view(world.caseworker, run)).item.position).toBe('decidedWithout');
    expect(refusalOf(await items.list(world.caseworker, run, { sitting }, newId())).message).toContain(
      'decided or withdrawn',
    );
  });

  it('shows nothing to somebody of another panel, and nothing that is not before a sitting to a member', async () => {
    const { items } = panel;
    panel.world.clock.moveTo('2026-11-18', '15:00:00');
    const { run } = await panel.referred('2026-11-17');
    expect(refusalOf(await items.view(panel.health, run)).kind).toBe('not-found');
    expect(refusalOf(await items.view(panel.auditor, run)).kind).toBe('forbidden');
    expect(must(await items.view(panel.chair, run)).item.runId).toBe(run);
    for (const id of ['nothing', newId()]) expect(refusalOf(await items.view(panel.chair, id)).kind).toBe('not-found');
  });
});

describe('minutes', () => {
  let panel: PanelWorld;
  beforeAll(async () => {
    panel = await PanelWorld.open('2026-11-04');
  });
  afterAll(() => panel.close());

  it('are made from the records, locked when signed, corrected only by addition; a family has its own part', async () => {
    const { world, items, sittings } = panel;
    const one = await panel.referred('2026-11-02');
    const two = await panel.referred('2026-11-03');
    const sitting = await panel.sitting('2026-11-18');
    for (const { run } of [one, two]) must(await items.list(world.caseworker, run, { sitting }, newId()));
    must(await items.declare(panel.head, two.run, { conflict: 'own-setting' }));
    for (const { run } of [one, two]) await panel.noConflict(run, panel.chair);
    world.clock.moveTo('2026-11-18', '14:00:00');
    await panel.allPresent(sitting);
    must(await items.recommend(panel.chair, one.run, panel.agree, newId()));
    expect(refusalOf(await sittings.signMinutes(panel.chair, sitting)).message).toContain('Nothing is recorded yet');
    must(await items.recommend(panel.chair, two.run, { ...panel.agree, recommendation: 'do-not-agree' }, newId()));

    const made = must(await sittings.minutes(panel.chair, sitting));
    expect(made.minutes.signed).toBeNull();
    expect(made.minutes.parts.map(({ runId, recommendation }) => [runId, recommendation])).toEqual([
      [one.run, 'agree'],
      [two.run, 'do-not-agree'],
    ]);
    expect(made.minutes.parts[1]?.conflicts[0]).toContain('Theo Marlin took no part');
    expect(made.minutes.header.present).toHaveLength(4);
    // The member with the conflict does not read that part.
    expect(must(await sittings.minutes(panel.head, sitting)).minutes.parts.map(({ runId }) => runId)).toEqual([
      one.run,
    ]);

    expect(refusalOf(await sittings.signMinutes(panel.health, sitting)).kind).toBe('forbidden');
    const { sha256 } = must(await sittings.signMinutes(panel.chair, sitting));
    expect(refusalOf(await sittings.signMinutes(panel.chair, sitting)).kind).toBe('conflict');
    const decision = { decision: 'agree', legalTest: 'CFA 2014 s 36(8)', reasons: ['Decided later.'] };
    await panel.noConflict(one.run, world.senior);
    must(await items.sign(world.senior, one.run, decision, newId()));
    const locked = must(await sittings.minutes(panel.chair, sitting)).minutes;
    expect(locked.signed?.sha256).toBe(sha256);
    expect(locked.parts).toEqual(made.minutes.parts);
    for (const table of ['panels.minutes', 'panels.minutes_part'])
      await expect(world.as(panel.chair, (tx) => tx.run(`delete from ${table}`))).rejects.toThrow('permission denied');
    expect(refusalOf(await sittings.attend(panel.chair, sitting, { attendants: [] })).wrong.length + 1).toBeGreaterThan(
      0,
    );

    must(
      await sittings.addToMinutes(panel.chair, sitting, {
        words: 'The report was of 2026, not of 2025.',
        run: one.run,
      }),
    );
    expect(
      refusalOf(await sittings.addToMinutes(panel.chair, sitting, { words: 'x', run: newId() })).wrong,
    ).toHaveLength(1);
    expect(must(await sittings.minutes(panel.chair, sitting)).minutes).toMatchObject({
      parts: made.minutes.parts,
      additions: [{ runId: one.run, words: 'The report was of 2026, not of 2025.' }],
    });

    const part = must(await sittings.familyPart(world.caseworker, sitting, one.run));
    expect(part.additions).toEqual(['The report was of 2026, not of 2025.']);
    expect(JSON.stringify(part.part)).not.toMatch(/Theo|Uma|Invented2/);
    const other = must(await sittings.familyPart(world.caseworker, sitting, two.run));
    expect(other.part.conflicts).toEqual(['A member with a conflict took no part']);
  });
});

describe('the audit of a month', () => {
  let panel: PanelWorld;
  beforeAll(async () => {
    panel = await PanelWorld.open('2026-11-04');
  });
  afterAll(() => panel.close());

  it('is drawn once for each milestone, blind to the outcome; drawn again it is the same; findings are stored', async () => {
    const { world, items, audits } = panel;
    const sitting = await panel.sitting('2026-11-05');
    const runs: string[] = [];
    for (let at = 0; at < 11; at += 1) {
      const { run } = await panel.referred('2026-11-02');
      must(await items.list(world.caseworker, run, { sitting }, newId()));
      await panel.noConflict(run, panel.chair, world.senior);
      runs.push(run);
    }
    world.clock.moveTo('2026-11-05', '14:00:00');
    await panel.allPresent(sitting);
    for (const run of runs) {
      must(await items.recommend(panel.chair, run, panel.agree, newId()));
      must(
        await items.sign(
          world.senior,
          run,
          { decision: 'agree', legalTest: 'CFA 2014 s 36(8)', reasons: ['Because of SECRET-OUTCOME.'] },
          newId(),
        ),
      );
    }
    const wanted = { kind: PanelWorld.kind, cohort: '2026-11-30', months: '6' };
    expect(refusalOf(await audits.draw(panel.chair, wanted)).wrong).toMatchObject([{ field: 'cohort' }]);
    expect(refusalOf(await audits.draw(panel.chair, { ...wanted, cohort: '2026-10-31' })).message).toContain(
      'month before it is due',
    );
    const [open] = await world.test.ownerQuery<{ due_by: string }>(
      `select due_by::text from engine.deadline where duty = 'practice.panel-audit-10-percent' and run_id = $1`, [runs[0]]); // prettier-ignore
    expect(open?.due_by).toBe('2027-05-30');

    world.clock.moveTo('2027-05-28', '09:00:00');
    expect(refusalOf(await audits.draw(panel.auditor, wanted)).kind).toBe('forbidden');
    const { id } = must(await audits.draw(panel.chair, wanted));
    expect(must(await audits.draw(panel.chair, { ...wanted, cohort: '2026-11-01', seed: 'another' }))).toEqual({ id });
    const { draw, cases } = must(await audits.sample(panel.auditor, id));
    expect([...draw.pool].sort()).toEqual([...runs].sort());
    expect(draw.sample).toHaveLength(2);
    expect(drawSample(draw.pool, draw.seed, '2027-05-30')).toEqual(draw.sample);
    expect(await world.deadline(runs[0] ?? '', 'practice.panel-audit-10-percent')).toMatchObject({
      met_on: '2027-05-28',
    });

    const [first] = cases;
    const run = first?.runId ?? '';
    const before = must(await audits.auditedCase(panel.auditor, id, run));
    expect(JSON.stringify(before.said)).not.toMatch(/SECRET-OUTCOME|"agree"/);
    expect(before.mayFind).toBe(true);
    expect(must(await audits.auditedCase(panel.chair, id, run)).mayFind).toBe(false);
    const finding = {
      question: 'yes',
      test: 'yes',
      evidence: 'in-part',
      views: 'no',
      reasons: 'yes',
      time: 'yes',
      findings: 'The family’s views were not there.',
    };
    expect(refusalOf(await audits.find(panel.chair, id, run, finding)).kind).toBe('forbidden');
    expect(
      refusalOf(await audits.find(panel.auditor, id, run, { ...finding, test: 'perhaps', findings: '' })).wrong.map(
        ({ field }) => field,
      ),
    ).toEqual(['test', 'findings']);
    must(await audits.find(panel.auditor, id, run, finding));
    expect(refusalOf(await audits.find(panel.auditor, id, run, finding)).kind).toBe('conflict');
    const found = must(await audits.auditedCase(panel.auditor, id, run));
    expect(found.finding).toMatchObject({ checklist: { views: 'no' }, by: 'Ada Quillfeather' });
    expect(JSON.stringify(found.said)).toContain('SECRET-OUTCOME');
    expect(must(await audits.plan(panel.auditor))).toMatchObject([
      { cohort: '2026-11-30', months: 6, cases: 11, draw: { sample: 2, found: 1 } },
    ]);
    expect(must(await audits.consistency(panel.auditor)).panels).toMatchObject([
      { name: 'East assessment panel', decided: 11, rate: 100 },
    ]);
    expect(refusalOf(await audits.consistency(world.caseworker)).kind).toBe('forbidden');
  });
});
