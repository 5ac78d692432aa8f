import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readUpn } from '@send/case-file';
import { compose, type LetterValues } from '@send/letters';
import type { Day } from '@send/statute';
import { isLate, type RunDeadline } from '@send/workflow-kit';
import * as figures from './figures';
import { hasPlanOfOurs, makeCounty } from './make-county';
import { RowSheet, type SheetRow, type Table } from './row-sheet';
import { setPieces } from './set-pieces';

const today: Day = '2026-11-20';
const seal = (address: object) => ({
  ciphertext: createHash('sha256').update(JSON.stringify(address)).digest(),
  keyId: 'spec',
});

interface Made {
  readonly sheets: RowSheet[];
  readonly of: (table: Table) => SheetRow[];
}

function make(plans: number, id: 'levelshire' | 'harrowmoor' = 'levelshire', seed = 'spec'): Made {
  const sheets = [...makeCounty({ size: { id, plans }, today, seed, seal })].map(({ sheet }) => sheet);
  return { sheets, of: (table) => sheets.flatMap((sheet) => [...sheet.of(table)]) };
}

const hashOf = (made: Made): string => {
  const hash = createHash('sha256');
  for (const sheet of made.sheets) hash.update(sheet.text());
  return hash.digest('hex');
};

const share = (part: number, of: number): number => (part / of) * 100;

describe('the county', () => {
  const county = make(600);
  const facts = county.of('engine.fact');
  const runs = county.of('engine.run');

  it('has exactly the plans that were asked for, each a frozen final version', () => {
    const ofChild = new Map<unknown, SheetRow[]>();
    for (const run of runs) ofChild.set(run['child_id'], [...(ofChild.get(run['child_id']) ?? []), run]);
    expect([...ofChild.values()].filter(hasPlanOfOurs)).toHaveLength(600);
    const finals = county
      .of('case_file.plan_version')
      .filter((plan) => plan['kind'] === 'final' && plan['frozen_at'] !== null);
    const versions = new Set(finals.map((plan) => plan['child_id']));
    expect([...ofChild].filter(([child, own]) => hasPlanOfOurs(own) && !versions.has(child))).toEqual([]);
  });

  it('issues plans in 20 weeks as often as was published', () => {
    const limits = county
      .of('engine.deadline')
      .filter((row) => row['duty'] === 'plan.issue-final' && row['met_on'] !== null);
    const inTime = limits.filter((row) => (row['met_on'] as Day) <= (row['due_by'] as Day));
    expect(Math.abs(share(inTime.length, limits.length) - 33.5)).toBeLessThanOrEqual(3);
  });

  it('refuses requests as often as was published', () => {
    const count = (...types: string[]): number =>
      new Set(facts.filter((fact) => types.includes(fact['type'] as string)).map((fact) => fact['run_id'])).size;
    const refused = share(count('decidedNotToAssess', 'determinedNotNecessary'), count('requestReceived'));
    expect(Math.abs(refused - figures.refusedOfRequests * 100)).toBeLessThanOrEqual(3);
  });

  it('keeps the published shares of sex and need', () => {
    // The set pieces are who they are.
    const children = county.of('case_file.child').filter((child) => Number(String(child['reference']).slice(4)) > 1100);
    const gap = (weights: Readonly<Record<string, number>>, column: string): number => {
      const total = Object.values(weights).reduce((sum, one) => sum + one, 0);
      return Math.max(
        ...Object.entries(weights).map(([name, weight]) =>
          Math.abs(
            share(children.filter((child) => (child[column] ?? 'none') === name).length, children.length) -
              share(weight, total),
          ),
        ),
      );
    };
    expect(gap(figures.sexes, 'sex')).toBeLessThan(1.5);
    expect(gap(figures.needs, 'primary_need')).toBeLessThan(1.5);
  });

  it('stands at every position, on time and late', () => {
    const positions = new Set(runs.map((run) => run['position']));
    for (const position of [
      'considering',
      'assessing',
      'preparingDraft',
      'draftWithFamily',
      'finalising',
      'refusedToAssess',
      'refusedAtOutset',
      'planRefused',
      'planIssued',
      'withdrawn',
      'movedAway',
      'notResponsible',
      'ended',
      'appealTimeOver',
    ])
      expect(positions).toContain(position);
    const open = new Set(runs.filter((run) => run['closed'] === false).map((run) => run['id']));
    const limits = county
      .of('engine.deadline')
      .filter((row) => open.has(row['run_id']) && row['duty'] === 'plan.issue-final');
    const late = limits.filter((row) => isLate(asDeadline(row), today));
    expect(late.length).toBeGreaterThan(5);
    expect(limits.length - late.length).toBeGreaterThan(20);
    expect(county.of('engine.proposal').length).toBeGreaterThanOrEqual(2);
    expect(county.of('letters.letter').some((letter) => letter['status'] === 'drafted')).toBe(true);
    expect(county.of('case_file.notice').length).toBeGreaterThan(0);
  });

  it('reminds of nothing that was reached before it began', () => {
    for (const row of county.of('engine.deadline'))
      if (row['next_rung_at'] !== null) expect((row['next_rung_at'] as string) > today).toBe(true);
  });

  it('holds every set piece under its reference', () => {
    const byReference = new Map(county.of('case_file.child').map((child) => [child['reference'], child]));
    for (const piece of setPieces) {
      const child = byReference.get(`LEV-${1000 + piece.number}`);
      expect(child).toBeDefined();
      const own = runs.filter((one) => one['child_id'] === child?.['id']);
      expect([piece.what, hasPlanOfOurs(own)]).toEqual([piece.what, piece.hasPlan]);
    }
  });

  it.each([
    [
      'appeal',
      'beforeAppeal',
      'agreed',
      'agreedOtherwise',
      'appealed',
      'carryingOut',
      'carriedOut',
      'goesOnElsewhere',
      'withdrawn',
    ],
    ['cease-to-maintain', 'consulting', 'decided', 'underAppeal', 'ceased', 'goesOn'],
    ['reassessment', 'deciding', 'refused', 'assessing', 'planIssued'],
    ['authority-transfer', 'sendingPlan', 'planSent', 'awaitingPlan', 'received'],
    ['phase-transfer', 'preparing', 'named'],
    ['amendment', 'amending', 'amended', 'notAmended'],
    ['exclusion', 'suspended', 'backInSchool', 'permanentlyExcluded', 'directedOffSite'],
    ['panel-decision', 'referred', 'onAgenda', 'recommended', 'decided'],
    ['provision-check', 'asking', 'following', 'done', 'notReached', 'ended'],
    ['annual-review', 'scheduled', 'amending', 'amended', 'ended'],
  ])('tells each state of %s', (workflow, ...positions) => {
    const found = new Set(runs.filter((run) => run['workflow'] === workflow).map((run) => run['position']));
    for (const position of positions) expect([...found]).toContain(position);
  });

  it('has a full cohort with a waiting list, reviews in most cases on time, and outcomes', () => {
    const cohort = runs.filter((run) => run['workflow'] === 'exclusion-risk');
    const at = (position: string) => cohort.filter((run) => run['position'] === position);
    expect(at('inCohort')).toHaveLength(60);
    for (const position of ['waiting', 'left', 'askingConsent', 'declined', 'putForward'])
      expect(at(position).length).toBeGreaterThanOrEqual(1);
    const of = new Set(cohort.map((run) => run['id']));
    const told = (type: string) => facts.filter((fact) => fact['type'] === type && of.has(fact['run_id'])).length;
    expect(told('cohortReviewed')).toBeGreaterThan(120);
    expect(told('outcomeMeasured')).toBeGreaterThanOrEqual(60);
    const reviews = county
      .of('engine.deadline')
      .filter((row) => row['duty'] === 'practice.exclusion-risk-fortnightly-review' && of.has(row['run_id']));
    const late = reviews.filter((row) => isLate(asDeadline(row), today));
    expect(late.length).toBeGreaterThan(0);
    expect(share(late.length, reviews.length)).toBeLessThan(30);
  });

  it('leaves no fact of any process without a place', () => {
    expect(runs.filter((run) => (run['unplaced'] as string[]).length > 0)).toEqual([]);
  });

  it('tells the set pieces of the dates right', () => {
    const limitOf = (number: number, duty: string) => {
      const child = county.of('case_file.child').find((one) => one['reference'] === `LEV-${1000 + number}`);
      return county.of('engine.deadline').find((row) => row['child_id'] === child?.['id'] && row['duty'] === duty);
    };
    const [exact, after] = [limitOf(1, 'plan.issue-final'), limitOf(2, 'plan.issue-final')];
    expect(exact?.['met_on']).toBe(exact?.['due_by']);
    expect(isLate(asDeadline(exact), today)).toBe(false);
    expect((after?.['met_on'] as Day) > (after?.['due_by'] as Day)).toBe(true);
    expect(limitOf(3, 'assessment.decide-whether-to-assess')?.['due_by']).toMatch(/-12-25$/);
    expect(limitOf(4, 'plan.issue-final')?.['due_by']).toMatch(/-(12-27|12-28|01-02|01-03)$/);
    expect(limitOf(5, 'plan.issue-final')?.['exceptions']).not.toEqual([]);
    expect(limitOf(6, 'plan.issue-final')?.['exceptions']).toEqual([]);
    // The adviser's own limit is lifted, the council's is not.
    expect(limitOf(7, 'plan.issue-final')?.['exceptions']).toEqual([]);
  });

  it('writes letters that pass every check of the catalogue', () => {
    const seen = new Map<string, number>();
    const faults: string[] = [];
    for (const letter of county.of('letters.letter')) {
      const kind = letter['letter'] as string;
      const times = seen.get(kind) ?? 0;
      if (letter['status'] !== 'sent' || times >= 4) continue;
      seen.set(kind, times + 1);
      const values = letter['values'] as LetterValues;
      const { problems } = compose(kind, values, values.letterDate);
      // An address not to be shared is put in by the hand-over alone.
      const real = problems.filter((one) => !(one.rule === 'address' && letter['address_protected'] === true));
      for (const { rule, field, wayOut } of real)
        faults.push(`${kind} to ${values.recipient.kind}: ${rule} ${field ?? ''} ${wayOut}`);
    }
    expect(faults).toEqual([]);
    expect(seen.size).toBeGreaterThan(20);
  }, 60_000);
});

describe('nobody in it is real', () => {
  const both = [make(60), make(0, 'harrowmoor')];

  it('flags every child, with the seed', () => {
    for (const made of both)
      for (const child of made.of('case_file.child')) expect([child['demo'], child['seed']]).toEqual([true, 'spec']);
  });

  it('has no postcode, number, phone or mail outside the ranges kept for it', () => {
    for (const made of both) {
      for (const child of made.of('case_file.child')) {
        const upn = child['upn'] as string | null;
        if (upn !== null) {
          expect(upn).toMatch(/^[A-Z]999/);
          expect(readUpn(upn)).toEqual({ value: upn });
        }
        if (child['nhs_number'] !== null) expect(child['nhs_number']).toMatch(/^999/);
      }
      for (const school of made.of('case_file.setting'))
        if (school['urn'] !== null) expect(Number(school['urn'])).toBeGreaterThanOrEqual(999_001);
      const text = made.sheets.map((sheet) => sheet.text()).join('\n');
      for (const [postcode] of text.matchAll(/"[A-Z]{1,2}\d[A-Z\d]{0,2} \d[A-Z]{2}"/g))
        expect(postcode).toMatch(/^"ZZ99 /);
      for (const [mail] of text.matchAll(/[^\s"@]+@[a-z][^\s",]*/g)) expect(mail).toMatch(/example\.org$/);
      for (const [phone] of text.matchAll(/(?<![\w-])(?:\+44|0)\d[\d ]{8,12}\d(?![\w-])/g))
        expect(phone.replace(/^\+44/, '0').replace(/ /g, '')).toMatch(/^(01632960\d{3}|07700900\d{3})$/);
    }
  });
});

describe('the same seed', () => {
  it('gives the same rows, to the byte; another gives others', () => {
    expect(hashOf(make(60))).toBe(hashOf(make(60)));
    expect(hashOf(make(60))).not.toBe(hashOf(make(60, 'levelshire', 'another')));
  });

  it('tells a child the same story in a county of any size', () => {
    const story = (made: Made): SheetRow[] => {
      const child = made.of('case_file.child').find((one) => one['reference'] === 'LEV-1110');
      return made
        .of('engine.fact')
        .filter((fact) =>
          made.of('engine.run').some((run) => run['id'] === fact['run_id'] && run['child_id'] === child?.['id']),
        );
    };
    const told = (made: Made) => story(made).map((fact) => [fact['type'], fact['on_day']]);
    expect(told(make(60))).toEqual(told(make(90)));
  });
});

function asDeadline(row: SheetRow | undefined): RunDeadline {
  return {
    key: row?.['key'],
    duty: row?.['duty'],
    subject: row?.['subject'],
    rule: row?.['rule'],
    kind: row?.['kind'],
    owner: row?.['owner'],
    bound: row?.['bound'],
    anchorFact: row?.['anchor_fact'],
    anchorOn: row?.['anchor_on'],
    dueBy: row?.['due_by'],
    planBy: row?.['plan_by'],
    targetBy: row?.['target_by'],
    exceptions: row?.['exceptions'],
    metOn: row?.['met_on'],
    endedOn: row?.['ended_on'],
    law: row?.['law'],
    why: row?.['why'],
    cannotCompute: row?.['cannot_compute'],
  } as RunDeadline;
}
