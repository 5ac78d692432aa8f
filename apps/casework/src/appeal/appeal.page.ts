import { type Day, deadline, isCannotCompute } from '@send/statute';
import {
  agreedOtherwise,
  type AppealContext,
  concessionDoneIn,
  type DoneIn,
  matters,
  orderDoneIn,
  outcomes,
  workflows,
} from '@send/workflows';
import type { OpenedCase } from '../case/case-frame';
import type { CaseRun, DeadlineRow } from '../case/case-runs';
import { dateOf } from '../case/run-sections';

type Dispute = AppealContext['dispute'];
type Shown = ReturnType<typeof dateOf>;

/** The family's own times: what it owes nobody, and nobody may cut short. */
const familys = ['appeal.time-limit', 'mediation.contact-adviser'];
/** Each has a table of its own. */
const listed = ['appeal.tribunal-time-other-steps', 'mediation.comply-other-issues'];

const happened = { ordered: 'Ordered by the Tribunal', agreed: 'Agreed in mediation', conceded: 'Not opposed by us' };

/** A dispute as its page shows it. */
export function disputeShown(opened: OpenedCase, run: CaseRun) {
  const { dispute, facts } = run.place.context as AppealContext;
  const rows = run.deadlines;
  const shown = (these: readonly DeadlineRow[]): Shown[] => these.map((row) => dateOf(row, opened));
  const ours = rows.filter(({ duty }) => !familys.includes(duty) && !listed.includes(duty));
  const dayOf = (duty: string, subject: string): Day | null =>
    rows.find((row) => row.duty === duty && row.subject === subject)?.due_by ?? null;
  return {
    id: run.id,
    called: run.called,
    closed: run.closed,
    about: matters[dispute.about],
    noticeSentOn: facts['decisionNoticeSent'] ?? null,
    onRecord: dispute.onRecord,
    reference: dispute.reference ?? null,
    hearing: dispute.hearing ?? null,
    outcome: outcomeShown(dispute),
    family: shown(rows.filter(({ duty }) => familys.includes(duty))).map((one) => {
      const inTimeUntil = one.law.includes('r.20') ? acceptedUntil(facts) : null;
      const until = inTimeUntil ?? one.on;
      return { ...one, inTimeUntil, until, passed: until !== null && until < opened.today };
    }),
    open: shown(ours).filter((one) => one.open),
    past: shown(ours).filter((one) => !one.open),
    steps: Object.entries(dispute.steps).map(([id, step]) => ({
      ...step,
      by: dayOf('appeal.tribunal-time-other-steps', id) ?? step.dueOn ?? null,
      late: isLate(step, dayOf('appeal.tribunal-time-other-steps', id), opened.today),
    })),
    actions: Object.entries(dispute.actions).map(([id, action]) => ({
      ...action,
      by: dayOf('mediation.comply-other-issues', id),
      late: isLate(action, dayOf('mediation.comply-other-issues', id), opened.today),
    })),
  };
}

const isLate = ({ doneOn, droppedOn }: { doneOn?: Day; droppedOn?: Day }, by: Day | null, today: Day): boolean =>
  by !== null && (doneOn ?? droppedOn ?? today) > by;

/** The Tribunal's own later day, where its rules give one. */
function acceptedUntil(facts: Readonly<Record<string, Day>>): Day | null {
  const found = deadline('appeal.time-limit', facts, undefined, { explain: false });
  return isCannotCompute(found) || found.inTimeUntil === found.dueBy ? null : (found.inTimeUntil ?? null);
}

const nameOf = (doneIn: DoneIn): string | null =>
  workflows.find(({ id }) => id === doneIn && doneIn !== 'appeal')?.title ?? null;

const whatOf = ({ how, kind }: NonNullable<Dispute['outcome']>): string | null => {
  if (kind === undefined) return null;
  return how === 'agreed' && kind === 'other' ? agreedOtherwise : outcomes[kind].words;
};

function outcomeShown(dispute: Dispute) {
  const { outcome, about, onRecord } = dispute;
  if (outcome === undefined) return null;
  const doneIn =
    outcome.kind === undefined ? concessionDoneIn(about, onRecord) : orderDoneIn(outcome.kind, about, onRecord);
  return {
    how: happened[outcome.how],
    what: whatOf(outcome),
    on: outcome.on,
    sentOn: outcome.sentOn ?? null,
    outside: outcome.beforeResponse === false,
    /** The other process, where it is carried out there. */
    elsewhere: nameOf(doneIn),
    nothing: doneIn === 'nowhere',
  };
}
