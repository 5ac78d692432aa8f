import type { Action, Actor } from '@send/access';
import {
  AddressKeys,
  confirmMatter,
  giveBackMatter,
  mayAnswerMatter,
  readGivingBack,
  type Waiting,
  type WaitingMatter,
  waitingMatters,
} from '@send/case-file';
import { noteEarlierLetters } from '@send/correspondence';
import { type Clock } from '@send/engine';
import { type FieldError, Form } from '@send/pages';
import { formatDay } from '@send/statute';
import { Body, Controller, Get, HttpStatus, Inject, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { PageAnswer } from '../frame/page-answer';
import { Acting, type CaseworkRequest, type CaseworkResponse } from '../frame/request';
import { CLOCK } from '../frame/surroundings';
import { Cases, type OpenedCase } from './case-frame';
import { refusedPeople } from './people-refused';
import { shownPeople, waitingWords } from './people-shown';
import type { Said } from './person-act';
import { receivesInWords } from './rights-forms';

/** What was recorded about somebody beside a child, read by a second person, and their yes or no. */
@Controller('cases/:caseId/people')
export class SecondWordController {
  constructor(
    private readonly cases: Cases,
    private readonly keys: AddressKeys,
    private readonly answer: PageAnswer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':personId/waiting/:what')
  waiting(
    @Param('caseId') caseId: string,
    @Param('personId') personId: string,
    @Param('what') what: string,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    return this.show(caseId, personId, what, actor, request, response, [], '');
  }

  @Post(':personId/waiting/:what')
  async secondWord(
    @Param('caseId') caseId: string,
    @Param('personId') personId: string,
    @Param('what') what: string,
    @Body() body: unknown,
    @Acting() actor: Actor,
    @Req() request: CaseworkRequest,
    @Res() response: CaseworkResponse,
  ): Promise<void> {
    const form = new Form(body);
    const agrees = form.text('answer') === 'confirm';
    const reason = form.text('reason');
    const now = this.clock.now();
    const outcome = await this.cases.open(actor, caseId, async (opened) => {
      const { tx, today } = opened;
      if (!isWaiting(what) || !isId.test(personId)) throw new NotFoundException();
      const about = { childId: caseId, personId, seen: form.text('seen'), on: today, what };
      if (agrees) {
        const confirmed = await confirmMatter(tx, actor, this.keys, about, now);
        if (confirmed.done && what === 'responsibility') await noteEarlierLetters(tx, caseId, personId, today);
        return confirmed;
      }
      const read = readGivingBack({ reason }, emptyKnown(opened));
      return 'wrong' in read ? read : giveBackMatter(tx, actor, about, now, read.value);
    });
    if ('wrong' in outcome) return this.show(caseId, personId, what, actor, request, response, outcome.wrong, reason);
    if (outcome.done)
      return response.redirect(
        HttpStatus.SEE_OTHER,
        `/cases/${caseId}/people?done=${agrees ? 'confirmed' : 'given-back'}`,
      );
    await refusedPeople(this.answer, outcome, caseId, request, response);
  }

  private async show(
    caseId: string,
    personId: string,
    what: string,
    actor: Actor,
    request: CaseworkRequest,
    response: CaseworkResponse,
    errors: readonly FieldError[],
    reason: string,
  ): Promise<void> {
    const page = await this.cases.open(actor, caseId, async (opened) => {
      const matters = await waitingMatters(opened.tx, { childId: caseId });
      const matter = matters.find((one) => one.personId === personId && one.what === what);
      if (matter === undefined) throw new NotFoundException();
      return {
        header: opened.header,
        words: waitingWords[matter.what],
        said: await saidOf(opened, matter),
        seen: matter.seen,
        mayAnswer: await mayAnswerMatter(opened.tx, actor, matter, opened.relationship),
        own: matter.by === actor.staffId,
        protection: matter.what === 'protection',
      };
    });
    await this.answer.send(request, response, 'case/person-waiting.view.njk', {
      title: page.mayAnswer ? 'Confirm or give back' : 'This waits for a second person',
      caseReference: page.header.reference,
      action: `/cases/${caseId}/people/${personId}/waiting/${what}`,
      errors,
      reason,
      back: { href: `/cases/${caseId}/people`, text: 'People' },
      ...page,
    });
  }
}

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isWaiting = (what: string): what is Waiting => Object.hasOwn(waitingWords, what);
const emptyKnown = ({ today, child }: OpenedCase) => ({
  today,
  born: child.dateOfBirth,
  lookedAfter: child.lookedAfter === true,
  staff: [],
  managers: [],
});

/** What the second person reads before they agree. */
async function saidOf(opened: OpenedCase, matter: WaitingMatter): Promise<Said[]> {
  const { people, nameOf: staffName } = opened;
  const person = people.find((one) => one.person.id === matter.personId);
  const shown = shownPeople(opened).find((one) => one.id === matter.personId);
  const rows: [string, string | null | undefined][] = [
    ['Person', matter.personName],
    ['Relationship', shown?.relationship],
    ['Recorded by', staffName(matter.by)],
  ];
  if (matter.what === 'responsibility' && person !== undefined) {
    const { relationship } = person;
    rows.push(
      ['Parental responsibility', shown?.responsibility],
      ['What the court order limits', relationship.limits],
      ['Date of the court order', relationship.orderDate === null ? null : formatDay(relationship.orderDate)],
      ['Evidence seen', relationship.evidenceSeen],
      ['Seen by', relationship.evidenceSeenBy === null ? null : staffName(relationship.evidenceSeenBy)],
      ['It began', relationship.responsibilityFrom === null ? null : formatDay(relationship.responsibilityFrom)],
      ['It ends', relationship.responsibilityUntil === null ? null : formatDay(relationship.responsibilityUntil)],
      [
        'Letters',
        relationship.receivesRefusedReason === null ? receivesInWords(relationship.receives) : shown?.receives,
      ],
      ['What was seen for that', relationship.receivesRefusedEvidence],
      ['Decided by', relationship.receivesRefusedBy === null ? null : staffName(relationship.receivesRefusedBy)],
    );
  } else {
    rows.push(
      [matter.what === 'end' ? 'It ended on' : 'Since', matter.on === null ? null : formatDay(matter.on)],
      ['Why', opened.may(actionFor(matter.what)) ? matter.reason : null],
    );
  }
  return rows.flatMap(([key, value]) => (value == null || value === '' ? [] : [{ key, value }]));
}

const actionFor = (what: Waiting): Action =>
  what === 'end' || what === 'responsibility' ? 'recordParentalResponsibility' : 'protectAddress';
