import { describe, expect, it } from '@jest/globals';
import type { Day } from '@send/statute';
import fc from 'fast-check';
import {
  deadlines,
  type Fact,
  fold,
  isClosed,
  type Payload,
  type Place,
  positionOf,
  type RunDeadline,
  start,
  step,
} from '@send/workflow-kit';
import { provisionCheckWorkflow as workflow } from '../index';
import type { ProvisionContext } from './provision-answers';

/** The same histories at each check; another seed draws others. */
const seed = Number(process.env['HISTORY_SEED'] ?? 1);

type Told = readonly [on: Day, type: string, payload?: Payload];

const view = (place: Place) => ({
  place,
  position: positionOf(workflow, place),
  value: place.value as Record<string, unknown>,
  check: (place.context as ProvisionContext).check,
  due: (key: string): RunDeadline | undefined => deadlines(place).find((row) => row.key === key),
  open: () => deadlines(place).flatMap((row) => (row.metOn === null && row.endedOn === null ? row.key : [])),
});

/** What was put on record, in legal order. */
function story(...told: readonly Told[]) {
  const history = told.map(([on, type, payload = {}], index): Fact => ({
    id: `f${index}`,
    type,
    on,
    door: 'record',
    by: 'somebody',
    seq: index + 1,
    payload,
  }));
  const { place, unplaced } = fold(workflow, history);
  return { unplaced, ...view(place) };
}

type Line = readonly [command: string, on: Day, fields?: Record<string, unknown>];

/** Acts one after the other. `leaves`: each letter leaves on the same day, for one recipient. */
function path(leaves: boolean, ...lines: readonly Line[]) {
  let place = start(workflow);
  let seq = 0;
  const letters: { letter: string; to: string; group: string }[] = [];
  const put = (type: string, on: Day, door: 'act' | 'record', payload: Record<string, unknown>) => {
    const fact: Fact = { id: `f${(seq += 1)}`, type, on, door, by: 'officer', seq, payload };
    const next = step(workflow, place, fact, door === 'act');
    if (!next.placed) throw new Error(`refused: ${type}`);
    place = next.place;
    return next.effects;
  };
  const sent = (group: string, on: Day) => put('letterSent', on, 'record', { group, recipient: 'one', servedOn: on });
  for (const [name, on, fields = {}] of lines) {
    if (name === 'letterSent') {
      sent(letters.findLast(({ letter }) => letter === fields['letter'])?.group ?? '', on);
      continue;
    }
    const read = workflow.commands.read(name, { on, ...fields }, '2030-01-01');
    if ('wrong' in read) throw new Error(`${name}: ${JSON.stringify(read.wrong)}`);
    const command = workflow.commands.find(name);
    if (command === undefined) throw new Error(name);
    const door = command.doors.includes('act') ? 'act' : 'record';
    const addressees = new Proxy({}, { get: () => ['one'] });
    for (const effect of put(command.fact, on, door, { ...read.sent.payload, addressees })) {
      if (effect.kind !== 'letter') continue;
      letters.push(effect);
      if (leaves) sent(effect.group, on);
    }
  }
  return { letters: letters.map(({ letter }) => letter), sentTo: letters, ...view(place) };
}

const plan: Told = ['2026-09-14', 'finalPlanIssued'];
const family = (on: Day, more: Payload = {}): Told => [
  on,
  'accountGiven',
  { contact: 'family', attends: 'yes', ...more },
];
const setting = (on: Day, more: Payload = {}): Told => [
  on,
  'accountGiven',
  { contact: 'setting', attends: 'yes', ...more },
];
const tried = (on: Day, contact: string, channel: string): Told => [on, 'contactTried', { contact, channel }];
const speech = 'speech-therapy';
const missing = { items: [{ item: speech, delivered: 'not', since: '2026-09-21' }] };
const settingUnreached: Told[] = [
  tried('2026-10-13', 'setting', 'phone'),
  tried('2026-10-14', 'setting', 'phone'),
  tried('2026-10-15', 'setting', 'email'),
];

describe('the check of a plan', () => {
  it('is due twelve weeks after the plan, and met when both have been asked', () => {
    const one = story(plan, family('2026-10-12'));
    expect(one.due('practice.contact-after-plan-issued')).toMatchObject({
      dueBy: '2026-12-07',
      metOn: null,
      kind: 'policy',
    });
    const both = story(plan, family('2026-10-12'), setting('2026-11-02'));
    expect(both.due('practice.contact-after-plan-issued')).toMatchObject({ metOn: '2026-11-02' });
    expect(both.value).toEqual({ path: 'done', gaps: 'none', telling: 'nothing' });
    expect(isClosed(workflow, both.place)).toBe(true);
  });

  it('begins anew with an amended plan, from the day of that plan', () => {
    const amended = story(['2026-10-05', 'amendedFinalPlanIssued', { planVersion: 'v2' }]);
    expect(amended.due('practice.contact-after-plan-issued')?.dueBy).toBe('2026-12-28');
    expect(amended.check.planVersion).toBe('v2');
  });

  it('binds from the day that the authority took the policy up, whatever the law pack says', () => {
    const before = (inForceFrom?: Day) =>
      story(['2022-11-07', 'finalPlanIssued', inForceFrom === undefined ? {} : { inForceFrom }]);
    expect(before().due('practice.contact-after-plan-issued')).toBeUndefined();
    expect(before('2022-09-01').due('practice.contact-after-plan-issued')?.dueBy).toBe('2023-01-30');
    expect(story(['2023-06-05', 'finalPlanIssued', { inForceFrom: '2024-01-01' }]).open()).toEqual([]);
  });

  it('keeps both accounts where they differ, and opens a gap', () => {
    const told = story(
      plan,
      setting('2026-10-12', { items: [{ item: speech, delivered: 'in-full' }] }),
      family('2026-10-20', missing),
    );
    expect(told.position).toBe('following');
    expect(told.check.accounts.setting?.items[speech]?.delivered).toBe('in-full');
    expect(told.check.accounts.family?.items[speech]).toEqual({ delivered: 'not', since: '2026-09-21' });
    expect(told.check.gaps[speech]).toMatchObject({
      says: 'family',
      since: '2026-09-21',
      openedOn: '2026-10-20',
      rung: 'setting',
    });
    expect(isClosed(workflow, told.place)).toBe(false);
  });

  it('has a child who does not attend as a gap, and health’s account beside the two', () => {
    const told = story(plan, family('2026-10-12', { attends: 'no', attendsSince: '2026-10-01' }), [
      '2026-10-13',
      'accountGiven',
      { contact: 'health', items: [{ item: 'g1', delivered: 'in-full' }] },
    ]);
    expect(told.check.gaps['attendance']).toMatchObject({ since: '2026-10-01', says: 'family' });
    expect(told.check.accounts.health?.items['g1']?.delivered).toBe('in-full');
    expect(told.position).toBe('asking');
  });

  it('has three failed attempts by two channels as a result of its own, that goes to a visit', () => {
    const once = story(
      plan,
      family('2026-10-12'),
      ...settingUnreached.slice(0, 2),
      tried('2026-10-15', 'setting', 'phone'),
    );
    expect(once.position).toBe('asking');
    const twice = story(plan, family('2026-10-12'), ...settingUnreached);
    expect(twice.position).toBe('notReached');
    expect(twice.check.unreachable.setting).toBe('2026-10-15');
    expect(twice.due('practice.contact-after-plan-issued')?.metOn).toBe('2026-10-15');
    expect(twice.due('practice.visit-unreached')?.dueBy).toBe('2026-11-12');
    const heard = story(plan, family('2026-10-12'), ...settingUnreached, setting('2026-10-30'));
    expect(heard.position).toBe('done');
    expect(heard.due('practice.visit-unreached')?.metOn).toBe('2026-10-30');
    const visit = story(
      plan,
      family('2026-10-12', missing),
      ...settingUnreached,
      tried('2026-11-02', 'setting', 'visit'),
    );
    expect(visit.position).toBe('following');
    expect(visit.due('practice.visit-unreached')?.metOn).toBe('2026-11-02');
  });

  it('comes out the same in whatever order its facts are told', () => {
    const told: Told[] = [
      plan,
      setting('2026-10-13'),
      family('2026-10-12', missing),
      ['2026-10-14', 'gapActionAgreed', { item: speech, action: 'Agency', owner: 'Lead', dueOn: '2026-11-02' }],
      ['2026-11-03', 'gapEscalated', { item: speech }],
      ['2026-11-09', 'gapClosed', { item: speech, contact: 'setting', evidence: 'Timetable' }],
    ];
    expect(deadlines(story(...[...told].reverse()).place)).toEqual(deadlines(story(...told).place));
    expect(story(...[...told].reverse()).check).toEqual(story(...told).check);
  });

  it('leaves the same dates from any facts in any order, and none open after any ending', () => {
    const facts: Told[] = [
      plan,
      family('2026-10-12', missing),
      tried('2026-10-13', 'setting', 'phone'),
      tried('2026-10-14', 'setting', 'email'),
      tried('2026-10-15', 'setting', 'letter'),
      ['2026-10-16', 'gapActionAgreed', { item: speech, action: 'Agency', owner: 'Lead', dueOn: '2026-11-02' }],
      ['2026-10-19', 'familyToldOfGaps'],
      ['2026-10-20', 'settingCannotDeliver', { item: 'ot' }],
      setting('2026-10-26', { items: [{ item: 'ot', delivered: 'in-part' }] }),
      ['2026-11-03', 'gapEscalated', { item: speech }],
      ['2026-11-09', 'gapClosed', { item: speech, contact: 'family', evidence: 'She rang' }],
      ['2026-11-16', 'gapClosed', { item: 'ot', contact: 'setting', evidence: 'A timetable' }],
      family('2026-12-07', missing),
    ];
    const ending: fc.Arbitrary<Told> = fc.constantFrom(
      ['2027-01-11', 'planEnded'],
      ['2026-10-23', 'movedAway'],
      ['2026-11-10', 'childDied'],
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(facts), fc.option(ending, { nil: undefined }), (told, end) => {
        const all = end === undefined ? told : [...told, end];
        const byKey = (rows: readonly RunDeadline[]) => new Map(rows.map((row) => [row.key, row]));
        const inOrder = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
        const there = story(...all);
        expect(byKey(deadlines(there.place))).toEqual(byKey(deadlines(story(...inOrder).place)));
        if (end !== undefined) expect(there.open()).toEqual([]);
      }),
      { numRuns: 300, seed },
    );
  });
});

describe('a gap', () => {
  const found: Told[] = [plan, family('2026-10-12', missing), setting('2026-10-13')];
  const agreed: Told = [
    '2026-10-14',
    'gapActionAgreed',
    { item: speech, action: 'Agency therapist', owner: 'Lead', dueOn: '2026-11-20' },
  ];

  it('has a day for its action, its closing and each step up', () => {
    const told = story(...found);
    expect(told.due(`practice.gap-action-agreed#${speech}`)?.dueBy).toBe('2026-10-14');
    expect(told.due(`practice.gap-closed#${speech}`)?.dueBy).toBe('2026-11-09');
    expect(told.due(`practice.gap-escalated#${speech}~setting`)?.dueBy).toBe('2026-10-26');
    expect(told.due('practice.family-told-of-gaps#1')?.dueBy).toBe('2026-10-26');
  });

  it('is measured by the day agreed on, and climbs no sooner', () => {
    const told = story(...found, agreed);
    expect(told.due(`practice.gap-action-agreed#${speech}`)?.metOn).toBe('2026-10-14');
    expect(told.due(`practice.gap-closed#${speech}`)).toMatchObject({ dueBy: '2026-11-20' });
    expect(told.due(`practice.gap-closed#${speech}`)?.why).toContain('the day agreed on for the action');
    expect(told.due(`practice.gap-escalated#${speech}~setting`)?.dueBy).toBe('2026-11-20');
    const again = story(...found, agreed, [
      '2026-11-20',
      'gapActionAgreed',
      { item: speech, action: 'Another agency', owner: 'Lead', dueOn: '2026-12-04' },
    ]);
    expect(again.check.gaps[speech]).toMatchObject({ dueOn: '2026-12-04', firstDueOn: '2026-11-20' });
  });

  it('climbs from the setting to the senior officer, each step with its own days', () => {
    const up = story(
      ...found,
      ['2026-10-26', 'gapEscalated', { item: speech }],
      ['2026-11-09', 'gapEscalated', { item: speech }],
    );
    expect(up.check.gaps[speech]?.rung).toBe('manager');
    expect(up.due(`practice.gap-escalated#${speech}~setting`)?.metOn).toBe('2026-10-26');
    expect(up.due(`practice.gap-escalated#${speech}~caseworker`)).toMatchObject({
      dueBy: '2026-11-09',
      metOn: '2026-11-09',
    });
    expect(up.due(`practice.gap-escalated#${speech}~manager`)).toMatchObject({ dueBy: '2026-11-23', metOn: null });
    const top = story(
      ...found,
      ...(['2026-10-26', '2026-11-09', '2026-11-23', '2026-11-24'] as const).map((on): Told => [
        on,
        'gapEscalated',
        { item: speech },
      ]),
    );
    expect(top.check.gaps[speech]?.rung).toBe('senior-officer');
    expect(top.open().filter((key) => key.startsWith('practice.gap-escalated'))).toEqual([]);
  });

  it('closes on evidence alone, and the same item can be missing again', () => {
    const close: Told = ['2026-11-09', 'gapClosed', { item: speech, contact: 'family', evidence: 'She rang' }];
    const shut = story(...found, close);
    expect(shut.value).toEqual({ path: 'done', gaps: 'none', telling: 'nothing' });
    expect(shut.check.gaps[speech]).toMatchObject({ closedOn: '2026-11-09', evidenceFrom: 'family' });
    expect(shut.open()).toEqual([]);
    expect(story(plan, close).unplaced).toHaveLength(1);
    const read = workflow.commands.read(
      'closeGap',
      { on: '2026-11-09', item: speech, contact: 'family' },
      '2026-11-09',
    );
    expect(read).toMatchObject({ wrong: [{ field: 'evidence', rule: 'missing' }] });
    const again = story(...found, close, family('2026-12-07', missing));
    expect(again.position).toBe('following');
    expect(again.due(`practice.gap-closed#${speech}~2`)).toMatchObject({ dueBy: '2027-01-04', metOn: null });
    expect(again.due('practice.family-told-of-gaps#2')?.dueBy).toBe('2026-12-21');
  });

  it('is answered by the authority when the setting reports at any time that it cannot deliver', () => {
    const report = (on: Day): Told => [on, 'settingCannotDeliver', { item: speech, why: 'No therapist' }];
    const early = story(plan, report('2026-09-21'));
    expect(early.position).toBe('asking');
    expect(early.check.gaps[speech]?.rung).toBe('caseworker');
    expect(early.due(`practice.cannot-deliver-answered#${speech}`)).toMatchObject({ dueBy: '2026-09-28', metOn: null });
    expect(early.due('practice.contact-after-plan-issued')?.metOn).toBeNull();
    const answered = story(plan, report('2026-09-21'), agreed);
    expect(answered.due(`practice.cannot-deliver-answered#${speech}`)?.metOn).toBe('2026-10-14');
    const late = story(plan, family('2026-10-12'), setting('2026-10-13'), report('2027-02-01'));
    expect(late.position).toBe('following');
    expect(late.due(`practice.cannot-deliver-answered#${speech}`)?.dueBy).toBe('2027-02-08');
    expect(isClosed(workflow, late.place)).toBe(false);
  });
});

describe('after a move', () => {
  const moved = (on: Day, payload: Payload = {}) =>
    story([on, 'startedAtNewSetting', payload]).due('practice.contact-after-phase-transfer')?.dueBy;
  const terms = [
    { from: '2027-01-05', to: '2027-02-12' },
    { from: '2027-02-22', to: '2027-03-25' },
    { from: '2027-04-12', to: '2027-05-28' },
  ];

  it('is due by 31 December for a September start, else by the end of the setting’s own term', () => {
    expect(moved('2026-09-02')).toBe('2026-12-31');
    expect(moved('2027-01-18', { terms })).toBe('2027-03-25');
    expect(moved('2027-01-18')).toBe('2027-03-29');
    expect(story(['2026-09-02', 'startedAtNewSetting']).due('practice.contact-after-plan-issued')).toBeUndefined();
  });

  it('asks in the words of the new setting', () => {
    const asked = path(
      true,
      ['startCheckAfterMove', '2026-09-02', { setting: 's2' }],
      ['askFamily', '2026-10-05'],
      ['askSetting', '2026-10-05'],
    );
    expect(asked.letters).toEqual([
      'provision.phase-check-family',
      'provision.check-child',
      'provision.phase-check-setting',
    ]);
    expect(asked.sentTo.at(-1)?.to).toBe('setting:s2');
  });
});

describe('what the check sends', () => {
  const begun: Line = ['startCheckOfPlan', '2026-09-14', { planVersion: 'v1', setting: 's1' }];
  const says = (contact: string, on: Day, items: unknown[] = []): Line => [
    'recordAccount',
    on,
    { contact, channel: 'phone', attends: 'yes', ...(items.length === 0 ? {} : { items }) },
  ];
  const gap = [{ item: speech, delivered: 'not' }];
  const action: Line = [
    'agreeGapAction',
    '2026-10-14',
    { item: speech, action: 'Find a therapist', owner: 'Lead', dueOn: '2026-11-20', provider: 'setting' },
  ];

  it('asks family, child and setting, reminds, and says that all is in place', () => {
    const asked = path(
      true,
      begun,
      ['askFamily', '2026-11-09'],
      ['askSetting', '2026-11-09'],
      ['askHealth', '2026-11-09'],
      ['askSocialCare', '2026-11-09'],
      ['remind', '2026-11-23', { contact: 'setting' }],
      says('family', '2026-11-24'),
      says('setting', '2026-11-25'),
    );
    expect(asked.letters).toEqual([
      'provision.check-family',
      'provision.check-child',
      'provision.check-setting',
      'provision.check-health',
      'provision.check-social-care',
      'provision.reminder',
      'provision.outcome-in-place',
    ]);
    expect(asked.sentTo[5]?.to).toBe('setting:s1');
    expect(asked.position).toBe('done');
  });

  it('writes to the provider, and tells the family once each gap has its action', () => {
    expect(() =>
      path(true, begun, says('family', '2026-10-12', gap), says('setting', '2026-10-13'), [
        'tellFamilyOfGaps',
        '2026-10-13',
      ]),
    ).toThrow('refused: familyToldOfGaps');
    const told = path(
      true,
      begun,
      says('family', '2026-10-12', gap),
      says('setting', '2026-10-13'),
      action,
      ['tellFamilyOfGaps', '2026-10-15'],
      ['closeGap', '2026-11-16', { item: speech, contact: 'family', evidence: 'She has had two sessions' }],
    );
    expect(told.letters).toEqual(['provision.escalate-provider', 'provision.outcome-gaps', 'provision.closed']);
    expect(told.due('practice.family-told-of-gaps#1')).toMatchObject({ dueBy: '2026-10-26', metOn: '2026-10-15' });
    expect(told.open()).toEqual([]);
    expect(told.place.context.awaiting).toEqual({});
  });

  it('has told the family only when the letter has left, also where the gap was closed by then', () => {
    const lines: Line[] = [
      begun,
      says('family', '2026-10-12', gap),
      says('setting', '2026-10-13'),
      action,
      ['tellFamilyOfGaps', '2026-10-15'],
    ];
    const waiting = path(false, ...lines);
    expect(waiting.due('practice.family-told-of-gaps#1')?.metOn).toBeNull();
    expect(waiting.open()).toContain('practice.family-told-of-gaps#1');
    const left = path(
      false,
      ...lines,
      ['closeGap', '2026-10-16', { item: speech, contact: 'family', evidence: 'It began today' }],
      ['letterSent', '2026-10-19', { letter: 'provision.outcome-gaps' }],
    );
    expect(left.due('practice.family-told-of-gaps#1')).toMatchObject({ metOn: '2026-10-19', endedOn: null });
    expect(left.value['telling']).toBe('told');
  });

  it('seeks an early review because of a gap, and for nothing else', () => {
    const why = { why: 'No therapist can be found' };
    expect(() => path(true, begun, ['seekEarlyReview', '2026-10-12', why])).toThrow('refused: earlyReviewSought');
    const sought = path(true, begun, says('family', '2026-10-12', gap), ['seekEarlyReview', '2026-10-20', why]);
    expect(sought.check.earlyReviewSoughtOn).toBe('2026-10-20');
  });
});

describe('an ending', () => {
  it.each(['planEnded', 'movedAway', 'childDied'])(
    'by %s: what was late stays late, nothing more is owed, and nothing said later opens a gap',
    (type) => {
      const ended = story(
        plan,
        family('2026-10-12', missing),
        ['2027-01-11', type],
        setting('2027-01-12', { items: [{ item: 'ot', delivered: 'not' }] }),
        ['2027-01-13', 'settingCannotDeliver', { item: 'physio' }],
      );
      expect(ended.value).toEqual({ path: 'ended', gaps: 'over', telling: 'nothing' });
      expect(ended.due('practice.contact-after-plan-issued')).toMatchObject({
        dueBy: '2026-12-07',
        endedOn: '2027-01-11',
        metOn: null,
      });
      expect(ended.open()).toEqual([]);
      expect(ended.unplaced).toHaveLength(2);
    },
  );
});
