import { shortestReason, writeAudit } from '@send/access';
import type { Actor } from '@send/access';
import { CaseFile, familyKinds, notesOf, openNoticesOfChild, plansOf } from '@send/case-file';
import { LetterDesk } from '@send/correspondence';
import { type Clock, Engine } from '@send/engine';
import { Form } from '@send/pages';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { letterName } from '../letters/letter-name';
import { waitingProposals } from '../proposals/waiting';
import { Cases, countsBy, isLimit, isOpen, type OpenedCase } from './case-frame';
import { activityOf } from './activity';
import { cameOnline } from './came-online';
import { ReasonsGiven } from './reasons-given';
import { shownPeople } from './people-shown';
import { dateOf, datesIn, headOf, sectionsOf, stopsIn, tasksIn } from './run-sections';

/** Everything a caseworker reads about one case. Each page writes its own audit row before it shows anything. */
@Controller('cases/:caseId')
export class CaseController {
  constructor(
    private readonly cases: Cases,
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly desk: LetterDesk,
    private readonly reasons: ReasonsGiven,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async overview(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const open = opened.runs.filter(({ closed }) => !closed);
      const next = open
        .flatMap((run) => run.deadlines.map((row) => ({ row, process: run.workflow.title })))
        .filter(({ row }) => isOpen(row) && countsBy(row) !== null && (row.kind !== 'policy' || isLimit(row)))
        .sort((a, b) => ((countsBy(a.row) ?? '') < (countsBy(b.row) ?? '') ? -1 : 1));
      return {
        header: opened.header,
        attention: await this.attention(opened),
        several: opened.runs.length > 1,
        open: open.map((run) => ({ ...headOf(run), openedOn: run.opened_on, ...stopsIn(run) })),
        closed: opened.runs
          .filter((run) => run.closed)
          .map((run) => ({ ...headOf(run), openedOn: run.opened_on, lastOn: run.last_on })),
        dates: next.slice(0, open.length > 1 ? 6 : 4).map(({ row, process }) => ({ ...dateOf(row, opened), process })),
        people: shownPeople(opened),
        online: await cameOnline(opened),
        activity: (await this.activity(opened)).slice(0, 3),
        plans: (await plansOf(opened.tx, caseId)).length,
        notices: await openNoticesOfChild(opened.tx, opened.header.id),
      };
    });
    await this.page(request, response, 'case/overview.view.njk', 'Overview', page);
  }

  @Get('tasks')
  async tasks(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => ({
      header: opened.header,
      runs: sectionsOf(opened, (run) => tasksIn(opened, run)),
    }));
    await this.page(request, response, 'case/tasks.view.njk', 'Tasks', page);
  }

  @Get('dates')
  async dates(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const runs = [];
      for (const run of opened.runs) runs.push(await datesIn(opened, run));
      return { header: opened.header, runs };
    });
    await this.page(request, response, 'case/dates.view.njk', 'Dates', page);
  }

  @Get('activity')
  async activityPage(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const items = await this.activity(opened);
      const notes = opened.may('readStaffNotes') ? await notesOf(opened.tx, caseId) : [];
      const all = [
        ...items,
        ...notes.map((note) => ({
          on: note.happenedOn,
          at: note.writtenAt,
          title: 'Note',
          by: opened.nameOf(note.writtenBy),
          lines: [note.text],
        })),
      ];
      const days = [...new Set(all.map((one) => one.on))].sort().reverse();
      return {
        header: opened.header,
        days: days.map((day) => ({
          day,
          items: all.filter((one) => one.on === day).sort((a, b) => ((a.at ?? 0) < (b.at ?? 0) ? -1 : 1)),
        })),
      };
    });
    await this.page(request, response, 'case/activity.view.njk', 'Activity', page);
  }

  /** A reason for opening a case that opens only for one. */
  @Post('reason')
  async reason(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const reason = new Form(body).text('reason');
    if (!isId(caseId)) throw new NotFoundException();
    if (reason.length < shortestReason || reason.length > 5000) {
      return this.answer.send(request, response, 'case/reason.view.njk', {
        title: 'Why do you need to open this case?',
        caseId,
        reason,
        errors: [{ field: 'reason', message: `Enter a reason, in ${shortestReason} characters or more` }],
      });
    }
    this.reasons.note(actor, caseId, reason, this.clock.now());
    await this.caseFile.within(actor, (tx) =>
      writeAudit(tx, actor, {
        action: 'openCaseOverview',
        outcome: 'done',
        childId: caseId,
        reason,
        object: 'reason given',
      }),
    );
    response.redirect(HttpStatus.SEE_OTHER, `/cases/${caseId}`);
  }

  private page(
    request: CaseworkRequest,
    response: CaseworkResponse,
    view: string,
    title: string,
    page: { header: OpenedCase['header']; [value: string]: unknown },
  ): Promise<void> {
    return this.answer.send(request, response, view, {
      title,
      caseReference: page.header.reference,
      tab: title,
      ...page,
    });
  }

  private activity(opened: OpenedCase) {
    return activityOf(opened, (letter) => letterName(this.desk.catalogue, letter));
  }

  /** What needs somebody, the most pressing first. */
  private async attention(opened: OpenedCase): Promise<{ text: string; href: string }[]> {
    const { header, runs, today, people, tx } = opened;
    const base = `/cases/${header.id}`;
    const deadlines = runs.flatMap((run) => run.deadlines);
    const late = deadlines.filter(
      (row) =>
        isOpen(row) &&
        isLimit(row) &&
        row.kind !== 'guidance' &&
        row.kind !== 'policy' &&
        (countsBy(row) ?? today) < today,
    );
    const held = await tx.query<{ count: number }>(
      "select count(*)::int as count from letters.letter where child_id = $1 and status = 'held'",
      [header.id],
    );
    const drafted = await tx.query<{ count: number }>(
      "select count(*)::int as count from letters.letter where child_id = $1 and status = 'drafted'",
      [header.id],
    );
    const proposals = (await waitingProposals(tx, { ...opened.actor, roles: ['SM'] })).filter(
      (one) => one.childId === header.id,
    );
    const unknown = people.filter(
      (one) => one.relationship.parentalResponsibility === 'not-known' && familyKinds.includes(one.relationship.kind),
    );
    const unconfirmed = people.filter(
      (one) =>
        one.relationship.confirmedBy === null &&
        one.relationship.parentalResponsibility !== 'not-known' &&
        familyKinds.includes(one.relationship.kind),
    );
    return [
      ...(late.length === 0
        ? []
        : [
            {
              text: `${late.length === 1 ? 'A legal limit has' : `${late.length} legal limits have`} passed`,
              href: `${base}/dates`,
            },
          ]),
      ...((held[0]?.count ?? 0) === 0
        ? []
        : [
            {
              text: `${held[0]?.count} ${held[0]?.count === 1 ? 'letter is' : 'letters are'} held and will not leave`,
              href: `${base}/letters`,
            },
          ]),
      ...unknown.map((one) => ({
        text: `Find out whether ${one.person.firstNames} ${one.person.lastName} has parental responsibility: nothing is sent to them until then`,
        href: `${base}/people`,
      })),
      ...unconfirmed.map((one) => ({
        text: `What is recorded about ${one.person.firstNames} ${one.person.lastName} waits for a second person: nothing is sent to them until then`,
        href: `${base}/people`,
      })),
      ...proposals.map((one) => ({
        text: `${this.engine.workflow(one.workflow, one.workflowVersion).commands.find(one.command)?.label ?? 'A decision'}: waits for a second person`,
        href: `/proposals/${one.id}`,
      })),
      ...((drafted[0]?.count ?? 0) === 0
        ? []
        : [
            {
              text: `${drafted[0]?.count} ${drafted[0]?.count === 1 ? 'letter waits' : 'letters wait'} for approval`,
              href: `${base}/letters`,
            },
          ]),
    ];
  }
}

const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
