import { type Actor, writeAudit } from '@send/access';
import {
  candidatesOn,
  capOn,
  changeCap,
  cohortOn,
  fairness,
  type FileKind,
  fileKinds,
  importFile,
  outcomesOf,
  suppressionRule,
  timetablesOn,
} from '@send/cohort';
import type { Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import type { Field } from '@send/workflow-kit';
import { Controller, Get, HttpCode, Inject, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, invalid, wrongField } from './problems';

export const cohortFields = {
  NewImport: {
    kind: {
      kind: 'choice',
      label: 'What the file holds',
      options: Object.fromEntries(Object.entries(fileKinds).map(([kind, { label }]) => [kind, label])),
    },
    fileName: { kind: 'text', label: 'Name of the file', max: 200 },
    source: { kind: 'text', label: 'Who sent it', max: 200 },
    coversFrom: { kind: 'day', label: 'First day it speaks for', past: true },
    asOf: { kind: 'day', label: 'Last day it speaks for', past: true },
    text: { kind: 'text', label: 'The file', max: 900_000 },
    agreedByUs: { kind: 'yes-no', label: 'Part-time timetables that we have agreed to', optional: true },
  },
  NewCap: {
    cap: { kind: 'number', label: 'Places', min: 1, max: 500 },
    reason: { kind: 'text', label: 'The reason', max: 1000 },
  },
} as const satisfies Record<string, Record<string, Field>>;

/** The exclusion-risk cohort: who is in, who might be, what schools send, and whom it reaches. */
@ApiTags('Cohort')
@Controller(`${base}/cohort`)
@OpenToAll()
@UseFilters(ApiProblems)
export class CohortApiController {
  constructor(
    private readonly cases: Cases,
    private readonly engine: Engine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Describes({
    id: 'readCohort',
    summary: 'Read who is put forward, how many places are taken, and how many stay in education and safely at home',
    answers: { 200: 'Cohort' },
    problems: ['forbidden'],
  })
  async board(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return this.look(actor, 'board', async (tx) => {
      const children = await cohortOn(tx);
      return {
        ...(await capOn(tx, this.clock.today())),
        outcomes: outcomesOf(children),
        children: children.map(({ cohort: _, ...one }) => one),
      };
    });
  }

  @Get('candidates')
  @Describes({
    id: 'listCandidates',
    summary: 'List the children whose indicators ask to be looked at, with reasons, completeness and what dropped out',
    answers: { 200: 'Candidates' },
    problems: ['forbidden'],
  })
  async candidates(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return this.look(actor, 'candidates', async (tx) => ({ candidates: await candidatesOn(tx, this.clock.today()) }));
  }

  @Get('part-time')
  @Describes({
    id: 'listPartTimeTimetables',
    summary: 'List the part-time timetables in force; those without an end, a review or consent first',
    answers: { 200: 'PartTimeTimetables' },
    problems: ['forbidden'],
  })
  async partTime(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return this.look(actor, 'part-time timetables', async (tx) => ({
      timetables: await timetablesOn(tx, this.clock.today()),
    }));
  }

  @Get('fairness')
  @Describes({
    id: 'readCohortFairness',
    summary: 'Read whom the cohort reaches and helps, with small numbers hidden',
    answers: { 200: 'Fairness' },
    problems: ['forbidden'],
  })
  async fairness(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    refuseQuery(query);
    return this.look(actor, 'fairness', async (tx) => ({ rule: suppressionRule, tables: await fairness(tx) }));
  }

  @Post('imports')
  @HttpCode(200)
  @Describes({
    id: 'importFile',
    summary: 'Take a file of suspensions, attendance or timetables whole, or name every fault and take nothing',
    body: 'NewImport',
    answers: { 200: 'FileTaken' },
    problems: ['forbidden'],
  })
  async take(@ThroughDoor() { actor, body }: Entered): Promise<object> {
    seniors(actor);
    const given = read(cohortFields.NewImport, body, this.clock);
    const [coversFrom, asOf] = [String(given['coversFrom']), String(given['asOf'])];
    if (coversFrom > asOf)
      throw wrongField('coversFrom', 'after-the-last', 'The first day must not be after the last day');
    const outcome = await this.cases.within(actor, (tx) =>
      importFile(tx, this.engine, actor, this.clock.today(), {
        kind: given['kind'] as FileKind,
        fileName: String(given['fileName']),
        source: String(given['source']),
        text: `${String(given['text'])}\n`,
        coversFrom,
        asOf,
        ...(given['agreedByUs'] === true ? { agreedByUs: true } : {}),
      }),
    );
    if ('imported' in outcome) return outcome.imported;
    throw invalid(
      outcome.problems.map(({ line, column, message }) => ({
        field: line === 0 ? 'text' : `line ${line}${column === '' ? '' : ` ${column}`}`,
        rule: 'file',
        message,
      })),
    );
  }

  @Post('cap')
  @HttpCode(200)
  @Describes({
    id: 'changeCohortCap',
    summary: 'Change how many children may be in the cohort, from today on, with the reason',
    body: 'NewCap',
    answers: { 200: 'CapChanged' },
    problems: ['forbidden'],
  })
  async cap(@ThroughDoor() { actor, body }: Entered): Promise<object> {
    seniors(actor);
    const { cap, reason } = read(cohortFields.NewCap, body, this.clock);
    if (String(reason).length < 3) throw wrongField('reason', 'too-short', 'Enter the reason, in 3 characters or more');
    const today = this.clock.today();
    return this.cases.within(actor, async (tx) => {
      await changeCap(tx, actor, Number(cap), today, String(reason));
      return capOn(tx, today);
    });
  }

  private look<T extends object>(actor: Actor, what: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    seniors(actor);
    return this.cases.within(actor, async (tx) => {
      await writeAudit(tx, actor, { action: 'readCohort', outcome: 'done', object: what });
      return work(tx);
    });
  }
}

function seniors(actor: Actor): void {
  if (!actor.roles.includes('SM'))
    throw new ApiProblem('forbidden', 'The cohort is for senior caseworkers and managers', { rule: 'readCohort' });
}
