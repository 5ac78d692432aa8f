import {
  caseRelationship,
  CaseFile,
  type Child,
  childOf,
  findChild,
  fullName,
  peopleOn,
  type PersonBeside,
  rightsHolder,
  settingOf,
  yearGroupOf,
  ageOn,
} from '@send/case-file';
import { type Action, type Actor, type Allowed, may, type Relationship } from '@send/access';
import type { Tx } from '@send/database';
import { type Clock, Engine } from '@send/engine';
import { type Day, dutyName } from '@send/statute';
import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { CLOCK } from '../frame/surroundings';
import { staffNames } from '../frame/who-is-who';
import { type CaseRun, type DeadlineRow, runsOf } from './case-runs';
import { thingsNamedIn } from './named-in-run';
import { ReasonNeeded, ReasonsGiven } from './reasons-given';

/** A case as one page sees it: read in one transaction, with its audit row written. */
export interface OpenedCase {
  readonly tx: Tx;
  readonly actor: Actor;
  readonly today: Day;
  readonly allowed: Allowed;
  readonly relationship: Relationship;
  readonly child: Child;
  /** Every process of the child, the open ones first. */
  readonly runs: readonly CaseRun[];
  readonly people: readonly PersonBeside[];
  readonly nameOf: (staffId: string | null) => string;
  /** Who a date of one of several is about: an adviser asked, a setting consulted. */
  readonly subjectName: (subject: string | null) => string | null;
  /** What the identity bar shows. */
  readonly header: CaseHeader;
  may(action: Action): boolean;
}

export interface CaseHeader {
  readonly id: string;
  readonly reference: string;
  readonly name: string;
  readonly knownAs: string;
  readonly bornOn: Day;
  readonly age: number;
  readonly yearGroup: string;
  readonly setting: string;
  /** Each open process with its position; of a child who has none open, the last one. */
  readonly stages: readonly { readonly process: string; readonly called: string }[];
  readonly rights: string;
  readonly caseworker: string;
  readonly alerts: readonly { text: string; href: string }[];
  readonly next: NextDate | undefined;
  readonly mayRecord: boolean;
  readonly mayStart: boolean;
  readonly closed: boolean;
  /** A dispute is or was on record: it has a page of its own. */
  readonly hasDispute: boolean;
}

export interface NextDate {
  readonly text: string;
  readonly on: Day;
  readonly sendBy: Day | null;
  readonly late: boolean;
  readonly law: string;
}

/** The day that counts: the new target where an exception lifted the limit; none while the exception's facts last. */
export const countsBy = (row: DeadlineRow): Day | null => (row.exceptions.length > 0 ? row.target_by : row.due_by);

export const isOpen = (row: DeadlineRow): boolean => row.met_on === null && row.ended_on === null;

/** A limit on the council or on somebody who owes it something; a minimum is the family's own time. */
export const isLimit = (row: DeadlineRow): boolean => row.bound !== 'min' && !/parent/.test(row.owner);

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Injectable()
export class Cases {
  constructor(
    private readonly caseFile: CaseFile,
    private readonly engine: Engine,
    private readonly reasons: ReasonsGiven,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Opens a case for one page or command. What this person may not see is answered like what is not there. */
  async open<T>(
    actor: Actor,
    caseId: string,
    work: (opened: OpenedCase) => Promise<T>,
    action: Action = 'openCaseOverview',
    fields?: readonly string[],
  ): Promise<T> {
    if (!isId.test(caseId)) throw new NotFoundException();
    const today = this.clock.today();
    const reason = this.reasons.given(actor, caseId, this.clock.now());
    const about = {
      action,
      childId: caseId,
      on: today,
      ...(reason === undefined ? {} : { reason }),
      ...(fields === undefined ? {} : { fields }),
    };
    const answer = await this.caseFile.open(actor, about, async (tx, allowed) =>
      work(await this.read(tx, actor, caseId, today, allowed)),
    );
    if ('result' in answer) return answer.result;
    if (answer.refused.rule === 'reason-needed') throw new ReasonNeeded(caseId);
    throw new NotFoundException();
  }

  private async read(tx: Tx, actor: Actor, caseId: string, today: Day, allowed: Allowed): Promise<OpenedCase> {
    const child = await childOf(tx, caseId);
    const relationship = await caseRelationship(tx, actor, caseId, today);
    if (relationship === undefined) throw new NotFoundException();
    const runs = await runsOf(tx, this.engine, actor.authority, caseId);
    const open = runs.filter(({ closed }) => !closed);
    const people = await peopleOn(tx, caseId, today);
    const nameOf = await staffNames(tx);
    const setting = child.settingId === null ? null : await settingOf(tx, child.settingId);
    const mayDo = (wanted: Action) => may(actor, wanted, relationship).allowed;
    const header: CaseHeader = {
      id: child.id,
      reference: child.reference,
      name: fullName(child),
      knownAs: child.knownAs,
      bornOn: child.dateOfBirth,
      age: ageOn(child.dateOfBirth, today),
      yearGroup: yearInWords(yearGroupOf(child, today)),
      setting: setting?.name ?? 'None on record',
      stages: (open.length > 0 ? open : runs.slice(0, 1)).map(({ workflow, called }) => ({
        process: workflow.title,
        called,
      })),
      rights: rightsHolder(child, today) === 'parent' ? 'Parent or carer' : 'Young person',
      caseworker: child.caseworkerId === null ? 'Unassigned' : nameOf(child.caseworkerId),
      alerts: alertsOf(child, people),
      next: nextOf(
        runs.flatMap((run) => run.deadlines),
        today,
      ),
      mayRecord: mayDo('recordEvent') && open.length > 0,
      mayStart: mayDo('recordEvent'),
      closed: runs.length > 0 && open.length === 0,
      hasDispute: runs.some(({ workflow }) => workflow.id === 'appeal'),
    };
    const subjectName = await subjectNames(tx, caseId, runs);
    return {
      tx,
      actor,
      today,
      allowed,
      relationship,
      child,
      runs,
      people,
      nameOf,
      subjectName,
      header,
      may: mayDo,
    };
  }

  async byReference(actor: Actor, reference: string): Promise<string | undefined> {
    return this.caseFile.within(actor, async (tx) => (await findChild(tx, reference))?.id);
  }
}

/** Who or what each of several is, by name: one question for all of them. */
async function subjectNames(
  tx: Tx,
  childId: string,
  runs: readonly CaseRun[],
): Promise<(subject: string | null) => string | null> {
  const things = runs.flatMap(thingsNamedIn);
  const about = new Map(things.map(({ id, whose }) => [id, whose] as const));
  const subjects = runs.flatMap((run) =>
    run.deadlines.flatMap(({ subject }) => (subject === null ? [] : ofGap(subject))),
  );
  const wanted = [...new Set([...about.values(), ...subjects])];
  const checked = runs.some(({ workflow }) => workflow.id === 'provision-check');
  if (wanted.length === 0 && !checked) return () => null;
  const rows = await tx.query<{ id: string; name: string }>(
    `select id::text, name from case_file.adviser where id::text = any($1)
     union all select id::text, name from case_file.setting where id::text = any($1)
     union all select item ->> 'id', item ->> 'what' from case_file.plan_version v, jsonb_array_elements(v.provision) item
       where $3 and v.child_id = $2`,
    [wanted, childId, checked],
  );
  const own = things.flatMap(({ id, called }) => (called === undefined ? [] : [[id, called] as const]));
  const names = new Map([['attendance', 'attendance'], ...own, ...rows.map(({ id, name }) => [id, name] as const)]);
  return (subject) => (subject === null ? null : (names.get(about.get(ofGap(subject)) ?? ofGap(subject)) ?? null));
}

/** A gap is named by its item; a second one of it, or a step of its ladder, after a tilde. */
const ofGap = (subject: string): string => subject.split('~')[0] ?? subject;

export function nextOf(deadlines: readonly DeadlineRow[], today: Day): NextDate | undefined {
  const open = deadlines.filter(
    (row) => isOpen(row) && isLimit(row) && (row.kind === 'statute' || row.kind === 'case-law'),
  );
  const first = open
    .filter((row) => countsBy(row) !== null)
    .sort((a, b) => ((countsBy(a) ?? '') < (countsBy(b) ?? '') ? -1 : 1))[0];
  const on = first === undefined ? null : countsBy(first);
  return first === undefined || on === null
    ? undefined
    : { text: dutyText(first.duty), on, sendBy: sendByOf(first, today), late: on < today, law: first.law };
}

/** The last working day before a limit of ours; none where an exception moved the limit, as it was counted from the old one. */
export const sendByOf = (row: DeadlineRow, today: Day): Day | null =>
  row.owner === 'local-authority' && row.target_by === null && row.plan_by !== null && row.plan_by >= today
    ? row.plan_by
    : null;

/** What the duty asks, without its full stop. */
export const dutyText = dutyName;

/** The same, of one adviser or setting among several. */
export function dutyAbout(duty: string, about: string | null): string {
  const name = dutyName(duty);
  if (about === null) return name;
  const whose = name.replace(/ from (?:an adviser|a setting)$/, ` from ${about}`);
  return whose === name ? `${name} (${about})` : whose;
}

const yearInWords = (year: number): string =>
  year < 0 ? 'Nursery' : year === 0 ? 'Reception' : year > 14 ? 'Over 19' : `Year ${year}`;

function alertsOf(child: Child, people: readonly PersonBeside[]): { text: string; href: string }[] {
  const href = `/cases/${child.id}/people`;
  return [
    ...(child.lookedAfter === true ? ['Looked after'] : []),
    ...(people.some((one) => one.addressProtected) ? ['Address not to be shared'] : []),
    ...(people.some((one) => one.relationship.interpreter !== null) ? ['Interpreter needed'] : []),
    ...(child.classification === 'standard'
      ? []
      : [child.classification === 'private' ? 'Private case' : 'Restricted case']),
  ].map((text) => ({ text, href }));
}
