import { type Desked, LetterDesk, letterRow } from '@send/correspondence';
import { type Clock } from '@send/engine';
import type { Field } from '@send/workflow-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { base } from './answers';
import { Cases } from './cases';
import { Describes } from './described';
import { type Entered, idIn, read, refuseQuery, ThroughDoor } from './door';
import { ApiProblem, ApiProblems, refused } from './problems';
import { returnFields } from './proposals.controller';

export const rewriteFields = { reasons: { kind: 'paragraphs', label: 'The reasons' } } as const satisfies Record<
  string,
  Field
>;

const decisionProblems = ['forbidden', 'not-found', 'already-decided', 'out-of-position', 'not-now'] as const;

@ApiTags('Letters')
@Controller(`${base}/letters`)
@OpenToAll()
@UseFilters(ApiProblems)
export class LettersApiController {
  constructor(
    private readonly cases: Cases,
    private readonly desk: LetterDesk,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':id')
  @Describes({
    id: 'readLetter',
    summary: 'Read a letter: as it was sent, or as it would be sent today',
    headers: ['reason'],
    answers: { 200: 'Letter' },
    problems: ['forbidden', 'not-found'],
  })
  async view(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    refuseQuery(entered.query);
    const letterId = idIn(id);
    return this.cases.read(entered, await this.childOf(letterId, entered), 'readLetters', ['letter'], async (tx) => {
      const row = await letterRow(tx, letterId);
      if (row === undefined) throw new ApiProblem('not-found');
      const { ownWords: _, ...letter } = row;
      const preview = await this.desk.preview(tx, letterId);
      return {
        ...letter,
        title: preview?.title ?? row.title,
        html: preview?.html ?? null,
        problems: preview?.problems ?? [],
      };
    });
  }

  @Post(':id/approval')
  @HttpCode(200)
  @Describes({
    id: 'approveLetter',
    summary: 'Approve a letter that somebody else wrote: it goes out',
    body: 'Nothing',
    headers: ['reason'],
    answers: { 200: 'Desked' },
    problems: decisionProblems,
  })
  async approve(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    const letterId = await this.enter(id, entered);
    read({}, entered.body, this.clock);
    return answer(await this.desk.approve(letterId, entered.actor));
  }

  @Post(':id/return')
  @HttpCode(200)
  @Describes({
    id: 'returnLetter',
    summary: 'Give a letter back to its writer with a reason',
    body: 'Reason',
    headers: ['reason'],
    answers: { 200: 'Desked' },
    problems: decisionProblems,
  })
  async giveBack(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    const letterId = await this.enter(id, entered);
    const { reason } = read(returnFields, entered.body, this.clock);
    return answer(await this.desk.giveBack(letterId, String(reason), entered.actor));
  }

  @Post(':id/reasons')
  @HttpCode(200)
  @Describes({
    id: 'rewriteLetter',
    summary: 'Write the reasons in a letter anew; whoever does cannot approve it',
    body: 'Reasons',
    headers: ['reason'],
    answers: { 200: 'Desked' },
    problems: decisionProblems,
  })
  async rewrite(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    const letterId = await this.enter(id, entered);
    const { reasons } = read(rewriteFields, entered.body, this.clock);
    return answer(await this.desk.rewrite(letterId, { reasons: reasons as string[] }, entered.actor));
  }

  @Post(':id/release')
  @HttpCode(200)
  @Describes({
    id: 'releaseLetter',
    summary: 'Let a held letter go after all, with a reason',
    body: 'Reason',
    headers: ['reason'],
    answers: { 200: 'Desked' },
    problems: decisionProblems,
  })
  async release(@Param('id') id: string, @ThroughDoor() entered: Entered): Promise<object> {
    const letterId = await this.enter(id, entered);
    const { reason } = read(returnFields, entered.body, this.clock);
    return answer(await this.desk.release(letterId, String(reason), entered.actor));
  }

  private async enter(id: string, entered: Entered): Promise<string> {
    const letterId = idIn(id);
    await this.cases.enter(entered, await this.childOf(letterId, entered));
    return letterId;
  }

  private async childOf(letterId: string, { actor }: Entered): Promise<string> {
    const row = await this.cases.within(actor, (tx) => letterRow(tx, letterId));
    if (row === undefined) throw new ApiProblem('not-found');
    return row.childId;
  }
}

function answer(outcome: Desked): object {
  if (!outcome.done) throw refused(outcome);
  return outcome;
}
