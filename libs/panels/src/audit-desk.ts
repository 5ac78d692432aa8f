import { type Actor, may, noCase, writeAudit } from '@send/access';
import { newId, type Tx } from '@send/database';
import { refuse } from '@send/engine';
import { addMonths, auditCohort, type Day } from '@send/statute';
import type { Field } from '@send/workflow-kit';
import { itemsOf } from './agenda';
import { auditMonths, type Checklist, checklist, checklistAnswers, drawSample, drawsOf } from './audit-sample';
import { decidedItems, type Rate, ratesBy } from './consistency';
import { kindOf, kindsOn } from './kinds';
import { type Said, saidOf } from './item-desk';
import { type Answer, PanelDoor } from './panel-door';

type Body = Readonly<Record<string, unknown>>;

export const drawFields = {
  kind: { kind: 'id', label: 'the panel' },
  cohort: { kind: 'day', label: 'The month of the decisions', past: true },
  months: {
    kind: 'choice',
    label: 'which of the samples',
    options: Object.fromEntries(auditMonths.map((months) => [String(months), `At ${months} months`])),
  },
  seed: { kind: 'text', label: 'The seed', max: 80, optional: true },
} as const satisfies Record<string, Field>;

export const findingFields: Readonly<Record<string, Field>> = {
  ...Object.fromEntries(
    Object.entries(checklist).map(([name, label]): [string, Field] => [
      name,
      { kind: 'choice', label: `an answer: ${label.toLowerCase()}`, options: checklistAnswers },
    ]),
  ),
  findings: { kind: 'text', label: 'The findings', max: 5000 },
};

export interface Draw {
  readonly id: string;
  readonly kindId: string;
  readonly cohort: Day;
  readonly months: number;
  readonly drawnOn: Day;
  readonly seed: string;
  readonly percent: number;
  readonly pool: readonly string[];
  readonly sample: readonly string[];
}

export interface AuditPlanRow {
  readonly kindId: string;
  readonly kindName: string;
  readonly cohort: Day;
  readonly months: number;
  readonly dueBy: Day;
  readonly cases: number;
  readonly draw: { readonly id: string; readonly drawnOn: Day; readonly sample: number; readonly found: number } | null;
}

/** One case of a sample. What was decided is shown once the findings are stored. */
export interface AuditedCase {
  readonly draw: Draw;
  readonly runId: string;
  readonly reference: string;
  readonly question: string;
  readonly said: readonly Said[];
  readonly finding: {
    readonly checklist: Checklist;
    readonly findings: string;
    readonly by: string;
    readonly on: Day;
  } | null;
  readonly mayFind: boolean;
}

const drawColumns = `id, kind_id as "kindId", cohort, months, drawn_on as "drawnOn", seed, percent, pool, sample`;
/** The outcome, and words that give it away. */
const outcomeOf = [
  'recommendation',
  'decision',
  'reasons',
  'conditions',
  'dissent',
  'actions',
  'missing',
  'whyWithout',
];

/** The audit of what panels decided, and how alike they decide. */
export class AuditDesk extends PanelDoor {
  /** Samples that are due or drawn, by panel and month: Somerset SEND Accelerated Progress Plan 2023, action 1.1. */
  async plan(actor: Actor): Promise<Answer<AuditPlanRow[]>> {
    return this.attempt(actor, async (tx) => {
      this.mayRead(actor);
      const today = this.today();
      const cohorts = await tx.query<{ kindId: string; kindName: string; cohort: Day; cases: number }>(
        `select i.kind_id as "kindId", k.name as "kindName",
           (date_trunc('month', i.decided_on) + interval '1 month - 1 day')::date as cohort, count(*)::int as cases
         from panels.item i join panels.kind k on k.authority_id = i.authority_id and k.id = i.kind_id
         where i.position in ('decided', 'ended') and i.decided_on is not null and i.recommended_on is not null
         group by 1, 2, 3 order by 3 desc, 2`,
      );
      const draws = await tx.query<Draw & { found: number }>(
        `select ${drawColumns}, (select count(*)::int from panels.audit_finding f where f.draw_id = d.id) as found from panels.audit_draw d`,
      );
      return cohorts
        .flatMap((row) =>
          drawsOf(row.cohort).map(({ months, dueBy }): AuditPlanRow => {
            const draw = draws.find(
              (one) => one.kindId === row.kindId && one.cohort === row.cohort && one.months === months,
            );
            return {
              ...row,
              months,
              dueBy,
              draw:
                draw === undefined
                  ? null
                  : { id: draw.id, drawnOn: draw.drawnOn, sample: draw.sample.length, found: draw.found },
            };
          }),
        )
        .filter(({ draw, dueBy }) => draw !== null || dueBy <= addMonths(today, 1));
    });
  }

  /**
   * Draws once for a panel, a month and a milestone, from a stored seed. Drawn again it gives what was drawn. The day that
   * the draw counts with is the milestone's own, so that a draw a week late takes the same cases.
   */
  async draw(actor: Actor, body: Body): Promise<Answer<{ id: string }>> {
    return this.attempt(actor, async (tx) => {
      const {
        kind: kindId,
        cohort: day,
        months: which,
        seed: typed,
      } = this.read(drawFields, body) as Record<string, string>;
      const kind = await kindOf(tx, kindId ?? '');
      if (kind === undefined) return this.wrong('kind', 'not-offered', 'Select the panel');
      await this.runsPanel(tx, actor, kind.id);
      const cohort = auditCohort(day ?? '');
      const months = Number(which);
      const dueBy = addMonths(cohort, months);
      const [before] = await this.drawn(tx, kind.id, cohort, months);
      if (before !== undefined) return { id: before.id };
      if (cohort >= this.today()) return this.wrong('cohort', 'not-over', 'The month of the decisions must be over');
      if (dueBy > addMonths(this.today(), 1))
        return this.stop(
          refuse('not-now', 'This sample is drawn in the month before it is due at the earliest', 'milestone'),
        );
      const pool = await this.poolOf(tx, actor, kind.id, cohort);
      if (pool.length === 0) return this.wrong('cohort', 'empty', 'This panel decided nothing in that month');
      const seed = typed ?? `${kind.id} ${cohort}`;
      const sample = drawSample(pool, seed, dueBy);
      const id = newId();
      await tx.run(
        `insert into panels.audit_draw (id, authority_id, kind_id, cohort, months, drawn_on, seed, percent, pool, sample, drawn_by)
         values ($1, $2, $3, $4, $5, $6, $7, 10, $8, $9, $10)`,
        [id, tx.identity.authority, kind.id, cohort, months, this.today(), seed, pool, sample, actor.staffId],
      );
      await this.asSystem(tx, actor, async (system) => {
        // A case that has ended since was decided by the panel all the same, and is told nothing any more.
        const open = await tx.query<{ id: string }>(
          `select run_id as id from panels.item where run_id = any($1) and position = 'decided'`,
          [pool],
        );
        for (const { id: runId } of open) {
          const fields = { on: this.today(), months, inSample: sample.includes(runId) ? 'yes' : 'no' };
          const given = {
            command: 'noteAuditDrawn',
            key: `audit:${id}:${runId}`,
            fields,
            confirmed: true,
            source: `audit ${id}`,
          };
          this.must(await this.engine.record(runId, given, system, { tx }));
        }
      });
      await writeAudit(tx, actor, { action: 'drawAuditSample', outcome: 'done', object: `audit ${id}` });
      return { id };
    });
  }

  async sample(
    actor: Actor,
    drawId: string,
  ): Promise<Answer<{ draw: Draw; cases: { runId: string; reference: string; question: string; found: boolean }[] }>> {
    return this.attempt(actor, async (tx) => {
      const draw = await this.openDraw(tx, actor, drawId);
      const cases = [];
      for (const runId of draw.sample) {
        const [item] = await itemsOf(tx, { run: runId });
        // Closed to the reader by a conflict: somebody else audits it.
        if (item === undefined) continue;
        const found = await tx.query('select 1 from panels.audit_finding where draw_id = $1 and run_id = $2', [
          drawId,
          runId,
        ]);
        cases.push({ runId, reference: item.reference, question: item.question, found: found.length > 0 });
      }
      return { draw, cases };
    });
  }

  async auditedCase(actor: Actor, drawId: string, runId: string): Promise<Answer<AuditedCase>> {
    return this.attempt(actor, async (tx) => {
      const draw = await this.openDraw(tx, actor, drawId);
      const [item] = draw.sample.includes(runId) ? await itemsOf(tx, { run: runId }) : [];
      if (item === undefined)
        return this.stop(refuse('not-found', 'There is no such case in this sample', 'not found'));
      await writeAudit(tx, actor, { action: 'auditPanelCase', outcome: 'done', childId: item.childId, runId });
      const [finding] = await tx.query<{ checklist: Checklist; findings: string; by: string; on: Day }>(
        `select f.checklist, f.findings, coalesce(s.name, 'Somebody who has left') as "by", f.found_on as "on"
         from panels.audit_finding f left join access.staff s on s.id::text = f.found_by where f.draw_id = $1 and f.run_id = $2`,
        [drawId, runId],
      );
      const said = (await saidOf(tx, runId)).map((one) => (finding === undefined ? blind(one) : one));
      return {
        draw,
        runId,
        reference: item.reference,
        question: item.question,
        said,
        finding: finding ?? null,
        mayFind: finding === undefined && !(await tookPart(tx, actor, runId)),
      };
    });
  }

  /** Stored once; nobody audits what they recorded or decided themselves. */
  async find(actor: Actor, drawId: string, runId: string, body: Body): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const draw = await this.openDraw(tx, actor, drawId);
      const [item] = draw.sample.includes(runId) ? await itemsOf(tx, { run: runId }) : [];
      if (item === undefined)
        return this.stop(refuse('not-found', 'There is no such case in this sample', 'not found'));
      if (await tookPart(tx, actor, runId))
        return this.stop(
          refuse('forbidden', 'You took part in this decision: somebody else audits it', 'own decision'),
        );
      const { findings, ...answers } = this.read(findingFields, body);
      if (String(findings).length < 3) return this.wrong('findings', 'too-short', 'Enter the findings');
      await tx.run(
        `insert into panels.audit_finding (draw_id, run_id, authority_id, checklist, findings, found_by, found_on) values ($1, $2, $3, $4, $5, $6, $7)`,
        [drawId, runId, tx.identity.authority, answers, findings, actor.staffId, this.today()],
      );
      await writeAudit(tx, actor, { action: 'recordAuditFinding', outcome: 'done', childId: item.childId, runId });
      return null;
    });
  }

  /** Rates of the last twelve months, small numbers left out. */
  async consistency(
    actor: Actor,
  ): Promise<Answer<{ from: Day; to: Day; panels: Rate[]; needs: Rate[]; schools: Rate[] }>> {
    return this.attempt(actor, async (tx) => {
      this.mayRead(actor);
      const to = this.today();
      const from = addMonths(to, -12);
      // Counts of all: a conflict about one case does not change a rate.
      const items = await this.asSystem(tx, actor, () => decidedItems(tx, from, to));
      await writeAudit(tx, actor, { action: 'readReports', outcome: 'done', object: 'panel rates' });
      return {
        from,
        to,
        panels: ratesBy('panel', items),
        needs: ratesBy('need', items),
        schools: ratesBy('school', items),
      };
    });
  }

  /** For the form: every panel that exists. */
  async kinds(actor: Actor) {
    return this.attempt(actor, (tx) => kindsOn(tx, this.today()));
  }

  private mayRead(actor: Actor): void {
    const chairs = actor.roles.includes('PC');
    const answer = may(actor, 'readReports', noCase(actor.authority));
    if (!chairs && (!answer.allowed || actor.roles.every((role) => role === 'CW' || role === 'SE')))
      this.stop(refuse('forbidden', 'Senior officers, panel chairs and auditors read this', 'role'), {
        action: 'readReports',
      });
  }

  private async openDraw(tx: Tx, actor: Actor, drawId: string): Promise<Draw> {
    this.mayRead(actor);
    const [draw] = /^[0-9a-f-]{36}$/i.test(drawId)
      ? await tx.query<Draw>(`select ${drawColumns} from panels.audit_draw where id::text = $1`, [drawId.toLowerCase()])
      : [];
    if (draw === undefined) return this.stop(refuse('not-found', 'There is no such sample', 'not found'));
    if (!actor.roles.includes('AU')) await this.runsPanel(tx, actor, draw.kindId);
    return draw;
  }

  private drawn(tx: Tx, kindId: string, cohort: Day, months: number): Promise<Draw[]> {
    return tx.query<Draw>(
      `select ${drawColumns} from panels.audit_draw where kind_id = $1 and cohort = $2 and months = $3`,
      [kindId, cohort, months],
    );
  }

  /** Ids only: whoever draws sees no outcome. */
  private poolOf(tx: Tx, actor: Actor, kindId: string, cohort: Day): Promise<string[]> {
    return this.asSystem(tx, actor, async () =>
      (
        await tx.query<{ id: string }>(
          `select run_id as id from panels.item where kind_id = $1 and position in ('decided', 'ended') and recommended_on is not null
             and (date_trunc('month', decided_on) + interval '1 month - 1 day')::date = $2 order by run_id`,
          [kindId, cohort],
        )
      ).map(({ id }) => id),
    );
  }
}

const blind = (one: Said): Said => ({
  ...one,
  by: 'Not shown',
  payload: Object.fromEntries(Object.entries(one.payload).filter(([name]) => !outcomeOf.includes(name))),
});

async function tookPart(tx: Tx, actor: Actor, runId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from engine.fact where run_id = $1 and actor = $2 and door = $3 limit 1', [
    runId,
    actor.staffId,
    'act',
  ]);
  return rows.length > 0;
}
