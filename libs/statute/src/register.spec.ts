import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDay } from './day';
import type { Duty } from './duty';
import { factWords } from './facts';
import { overlays } from './overlays';
import {
  dutyIdsFor,
  dutyInForce,
  duties,
  inForceInstead,
  phaseTransferDuties,
  registerFaults,
  versionsOf,
} from './register';

describe('the register', () => {
  it('holds the 187 duties of the law pack, our own beside them, and no fault: one entry of each in force on any day', () => {
    const ids = [...new Set(duties.map(({ id }) => id))];
    const ours = ids.filter((id) => versionsOf(id).every(({ provision }) => provision.startsWith('Local ')));
    expect(ids.length - ours.length).toBe(187);
    expect(ours.filter((id) => !id.startsWith('practice.'))).toEqual([]);
    expect(registerFaults()).toEqual([]);
  });

  it('sees two entries in force at once, and a day without one', () => {
    const entry = (from: string, to: string | null): Duty =>
      ({ ...versionsOf('plan.issue-final')[0], effective: [from, to] }) as Duty;
    const others = duties.filter(({ id }) => id !== 'plan.issue-final');
    expect(registerFaults([...others, entry('2014-09-01', null), entry('2029-09-01', null)])).toEqual([
      'plan.issue-final has two entries in force on 2029-09-01',
    ]);
    expect(registerFaults([...others, entry('2014-09-01', '2029-08-30'), entry('2029-09-01', null)])).toEqual([
      'plan.issue-final has no entry in force on 2029-08-31',
    ]);
    expect(registerFaults([...others, entry('2014-09-01', '2029-08-31'), entry('2029-09-01', null)])).toEqual([]);
  });

  it('has a well-formed entry everywhere', () => {
    const exceptionIds = new Set<string>();
    for (const duty of duties) {
      for (const fact of [duty.from ?? []].flat()) expect(factWords).toHaveProperty(fact);
      for (const day of duty.effective) expect(day === null || isDay(day)).toBe(true);
      expect(duty.source).not.toBe('');
      if (duty.period && 'sameAs' in duty.period && !duty.period.sameAs.endsWith('.*')) {
        const same = versionsOf(duty.period.sameAs)[0];
        expect(same?.from).toEqual(duty.from);
      }
      for (const { id } of duty.exceptions) {
        expect(exceptionIds.has(id)).toBe(false);
        exceptionIds.add(id);
      }
    }
    for (const overlay of overlays) for (const id of overlay.varied.keys()) expect(versionsOf(id)).toHaveLength(1);
  });

  it('chooses by the day of the trigger: reg 45 before and after 23 March 2015', () => {
    expect(dutyInForce('unopposed-appeal.as-made-version', '2015-03-22')).toBeDefined();
    expect(dutyInForce('unopposed-appeal.as-made-version', '2015-03-23')).toBeUndefined();
    expect(dutyInForce('unopposed-appeal.assess-final-plan', '2015-03-22')).toBeUndefined();
    expect(dutyInForce('unopposed-appeal.assess-final-plan', '2015-03-23')).toBeDefined();
    expect(inForceInstead('unopposed-appeal.assess-final-plan', '2015-03-22')).toEqual([
      'unopposed-appeal.as-made-version',
    ]);
    expect(inForceInstead('exclusion.notify-authority-2012', '2022-09-01')).toEqual([
      'exclusion.notify-authority-2022',
    ]);
  });

  it('knows shorter names', () => {
    expect(dutyIdsFor('assessment.final-plan')).toEqual(['plan.issue-final']);
    expect(dutyIdsFor('plan.issue-final')).toEqual(['plan.issue-final']);
    expect(dutyIdsFor('nonsense')).toEqual([]);
    for (const id of Object.values(phaseTransferDuties)) expect(versionsOf(id)).toHaveLength(1);
  });
});

/** The law pack is not part of the project; where it lies beside it, every entry is compared with it. */
const pack = resolve(import.meta.dirname, '../../../../shared/law/duties.json');

(existsSync(pack) ? it : it.skip)('says what the law pack says, word for word but for its cross-references', () => {
  interface Row extends Record<string, unknown> {
    id: string;
    exceptions: { id: string }[];
    notes: string;
  }
  /** Where the pack leaves the first day open, and a practice would else never apply. */
  const ourFirstDay: Record<string, unknown> = {
    'practice.exclusion-risk-three-suspensions': ['2024-01-04', null],
  };
  const plain = (notes: string): string => notes.replace(/README (ambiguity )?(?=[A-E]\d)/g, 'reading ');
  for (const row of JSON.parse(readFileSync(pack, 'utf8')) as Row[]) {
    const entry = versionsOf(row.id)[0];
    const same = ['id', 'aliases', 'kind', 'provision', 'duty', 'owner', 'owedTo', 'trigger', 'counting', 'noticeMustContain', 'appealable', 'source', 'verified', 'basis'] as const; // prettier-ignore
    for (const field of same) expect({ [row.id]: entry?.[field] }).toEqual({ [row.id]: row[field] });
    expect(entry?.effective).toEqual(ourFirstDay[row.id] ?? [row['effectiveFrom'], row['effectiveTo']]);
    expect(entry?.notes ?? '').toBe(plain(row.notes));
    expect(entry?.exceptions.map(({ ground: _ground, ...words }) => words)).toEqual(row.exceptions);
    if (!JSON.stringify(row['period']).includes('"from"')) expect(entry?.period).toEqual(row['period']);
  }
});
