import { describe, expect, it } from '@jest/globals';
import { deadlines, type Fact, fold, type Payload, positionOf } from '@send/workflow-kit';
import { provisionCheckWorkflow } from '../index';
import type { ProvisionContext } from './provision-check.workflow';

type Told = readonly [on: string, type: string, payload?: Payload];

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
  const { place, unplaced } = fold(provisionCheckWorkflow, history);
  return {
    unplaced,
    position: positionOf(provisionCheckWorkflow, place),
    value: place.value as Record<string, string>,
    check: (place.context as ProvisionContext).check,
    due: (duty: string) => deadlines(place).find(({ key }) => key === duty),
  };
}

const plan: Told = ['2026-09-14', 'finalPlanIssued'];
const family = (on: string, more: Payload = {}): Told => [
  on,
  'accountGiven',
  { contact: 'family', attends: 'yes', ...more },
];
const setting = (on: string, more: Payload = {}): Told => [
  on,
  'accountGiven',
  { contact: 'setting', attends: 'yes', ...more },
];
const tried = (on: string, contact: string, channel: string): Told => [on, 'contactTried', { contact, channel }];
const speech = 'speech-therapy';
const missing = { items: [{ item: speech, delivered: 'not', since: '2026-09-21' }] };

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
    expect(both.value).toEqual({ path: 'asked', gaps: 'none' });
  });

  it('keeps both accounts where they differ, and opens a gap', () => {
    const told = story(
      plan,
      setting('2026-10-12', { items: [{ item: speech, delivered: 'in-full' }] }),
      family('2026-10-20', missing),
    );
    expect(told.value).toEqual({ path: 'asked', gaps: 'open' });
    expect(told.check.accounts.setting?.items[speech]?.delivered).toBe('in-full');
    expect(told.check.accounts.family?.items[speech]).toEqual({ delivered: 'not', since: '2026-09-21' });
    expect(told.check.gaps[speech]).toMatchObject({
      says: 'family',
      since: '2026-09-21',
      openedOn: '2026-10-20',
      rung: 'setting',
    });
  });

  it('has three failed attempts by two channels as a result of its own', () => {
    const once = story(
      plan,
      family('2026-10-12'),
      tried('2026-10-13', 'setting', 'phone'),
      tried('2026-10-14', 'setting', 'phone'),
      tried('2026-10-15', 'setting', 'phone'),
    );
    expect(once.value['path']).toBe('asking');
    const twice = story(
      plan,
      family('2026-10-12'),
      tried('2026-10-13', 'setting', 'phone'),
      tried('2026-10-14', 'setting', 'phone'),
      tried('2026-10-15', 'setting', 'email'),
    );
    expect(twice.value['path']).toBe('notReached');
    expect(twice.check.unreachable.setting).toBe('2026-10-15');
    expect(twice.due('practice.contact-after-plan-issued')?.metOn).toBe('2026-10-15');
    const then = story(
      plan,
      family('2026-10-12'),
      tried('2026-10-13', 'setting', 'phone'),
      tried('2026-10-14', 'setting', 'phone'),
      tried('2026-10-15', 'setting', 'email'),
      setting('2026-10-30'),
    );
    expect(then.value['path']).toBe('asked');
  });

  it('closes a gap on evidence alone, after it has climbed', () => {
    const told: Told[] = [plan, family('2026-10-12', missing), setting('2026-10-13')];
    const up = story(
      ...told,
      [
        '2026-10-14',
        'gapActionAgreed',
        { item: speech, action: 'Agency therapist', owner: 'Lead', dueOn: '2026-11-02' },
      ],
      ['2026-11-03', 'gapEscalated', { item: speech }],
    );
    expect(up.check.gaps[speech]).toMatchObject({ rung: 'caseworker', owner: 'Lead', dueOn: '2026-11-02' });
    const shut = story(...told, ['2026-11-09', 'gapClosed', { item: speech, contact: 'family', evidence: 'She rang' }]);
    expect(shut.value).toEqual({ path: 'asked', gaps: 'none' });
    expect(shut.check.gaps[speech]).toMatchObject({ closedOn: '2026-11-09', evidenceFrom: 'family' });
    expect(story(plan, ['2026-11-09', 'gapClosed', { item: speech, contact: 'family' }]).unplaced).toHaveLength(1);
  });

  it('goes on asking while the setting has said that it cannot deliver', () => {
    const told = story(plan, ['2026-09-20', 'settingCannotDeliver', { item: speech }]);
    expect(told.value).toEqual({ path: 'asking', gaps: 'open' });
    expect(told.check.gaps[speech]?.rung).toBe('caseworker');
    expect(told.due('practice.contact-after-plan-issued')?.metOn).toBeNull();
  });

  it('after a move in September is due by 31 December', () => {
    const moved = story(['2026-09-02', 'startedAtNewSetting']);
    expect(moved.due('practice.contact-after-phase-transfer')).toMatchObject({ dueBy: '2026-12-31' });
    expect(moved.due('practice.contact-after-plan-issued')).toBeUndefined();
  });

  it('comes out the same in whatever order its facts are told', () => {
    const told: Told[] = [
      plan,
      setting('2026-10-13'),
      family('2026-10-12', missing),
      ['2026-11-09', 'gapClosed', { item: speech, contact: 'setting', evidence: 'Timetable' }],
    ];
    expect(story(...[...told].reverse()).check.gaps).toEqual(story(...told).check.gaps);
  });

  it('ends with the plan: what was late stays late, and nothing more is owed', () => {
    const ended = story(plan, ['2027-01-11', 'planEnded']);
    expect(ended.value['path']).toBe('ended');
    expect(ended.due('practice.contact-after-plan-issued')).toMatchObject({
      dueBy: '2026-12-07',
      endedOn: '2027-01-11',
      metOn: null,
    });
  });
});
