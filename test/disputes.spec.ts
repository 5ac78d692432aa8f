import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@send/access';
import { newId } from '@send/database';
import { type Correspondence, Engine, orphans, type Outcome, SetClock } from '@send/engine';
import type { Day } from '@send/statute';
import { processes } from '@send/workflows';
import { openTestDatabase, type TestDatabase } from './database';

/**
 * Stories of disputes, over every process they touch: what is said in one case is told to the others by the joins, and
 * each limit is owed in one place.
 */

const authority = 'levelshire';
const person = (): Actor => ({ staffId: newId(), name: 'Invented', authority, roles: ['SM'], team: null });
const senior = person();
const second = person();
const nobody: Correspondence = {
  needsApproval: () => false,
  addressees: (_, __, letters) =>
    Promise.resolve({ of: Object.fromEntries(letters.map(({ key }) => [key, ['mother']])), held: [] }),
};
const reasons = ['The reports that came in March show what help is needed each week.'];

let test: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  test = await openTestDatabase({ poolSize: 4 });
  engine = new Engine(test.database, processes, nobody, new SetClock(new Date('2027-06-01T09:00:00Z')));
});
afterAll(() => test.close());

const must = (outcome: Outcome) => {
  if (outcome.done) return outcome;
  throw new Error(JSON.stringify(outcome));
};

interface Row {
  workflow: string;
  duty: string;
  due: Day | null;
  met: Day | null;
  ended: Day | null;
}

/** A child, and what is put on record of them, line by line, in the process that each line names. */
class Told {
  readonly childId = newId();
  private readonly runs: Record<string, string> = {};

  async begins(workflow: string, command: string, on: Day, fields: object = {}): Promise<void> {
    const given = { command, key: newId(), confirmed: true, fields: { on, ...fields } };
    const options = { door: 'record', confirmedBy: second } as const;
    this.runs[workflow] = must(await engine.begin(workflow, this.childId, given, senior, options)).runId;
  }

  async says(workflow: string, command: string, on: Day, fields: object = {}): Promise<void> {
    const given = { command, key: newId(), confirmed: true, fields: { on, ...fields } };
    must(await engine.record(await this.run(workflow), given, senior, { confirmedBy: second }));
  }

  private async run(workflow: string): Promise<string> {
    const own = this.runs[workflow];
    if (own !== undefined) return own;
    const [found] = await test.ownerQuery<{ id: string }>(
      'select id from engine.run where child_id = $1 and workflow = $2 order by opened_on desc limit 1',
      [this.childId, workflow],
    );
    if (found === undefined) throw new Error(`No ${workflow} has begun`);
    return (this.runs[workflow] = found.id);
  }

  async positions(): Promise<Record<string, string>> {
    const rows = await test.ownerQuery<{ workflow: string; position: string }>(
      'select workflow, position from engine.run where child_id = $1',
      [this.childId],
    );
    return Object.fromEntries(rows.map(({ workflow, position }) => [workflow, position]));
  }

  /** Every row of a duty, in whichever process owes it. */
  due(duty: string): Promise<Row[]> {
    return test.ownerQuery<Row>(
      `select r.workflow, d.duty, d.due_by::text as due, d.met_on::text as met, d.ended_on::text as ended
       from engine.deadline d join engine.run r on r.id = d.run_id where d.child_id = $1 and d.duty = $2`,
      [this.childId, duty],
    );
  }

  async ends(): Promise<void> {
    await this.says('appeal', 'recordDeath', '2027-05-31');
    const open = await test.ownerQuery(
      'select duty from engine.deadline where child_id = $1 and met_on is null and ended_on is null',
      [this.childId],
    );
    expect(open).toEqual([]);
    const left = await test.database.transaction({ authority, actor: 'system' }, (tx) => orphans(tx, processes));
    expect(left).toEqual([]);
  }
}

/** An assessment that was refused, or ended in a refusal of a plan or in a plan. */
async function decided(requested: Day, ...steps: readonly (readonly [string, Day, object?])[]): Promise<Told> {
  const told = new Told();
  await told.begins('needs-assessment', 'receiveRequest', requested, { from: 'parent' });
  for (const [command, on, fields] of steps) await told.says('needs-assessment', command, on, fields);
  return told;
}

describe('a Tribunal order in August', () => {
  it('counts through August, though no step before the Tribunal does', async () => {
    const told = await decided('2025-08-04', ['issueFinalPlan', '2026-01-12']);
    // The family goes to mediation in February, and appeals against Sections B and F in March.
    await told.says('needs-assessment', 'recordMediationRequest', '2026-02-02');
    expect((await told.positions())['appeal']).toBe('beforeAppeal');
    expect(await told.due('mediation.arrange')).toMatchObject([{ workflow: 'appeal', due: '2026-03-04' }]);
    await told.says('appeal', 'recordMediationEnded', '2026-02-26');
    await told.says('needs-assessment', 'recordMediationCertificate', '2026-03-02');
    // Two months from the plan of 12 January are 12 March; a month from the certificate is longer.
    const time = (await told.due('appeal.time-limit')).map(({ workflow, due }) => [workflow, due]);
    expect(time).toContainEqual(['appeal', '2026-04-02']);
    await told.says('needs-assessment', 'recordAppeal', '2026-03-30');
    expect((await told.positions())['appeal']).toBe('appealed');
    await told.says('appeal', 'recordAppealPapers', '2026-04-20');
    expect(await told.due('appeal.authority-response')).toMatchObject([{ due: '2026-06-03' }]);
    await told.says('appeal', 'sendResponse', '2026-06-02', { opposed: 'yes', childsViews: 'She likes her school' });
    await told.says('appeal', 'recordDirection', '2026-07-27', {
      step: 'working-document',
      kind: 'working-document',
      what: 'Send the working document',
      workingDays: 10,
    });
    expect(await told.due('appeal.tribunal-time-other-steps')).toMatchObject([{ due: '2026-09-08' }]);
    await told.says('appeal', 'recordHearing', '2026-07-30');

    // Made on Monday 3 August, sent on the 6th. Five weeks from the day it was made: Monday 7 September.
    await told.says('appeal', 'recordOrder', '2026-08-03', { order: 'amend-plan', sentOn: '2026-08-06' });
    expect((await told.positions())['appeal']).toBe('carryingOut');
    expect(await told.due('tribunal-order.amend-provision')).toMatchObject([
      { workflow: 'appeal', due: '2026-09-07', met: null },
    ]);
    // What was directed before has no object any more; it was not late by then.
    expect(await told.due('appeal.tribunal-time-other-steps')).toMatchObject([{ met: null, ended: '2026-08-03' }]);
    await told.says('appeal', 'issueAmendedPlan', '2026-09-02', { changesFOrI: true });
    expect(await told.due('tribunal-order.amend-provision')).toMatchObject([{ met: '2026-09-02' }]);
    // The amended plan starts a check of its own, twelve weeks long.
    const checks = await told.due('practice.contact-after-plan-issued');
    expect(checks.map(({ due }) => due).sort()).toEqual(['2026-04-06', '2026-11-25']);
    await told.ends();
  });
});

describe('two disputes in one case', () => {
  it('each keep the last day of their own decision', async () => {
    const told = await decided('2025-08-04', ['decideNotToAssess', '2025-09-10', { reasons }]);
    await told.says('needs-assessment', 'recordAppeal', '2025-10-20');
    await told.says('appeal', 'recordOrder', '2026-01-12', { order: 'assess' });
    await told.says('needs-assessment', 'issueFinalPlan', '2026-04-13');
    await told.says('needs-assessment', 'recordMediationRequest', '2026-05-11');
    const own = (await told.due('appeal.time-limit')).filter(({ workflow }) => workflow === 'appeal');
    // Two months from each notice; only the second dispute is still before its appeal.
    expect(own.map(({ due, met }) => [due, met]).sort()).toEqual([
      ['2025-11-10', '2025-10-20'],
      ['2026-06-13', null],
    ]);
    const takenBack = await test.ownerQuery(
      `select from engine.fact f join engine.run r on r.id = f.run_id
       where r.child_id = $1 and r.workflow = 'appeal' and f.reverses is not null`,
      [told.childId],
    );
    expect(takenBack).toEqual([]);
    await told.ends();
  });
});

describe('an appeal conceded outside regulation 45', () => {
  // R (W) v Hertfordshire CC [2023] EWHC 3138 (Admin): the request and the refusal are published, the rest invented.
  it('leaves the twenty weeks counted from the first request', async () => {
    const told = await decided('2022-12-30', ['decideNotToAssess', '2023-02-08', { reasons }]);
    await told.says('needs-assessment', 'recordAppeal', '2023-04-03');
    await told.says('appeal', 'recordAppealPapers', '2023-04-11');
    await told.says('appeal', 'sendResponse', '2023-05-19', { opposed: 'yes', childsViews: 'He wants help to read' });
    await told.says('appeal', 'concedeAppeal', '2023-09-01', { reasons });
    expect(await told.positions()).toMatchObject({ appeal: 'goesOnElsewhere', 'needs-assessment': 'assessing' });
    expect(await told.due('appeal.concession-without-order')).toMatchObject([
      { workflow: 'needs-assessment', due: '2023-05-19', met: null },
    ]);
    expect(await told.due('unopposed-appeal.amend-contents')).toEqual([]);
    await told.ends();
  });

  it('about the plan has no limit until the consent order makes one', async () => {
    const told = await decided('2025-08-04', ['issueFinalPlan', '2026-01-12']);
    await told.says('needs-assessment', 'recordAppeal', '2026-03-02');
    await told.says('appeal', 'recordAppealPapers', '2026-03-09');
    await told.says('appeal', 'sendResponse', '2026-04-20', {
      opposed: 'in-part',
      childsViews: 'She likes her school',
    });
    await told.says('appeal', 'concedeAppeal', '2026-05-11', { reasons });
    expect((await told.positions())['appeal']).toBe('concededOutside');
    expect(await told.due('unopposed-appeal.amend-contents')).toEqual([]);
    await told.says('appeal', 'recordOrder', '2026-05-26', { order: 'amend-plan' });
    expect(await told.due('tribunal-order.amend-provision')).toMatchObject([{ due: '2026-06-30' }]);
    await told.ends();
  });

  it('before the response it is regulation 45, from the day the Tribunal was told', async () => {
    const told = await decided('2025-08-04', ['issueFinalPlan', '2026-01-12']);
    await told.says('needs-assessment', 'recordAppeal', '2026-03-02');
    await told.says('appeal', 'concedeAppeal', '2026-03-23', { reasons });
    expect(await told.due('unopposed-appeal.amend-contents')).toMatchObject([
      { workflow: 'appeal', due: '2026-04-27' },
    ]);
    await told.ends();
  });
});

describe('a conceded appeal about ending a plan', () => {
  it.each([
    [{}, 'conceded', '2026-06-01'],
    [{ amendmentAgreed: true }, 'concededWithChanges', null],
  ])('%j: the plan goes on, and what was agreed to change is owed', async (fields, position, met) => {
    const told = new Told();
    await told.begins('cease-to-maintain', 'startCeasing', '2026-03-02');
    await told.says('cease-to-maintain', 'decideToCease', '2026-04-06', { ground: 'not-necessary', age: 12, reasons });
    await told.says('cease-to-maintain', 'recordAppeal', '2026-05-04');
    await told.says('appeal', 'concedeAppeal', '2026-06-01', { reasons, ...fields });
    expect((await told.positions())['cease-to-maintain']).toBe(position);
    expect(await told.due('unopposed-appeal.cease-conceded')).toMatchObject([
      { workflow: 'cease-to-maintain', due: '2026-07-06', met },
    ]);
    await told.ends();
  });
});

describe('an agreement in mediation', () => {
  // The agreements and the days they fell due are the Ombudsman's; what came before them is invented.
  it.each([
    ['24 010 826', 'refuse-to-issue', 'make-plan', '2024-05-10', 'tribunal-order.make-plan-final', '2024-07-26'],
    ['25 012 582', 'refuse-to-assess', 'assess', '2025-01-14', 'tribunal-order.assess-final-plan', '2025-04-22'],
    ['25 007 473', 'refuse-to-assess', 'assess', '2025-02-21', 'tribunal-order.assess-no-plan', '2025-05-02'],
  ])('%s, after a %s: to %s on %s is owed by the case that decided', async (_, about, kind, on, duty, due) => {
    const told = await decided(
      '2023-12-04',
      about === 'refuse-to-issue'
        ? ['decideNotToIssue', '2024-03-18', { reasons }]
        : ['decideNotToAssess', '2024-01-12', { reasons }],
    );
    await told.says('needs-assessment', 'recordMediationRequest', '2024-04-15');
    await told.says('appeal', 'recordMediationAgreement', on, {
      agreed: kind,
      actions: [{ action: 'visit', what: 'Visit the school' }],
    });
    expect(await told.due(duty)).toMatchObject([{ workflow: 'needs-assessment', due, met: null }]);
    expect((await told.positions())['appeal']).toBe('goesOnElsewhere');
    // What else was agreed is done in two weeks, and is the dispute's own.
    expect(await told.due('mediation.comply-other-issues')).toMatchObject([{ workflow: 'appeal', met: null }]);
    if (kind === 'make-plan') {
      await told.says('needs-assessment', 'issueFinalPlan', '2024-09-13');
      // Seven weeks late, as published.
      expect(await told.due(duty)).toMatchObject([{ due, met: '2024-09-13' }]);
    }
    await told.ends();
  });
});
