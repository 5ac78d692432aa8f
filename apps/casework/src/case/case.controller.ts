import { shortestReason, writeAudit } from '@send/access';
import type { Actor } from '@send/access';
import { CaseFile, familyKinds, notesOf, openNoticesOfChild, plansOf } from '@send/case-file';
import { LetterDesk } from '@send/correspondence';
import { type Clock, Engine } from '@send/engine';
import { Form, howFar } from '@send/pages';
import { dutyCalled, formatDay } from '@send/statute';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { letterName } from '../letters/letter-name';
import { waitingProposals } from '../proposals/waiting';
import {
  Cases,
  countsBy,
  type DeadlineRow,
  dutyAbout,
  dutyText,
  isLimit,
  isOpen,
  type OpenedCase,
  sendByOf,
} from './case-frame';
import { activityOf } from './activity';
import { cameOnline } from './came-online';
import { ReasonsGiven } from './reasons-given';
import { exceptionsInWords } from './proposed-exceptions';
import { shownPeople } from './people-shown';
import { causesInWords } from './words';

const owners: Readonly<Record<string, string>> = {
  'local-authority': 'The council',
  'parent-or-young-person': 'The family',
  parent: 'The family',
  'requested-body': 'The adviser',
  'body-under-the-time-limit': 'The adviser',
  'head-teacher': 'The head teacher',
  setting: 'The setting',
  'school-or-institution': 'The setting',
};

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
    const page = await this.cases.open(actor, caseId, async (opened) => ({
      header: opened.header,
      attention: await this.attention(opened),
      stops: this.whatStopsIt(opened),
      dates: opened.deadlines
        .filter((row) => isOpen(row) && countsBy(row) !== null && row.kind !== 'policy')
        .slice(0, 4)
        .map((row) => this.dateOf(row, opened)),
      people: shownPeople(opened),
      online: await cameOnline(opened),
      activity: (await this.activity(opened)).slice(0, 3),
      plans: (await plansOf(opened.tx, caseId)).length,
      notices: await openNoticesOfChild(opened.tx, opened.header.id),
    }));
    await this.page(request, response, 'case/overview.view.njk', 'Overview', page);
  }

  @Get('tasks')
  async tasks(
    @Param('caseId') caseId: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const duties = opened.deadlines.filter((row) => isLimit(row) && row.subject === null);
      const advice = Object.values(opened.run?.place.context.advice ?? {});
      const statusOf = (row: DeadlineRow): { text: string; tag?: string } => {
        const by = countsBy(row);
        if (row.met_on !== null) return { text: 'Completed' };
        if (row.ended_on !== null) return { text: 'No longer needed' };
        if (by !== null && by < opened.today)
          return { text: `Problem: ${howFar(by, opened.today)}`, tag: 'govuk-tag--red' };
        return by === null
          ? { text: 'Not started', tag: 'govuk-tag--blue' }
          : { text: 'In progress', tag: 'govuk-tag--light-blue' };
      };
      const itemOf = (row: DeadlineRow) => {
        const by = countsBy(row);
        return {
          text: dutyText(row.duty),
          hint: isOpen(row) && by !== null ? `Due ${formatDay(by)}. ${row.law}` : row.law,
          status: statusOf(row),
          href: `/cases/${caseId}/dates`,
        };
      };
      const open = duties.filter(isOpen);
      return {
        header: opened.header,
        groups: [
          {
            name: 'To do now',
            items: open.filter((row) => countsBy(row) !== null).map(itemOf),
          },
          {
            name: 'Advice',
            items:
              advice.length === 0
                ? []
                : [
                    {
                      text: `Advice asked of ${advice.length}, received from ${advice.filter((one) => one.receivedOn !== undefined).length}`,
                      hint: 'SEND Regs 2014 reg 6(1)',
                      href: `/cases/${caseId}/advice`,
                      status: advice.every((one) => one.receivedOn !== undefined)
                        ? { text: 'Completed' }
                        : { text: 'Waiting', tag: 'govuk-tag--yellow' },
                    },
                  ],
          },
          { name: 'Also to do, with no date', items: open.filter((row) => countsBy(row) === null).map(itemOf) },
          {
            name: 'Done or no longer needed',
            items: duties.filter((row) => !isOpen(row)).map(itemOf),
          },
        ].filter((group) => group.items.length > 0),
      };
    });
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
      const all = opened.deadlines
        .filter((row) => row.due_by !== null || row.target_by !== null || row.exceptions.length > 0)
        .map((row) => this.dateOf(row, opened));
      const undated = opened.deadlines.filter(
        (row) => row.due_by === null && row.exceptions.length === 0 && isOpen(row) && row.cannot_compute === null,
      );
      return {
        header: opened.header,
        future: all.filter((one) => one.open && !one.late),
        late: all.filter((one) => one.open && one.late),
        past: all.filter((one) => !one.open).reverse(),
        undated: undated.map((row) => ({
          text: dutyText(row.duty),
          law: row.law,
          source: dutyCalled(row.duty)?.source ?? null,
        })),
        stuck: opened.deadlines
          .filter((row) => row.cannot_compute !== null && isOpen(row))
          .map((row) => ({ text: dutyText(row.duty), why: row.why })),
        proposed:
          opened.run === undefined ? [] : await exceptionsInWords(opened.tx, opened.run.id, opened.run.place.context),
        exceptions: opened.run?.place.context.exceptions ?? [],
      };
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

  private dateOf(row: DeadlineRow, { today, subjectName }: OpenedCase) {
    const on = countsBy(row);
    const entry = dutyCalled(row.duty);
    const done = row.met_on ?? row.ended_on;
    return {
      text: dutyAbout(row.duty, subjectName(row.subject)),
      on,
      original: row.target_by !== null && row.target_by !== row.due_by ? row.due_by : null,
      sendBy: isOpen(row) && row.bound !== 'min' ? sendByOf(row, today) : null,
      open: isOpen(row),
      late: isOpen(row) && on !== null && on < today && row.bound !== 'min',
      metOn: row.met_on,
      endedOn: row.ended_on,
      metLate: done !== null && on !== null && done > on && row.bound !== 'min',
      minimum: row.bound === 'min',
      owner: owners[row.owner] ?? row.owner.replace(/-/g, ' '),
      law: row.law,
      why: row.why,
      sentence: entry?.duty ?? null,
      source: entry?.source ?? null,
      kind: row.kind,
      exceptions: row.exceptions.map(
        (one) => `${formatDay(one.from)} to ${one.to === null ? 'now' : formatDay(one.to)}`,
      ),
      suspended: row.exceptions.length > 0 && row.target_by === null,
      anchorOn: row.anchor_on,
    };
  }

  private async activity(opened: OpenedCase) {
    if (opened.run === undefined || opened.workflow === undefined) return [];
    return activityOf(opened, opened.run.id, opened.workflow, (letter) => letterName(this.desk.catalogue, letter));
  }

  /** What needs somebody, the most pressing first. */
  private async attention(opened: OpenedCase): Promise<{ text: string; href: string }[]> {
    const { header, deadlines, today, people, tx } = opened;
    const base = `/cases/${header.id}`;
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
        text: `${opened.workflow?.commands.find(one.command)?.label ?? 'A decision'}: waits for a second person`,
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

  private whatStopsIt({ run }: OpenedCase): string[] {
    return run === undefined ? [] : causesInWords(run.place.context, run.place.value);
  }
}

const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
