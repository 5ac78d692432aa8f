import { howFar } from '@send/pages';
import { dutyCalled, formatDay } from '@send/statute';
import { countsBy, dutyAbout, dutyText, isLimit, isOpen, type OpenedCase, sendByOf } from './case-frame';
import { assessmentIn, type CaseRun, type DeadlineRow } from './case-runs';
import { exceptionsInWords } from './proposed-exceptions';
import { causesInWords } from './words';

const owners: Readonly<Record<string, string>> = {
  'local-authority': 'The council',
  'home-local-authority': 'The council',
  'parent-or-young-person': 'The family',
  parent: 'The family',
  'requested-body': 'The adviser',
  'body-under-the-time-limit': 'The adviser',
  'head-teacher': 'The head teacher',
  setting: 'The setting',
  'school-or-institution': 'The setting',
};

/** What every page says of a process before it says anything of its own. */
export interface RunHead {
  readonly id: string;
  readonly process: string;
  readonly called: string;
  readonly closed: boolean;
}

export const headOf = ({ id, workflow, called, closed }: CaseRun): RunHead => ({
  id,
  process: workflow.title,
  called,
  closed,
});

/** One section for each process, the open ones first. */
export const sectionsOf = <T>(opened: OpenedCase, of: (run: CaseRun) => T): (RunHead & T)[] =>
  opened.runs.map((run) => ({ ...headOf(run), ...of(run) }));

export function dateOf(row: DeadlineRow, { today, subjectName }: Pick<OpenedCase, 'today' | 'subjectName'>) {
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
    owner: owners[row.owner] ?? `The ${row.owner.replace(/-/g, ' ')}`,
    law: row.law,
    why: row.why,
    sentence: entry?.duty ?? null,
    source: entry?.source ?? null,
    kind: row.kind,
    exceptions: row.exceptions.map((one) => `${formatDay(one.from)} to ${one.to === null ? 'now' : formatDay(one.to)}`),
    suspended: row.exceptions.length > 0 && row.target_by === null,
    anchorOn: row.anchor_on,
  };
}

/** The dates of one process: what is late, what lies ahead, what is over, and what has no day. */
export async function datesIn(opened: OpenedCase, run: CaseRun) {
  const all = run.deadlines
    .filter((row) => row.due_by !== null || row.target_by !== null || row.exceptions.length > 0)
    .map((row) => dateOf(row, opened));
  const undated = run.deadlines.filter(
    (row) => row.due_by === null && row.exceptions.length === 0 && isOpen(row) && row.cannot_compute === null,
  );
  return {
    ...headOf(run),
    future: all.filter((one) => one.open && !one.late),
    late: all.filter((one) => one.open && one.late),
    past: all.filter((one) => !one.open).reverse(),
    undated: undated.map((row) => ({
      text: dutyText(row.duty),
      law: row.law,
      source: dutyCalled(row.duty)?.source ?? null,
    })),
    stuck: run.deadlines
      .filter((row) => row.cannot_compute !== null && isOpen(row))
      .map((row) => ({ text: dutyText(row.duty), why: row.why })),
    proposed: await exceptionsInWords(opened.tx, run),
  };
}

/** The tasks of one process: its duties, and what was asked of advisers. */
export function tasksIn(opened: OpenedCase, run: CaseRun) {
  const base = `/cases/${opened.header.id}`;
  const duties = run.deadlines.filter((row) => isLimit(row) && row.subject === null);
  const advice = Object.values(assessmentIn(run).advice ?? {});
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
      href: `${base}/dates`,
    };
  };
  const open = duties.filter(isOpen);
  const received = advice.filter((one) => one.receivedOn !== undefined).length;
  return {
    groups: [
      { name: 'To do now', items: open.filter((row) => countsBy(row) !== null).map(itemOf) },
      {
        name: 'Advice',
        items:
          advice.length === 0
            ? []
            : [
                {
                  text: `Advice asked of ${advice.length}, received from ${received}`,
                  hint: 'SEND Regs 2014 reg 6(1)',
                  href: `${base}/advice`,
                  status:
                    received === advice.length ? { text: 'Completed' } : { text: 'Waiting', tag: 'govuk-tag--yellow' },
                },
              ],
      },
      { name: 'Also to do, with no date', items: open.filter((row) => countsBy(row) === null).map(itemOf) },
      { name: 'Done or no longer needed', items: duties.filter((row) => !isOpen(row)).map(itemOf) },
    ].filter((group) => group.items.length > 0),
  };
}

/** What a process waits for. */
export const stopsIn = (run: CaseRun) => ({ stops: causesInWords(run.place.context, run.place.value) });
