import { type Actor, giveGrant, may, noCase, writeAudit } from '@send/access';
import {
  addChild,
  CaseFile,
  type Child,
  childOf,
  confirmNew,
  possibleDuplicates,
  primaryNeeds,
  type Read,
  readDateOfBirth,
  readName,
  readNhsNumber,
  readUpn,
  unknownIds,
} from '@send/case-file';
import type { Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import type { Field, Wrong } from '@send/workflow-kit';
import { Controller, Get, Inject, Param, Post, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base, inApi } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, idIn, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, invalid, wrongField } from './problems';
import { Search } from './routes';
import { runsOfChild } from './run-view';

export const childFields = {
  firstNames: { kind: 'text', label: 'First name', max: 120 },
  lastName: { kind: 'text', label: 'Last name', max: 120 },
  knownAs: { kind: 'text', label: 'Known as', max: 120, optional: true },
  dateOfBirth: { kind: 'day', label: 'Date of birth', past: true },
  sex: { kind: 'choice', label: 'Sex', optional: true, options: { F: 'Female', M: 'Male', 'not-known': 'Not known' } },
  upn: { kind: 'text', label: 'UPN', max: 20, optional: true },
  nhsNumber: { kind: 'text', label: 'NHS number', max: 20, optional: true },
  primaryNeed: { kind: 'choice', label: 'Primary need', optional: true, options: primaryNeeds },
  settingId: { kind: 'id', of: 'setting', label: 'The setting', optional: true },
  newBecause: { kind: 'text', label: 'Why this is nobody on record', max: 500, optional: true },
} as const satisfies Record<string, Field>;

const shown = [
  'id',
  'reference',
  'firstNames',
  'lastName',
  'knownAs',
  'dateOfBirth',
  'sex',
  'upn',
  'nhsNumber',
  'primaryNeed',
  'settingId',
  'lookedAfter',
  'caseworkerId',
  'team',
  'version',
  'demo',
] as const;

@ApiTags('Children')
@Controller(`${base}/children`)
@OpenToAll()
@UseFilters(ApiProblems)
export class ChildrenController {
  constructor(
    private readonly engine: Engine,
    private readonly caseFile: CaseFile,
    private readonly cases: Cases,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Search()
  @Describes({
    id: 'searchChildren',
    summary: 'Search by reference, name or date of birth; shows only cases that you may find',
    query: { q: { says: 'From 2 to 100 characters.', required: true } },
    answers: { 200: 'Found' },
  })
  async search(@ThroughDoor() { actor, query }: Entered): Promise<object> {
    const { q = '', ...rest } = query;
    refuseQuery(rest);
    const found = await this.caseFile.search(actor, q, this.clock.today());
    if ('message' in found) throw wrongField('q', q.trim().length < 2 ? 'too-short' : 'too-long', found.message);
    return found;
  }

  @Post()
  @Describes({
    id: 'addChild',
    summary: 'Open a record for a child who has none',
    body: 'NewChild',
    answers: { 201: 'Child' },
    problems: ['forbidden', 'possible-duplicate'],
  })
  async add(@ThroughDoor() entered: Entered, @Res({ passthrough: true }) response: Response): Promise<object> {
    const { actor } = entered;
    // A new record is nobody's case yet: whoever may record events on cases of their own may open one.
    const allowed = may(actor, 'recordEvent', { ...noCase(actor.authority), live: true });
    if (!allowed.allowed) throw new ApiProblem('forbidden', allowed.message, { rule: allowed.rule });
    const sent = read(childFields, entered.body, this.clock);
    const given = readChild(sent, this.clock.today());
    const child = await this.cases.within(actor, async (tx) => this.write(tx, actor, given, sent));
    response.status(201).setHeader('Location', inApi('children', child.id));
    return childView(child);
  }

  @Get(':id')
  @Describes({
    id: 'readChild',
    summary: 'Read a child’s record and its runs',
    headers: ['reason'],
    answers: { 200: 'Child' },
    problems: ['forbidden', 'not-found'],
  })
  async view(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    refuseQuery(entered.query);
    const childId = idIn(id);
    return this.cases.read(entered, childId, 'openCaseOverview', ['child', 'runs'], async (tx) => ({
      ...childView(await childOf(tx, childId)),
      runs: await runsOfChild(tx, this.engine, childId),
    }));
  }

  private async write(
    tx: Tx,
    actor: Actor,
    given: GivenChild,
    sent: Readonly<Record<string, unknown>>,
  ): Promise<Child> {
    const today = this.clock.today();
    const settingId = typeof sent['settingId'] === 'string' ? sent['settingId'] : null;
    if (settingId !== null && (await unknownIds(tx, actor.staffId, [{ of: 'setting', id: settingId }])).length > 0)
      throw wrongField('settingId', 'unknown', 'Select the setting from those on record');
    const alike = await possibleDuplicates(tx, given);
    const because = sent['newBecause'];
    if (alike.length > 0 && typeof because !== 'string')
      throw new ApiProblem('possible-duplicate', undefined, { candidates: await this.mayKnow(tx, actor, alike) });
    const child = await addChild(tx, {
      ...given,
      settingId,
      from: today,
      caseworkerId: actor.staffId,
      team: actor.team,
    });
    await giveGrant(tx, {
      staffId: actor.staffId,
      childId: child.id,
      kind: 'assigned',
      from: today,
      reason: 'Opened the record',
    });
    if (alike.length > 0 && typeof because === 'string') await confirmNew(tx, child.id, alike, because);
    await writeAudit(tx, actor, {
      action: 'recordEvent',
      outcome: 'done',
      childId: child.id,
      object: `child ${child.id}`,
    });
    return child;
  }

  /** Of a case that one may not find, only that there is one. */
  private async mayKnow(
    tx: Tx,
    actor: Actor,
    alike: Awaited<ReturnType<typeof possibleDuplicates>>,
  ): Promise<object[]> {
    const list: object[] = [];
    for (const one of alike) {
      const found = await this.cases.finds(tx, actor, one.childId);
      list.push(found ? one : { score: one.score, reasons: one.reasons });
    }
    return list;
  }
}

const childView = (child: Child): Record<string, unknown> =>
  Object.fromEntries(shown.map((field) => [field, child[field]]));

type GivenChild = Pick<Child, 'firstNames' | 'lastName' | 'dateOfBirth'> &
  Partial<Pick<Child, 'knownAs' | 'sex' | 'upn' | 'nhsNumber' | 'primaryNeed'>>;

function readChild(sent: Readonly<Record<string, unknown>>, today: string): GivenChild {
  const wrong: Wrong[] = [];
  const take = (field: string, reader: (typed: string) => Read): string | undefined => {
    const typed = sent[field];
    if (typeof typed !== 'string') return undefined;
    const found = reader(typed);
    if ('value' in found) return found.value;
    wrong.push({ field, rule: 'not-well-formed', message: found.message });
    return undefined;
  };
  const firstNames = take('firstNames', (typed) => readName(typed, 'First name')) ?? '';
  const lastName = take('lastName', (typed) => readName(typed, 'Last name')) ?? '';
  const knownAs = take('knownAs', (typed) => readName(typed, 'Known as'));
  const dateOfBirth = take('dateOfBirth', (typed) => readDateOfBirth(typed, today)) ?? '';
  const upn = take('upn', readUpn);
  const nhsNumber = take('nhsNumber', readNhsNumber);
  if (wrong.length > 0) throw invalid(wrong);
  return {
    firstNames,
    lastName,
    dateOfBirth,
    ...(knownAs === undefined ? {} : { knownAs }),
    ...(upn === undefined ? {} : { upn }),
    ...(nhsNumber === undefined ? {} : { nhsNumber }),
    ...(sent['sex'] === undefined ? {} : { sex: sent['sex'] as Child['sex'] }),
    ...(sent['primaryNeed'] === undefined
      ? {}
      : { primaryNeed: sent['primaryNeed'] as NonNullable<Child['primaryNeed']> }),
  };
}
