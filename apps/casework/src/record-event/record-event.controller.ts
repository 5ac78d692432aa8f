import type { Actor } from '@send/access';
import { waitingMatters } from '@send/case-file';
import { LetterDesk } from '@send/correspondence';
import { addresseesOf, type Command, type Payload } from '@send/workflow-kit';
import { Body, Controller, Get, NotFoundException, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Cases, dutyAbout, type OpenedCase } from '../case/case-frame';
import { type CaseRun, chosenRun, runAsked } from '../case/case-runs';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { letterName } from '../letters/letter-name';
import { recipientNames } from '../letters/recipients';
import { CommandPages, type CommandPlace, mayPrepare } from './command-pages';
import { possibleBy } from './foreseen';
import { shelvesOf } from './shelves';

/** What becomes of the letters of an act, by their status, in the order that matters to whoever did it. */
const whatBecomes = {
  held: 'Letters held, which will not be sent yet',
  drafted: 'Letters waiting for approval',
  approved: 'Letters to be sent in the next few minutes',
  sent: 'Letters sent',
  cancelled: 'Letters no longer needed',
};

/** Every write on a process that a child has: choose, answer, check what will happen, done. */
@Controller('cases/:caseId')
export class RecordEventController {
  constructor(
    private readonly cases: Cases,
    private readonly pages: CommandPages,
    private readonly desk: LetterDesk,
    private readonly answer: PageAnswer,
  ) {}

  @Get('record')
  async choose(
    @Param('caseId') caseId: string,
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const asked = runAsked(query['run']);
      const open = opened.runs.filter(({ closed }) => !closed);
      const wanted =
        asked !== undefined ? [chosenRun(opened.runs, asked)] : open.length > 0 ? open : opened.runs.slice(0, 1);
      if (wanted.length === 0 && !opened.header.mayStart) throw new NotFoundException();
      return {
        header: opened.header,
        several: open.length > 1,
        runs: wanted.map((run) => offeredIn(opened, run, open.length > 1 || asked !== undefined)),
      };
    });
    await this.answer.send(request, response, 'record-event/choose.view.njk', {
      title: 'Record an event',
      ...page,
      caseReference: page.header.reference,
      back: { href: `/cases/${caseId}` },
    });
  }

  @Get('record/:command')
  ask(
    @Param('caseId') caseId: string,
    @Param('command') name: string,
    @Query() query: Record<string, unknown>,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.pages.ask(placeOf(caseId, name, query), query, { actor, request, response });
  }

  @Post('record/:command')
  take(
    @Param('caseId') caseId: string,
    @Param('command') name: string,
    @Query() query: Record<string, unknown>,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.pages.take(placeOf(caseId, name, query), body, { actor, request, response });
  }

  @Get('recorded/:factId')
  async recorded(
    @Param('caseId') caseId: string,
    @Param('factId') factId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const [fact] = /^[0-9a-f-]{36}$/.test(factId)
        ? await opened.tx.query<{
            run_id: string;
            type: string;
            on_day: string;
            payload: Payload;
            moved: { key: string; to: string | null }[];
          }>('select run_id, type, on_day, payload, moved from engine.fact where id = $1 and run_id = any ($2)', [
            factId,
            opened.runs.map(({ id }) => id),
          ])
        : [];
      if (fact === undefined) throw new NotFoundException();
      const run = chosenRun(opened.runs, fact.run_id);
      const letters = await opened.tx.query<{ letter: string; recipient: string; status: string }>(
        'select letter, recipient, status from letters.letter where fact_id = $1 order by letter, recipient',
        [factId],
      );
      const nameOf = await recipientNames(
        opened,
        letters.map(({ recipient }) => recipient),
      );
      const unwritten = Object.entries(addresseesOf(fact.payload)).some(
        ([key, to]) =>
          to.length === 0 &&
          letters.every(({ letter }) => letter !== key) &&
          this.desk.catalogue.templates.some((one) => one.id === key && one.to.includes('parent')),
      );
      return {
        header: opened.header,
        received: fact.type === 'requestReceived',
        waiting: unwritten
          ? (await waitingMatters(opened.tx, { childId: caseId }))
              .filter(({ what }) => what === 'responsibility')
              .map(({ personName }) => personName)
          : [],
        process: opened.runs.length > 1 ? run.workflow.title : undefined,
        called: run.called,
        happened: run.workflow.commands.forFact(fact.type)?.happened ?? fact.type,
        on: fact.on_day,
        placed: !run.unplaced.includes(factId),
        letters: Object.entries(whatBecomes)
          .map(([status, name]) => ({
            name,
            letters: letters
              .filter((one) => one.status === status)
              .map((one) => ({ title: letterName(this.desk.catalogue, one.letter), to: nameOf(one.recipient) })),
          }))
          .filter((group) => group.letters.length > 0),
        moved: fact.moved
          .filter((one) => run.deadlines.every((row) => row.key !== one.key || row.met_on === null))
          .map((one) => {
            const [duty = '', subject] = one.key.split('#');
            return { text: dutyAbout(duty, opened.subjectName(subject ?? null)), to: one.to };
          }),
      };
    });
    await this.answer.send(request, response, 'record-event/done.view.njk', {
      title: page.happened,
      ...page,
      caseReference: page.header.reference,
    });
  }
}

/** What this person may do in a process as it stands now, and what they may only put on record. */
function offeredIn(opened: OpenedCase, run: CaseRun, named: boolean) {
  const offered = Object.entries(run.workflow.commands.table)
    .filter(([, command]) => isGiven(command) && mayPrepare(opened, command))
    .map(([name, command]) => ({ name, command, door: possibleBy(run, command, opened.today) }));
  const shelved = (afterwards: boolean) =>
    shelvesOf(run.workflow.id)
      .map(({ name, holds }) => ({
        name,
        items: offered
          .filter(
            ({ command, door }) =>
              door !== undefined && holds(command) && (door === 'record' && command.doors.length > 1) === afterwards,
          )
          .sort((a, b) => a.command.rank - b.command.rank)
          .map((one) => ({
            href: addressOf(opened.header.id, one.name, {
              ...(named ? { run: run.id } : {}),
              ...(afterwards ? { door: 'record' } : {}),
            }),
            label: afterwards ? one.command.happened : one.command.label,
            second: one.command.secondPerson === 'always',
          })),
      }))
      .filter((group) => group.items.length > 0);
  return {
    id: run.id,
    process: run.workflow.title,
    called: run.called,
    groups: shelved(false),
    afterwards: shelved(true).flatMap((group) => group.items),
  };
}

/** What may be given to a process that there is: not what begins one, nor what the product says to itself. */
const isGiven = (command: Command): boolean => command.system !== true && command.begins !== true;

function addressOf(caseId: string, name: string, asked: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(asked).toString();
  return `/cases/${caseId}/record/${name}${query === '' ? '' : `?${query}`}`;
}

function placeOf(caseId: string, name: string, query: Readonly<Record<string, unknown>>): CommandPlace {
  const asked = runAsked(query['run']);
  const has = (run: CaseRun): boolean => {
    const command = run.workflow.commands.find(name);
    return command !== undefined && isGiven(command);
  };
  return {
    caseId,
    name,
    path: addressOf(caseId, name, asked === undefined ? {} : { run: asked }),
    back: `/cases/${caseId}/record`,
    of: (opened) => {
      const run = chosenRun(opened.runs, asked, has);
      const command = run.workflow.commands.find(name);
      if (command === undefined) throw new NotFoundException();
      return { run, command };
    },
  };
}
