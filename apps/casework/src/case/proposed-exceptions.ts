import { settingOf, termsOf } from '@send/case-file';
import type { Tx } from '@send/database';
import { formatDay } from '@send/statute';
import type { Fact } from '@send/workflow-kit';
import { type AskedSetting, type AssessmentContext, proposedExceptions } from '@send/workflows';
import { dutyText } from './case-frame';
import type { CaseRun } from './case-runs';

/** An exception that the record seems to prove, in words. Somebody decides whether it is relied on, and somebody else confirms it. */
export interface ExceptionInWords {
  readonly facts: string;
  readonly provision: string;
  readonly from: string;
  readonly to: string | null;
  readonly limits: readonly string[];
}

const settingKinds = (kind: string): AskedSetting['kind'] =>
  /nursery|early/.test(kind) ? 'earlyYears' : /college|post-16|sixth/.test(kind) ? 'post16' : 'school';

export async function exceptionsInWords(tx: Tx, run: CaseRun): Promise<ExceptionInWords[]> {
  // Only the assessment relies on exceptions that its own record can prove.
  if (run.workflow.id !== 'needs-assessment') return [];
  const context = run.place.context as AssessmentContext;
  const settings: Record<string, AskedSetting> = {};
  for (const adviser of new Set(Object.values(context.advice).map((one) => one.adviser))) {
    const setting = /^[0-9a-f-]{36}$/.test(adviser) ? await settingOf(tx, adviser) : null;
    if (setting !== null)
      settings[adviser] = {
        settingId: setting.id,
        kind: settingKinds(setting.kind),
        terms: await termsOf(tx, setting.id),
      };
  }
  const missed = await tx.query<Fact>(
    `select id, type, on_day as "on", door, actor as "by", seq, payload from engine.fact where run_id = $1 and type = 'appointmentMissed'`,
    [run.id],
  );
  return proposedExceptions(context, missed, settings).map(({ facts, provision, from, to, duties }) => ({
    facts,
    provision,
    from: formatDay(from),
    to: to === null ? null : formatDay(to),
    limits: duties.map((duty) => dutyText(duty)),
  }));
}
