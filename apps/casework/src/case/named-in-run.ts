import { formatDay } from '@send/statute';
import type { AppealContext, AssessmentContext, PlanContext, ProvisionContext } from '@send/workflows';
import type { CaseRun } from './case-runs';

/** Something that a process has given an id of its own: an advice request, a consultation, an exception, a gap. */
export interface NamedThing {
  /** The field by which commands name it. */
  readonly field: string;
  readonly id: string;
  /** Whose it is: the id of an adviser or a setting. Its own id, where it is nobody's. */
  readonly whose: string;
  /** What it is called where a date is about it, and it is neither an adviser’s nor a setting’s. */
  readonly called?: string;
  /** What an officer reads, given the name of whoever it is about. */
  readonly words: (name: string) => string;
}

export const adviceWords: Readonly<Record<string, string>> = {
  education: 'Education',
  health: 'Health',
  psychology: 'Educational psychology',
  'social-care': 'Social care',
  adulthood: 'Preparing for adulthood',
  other: 'Someone else',
};

const since = (what: string, on: string | undefined): string => (on === undefined ? '' : `, ${what} ${formatDay(on)}`);

/** What any process may hold; which do hold it is read from the context itself. */
type MayHold = Partial<
  Pick<AssessmentContext, 'advice' | 'exceptions'> &
    Pick<PlanContext, 'plan'> &
    Pick<ProvisionContext, 'check'> &
    Pick<AppealContext, 'dispute'>
>;

/** Everything that commands on this process can name by id, in the order it came. */
export function thingsNamedIn(run: CaseRun): NamedThing[] {
  const { advice, plan, exceptions, check, dispute } = run.place.context as MayHold;
  return [
    ...Object.entries(advice ?? {}).map(([id, one]): NamedThing => ({
      field: 'request',
      id,
      whose: one.adviser,
      words: (name) =>
        `${adviceWords[one.kind] ?? one.kind}: ${name}${since('asked', one.askedOn)}${since('received', one.receivedOn)}`,
    })),
    ...Object.entries(plan?.consultations ?? {}).map(([id, one]): NamedThing => ({
      field: 'consultation',
      id,
      whose: one.setting,
      words: (name) => `${name}${since('asked', one.sentOn)}${since('answered', one.answeredOn)}`,
    })),
    ...Object.entries(dispute?.steps ?? {}).map(([id, one]): NamedThing => ({
      field: 'step',
      id,
      whose: id,
      called: one.what,
      words: () => `${one.what}${since('by', one.dueOn)}${since('done', one.doneOn)}`,
    })),
    ...Object.entries(dispute?.actions ?? {}).map(([id, one]): NamedThing => ({
      field: 'action',
      id,
      whose: id,
      called: one.what,
      words: () => `${one.what}${since('agreed', one.agreedOn)}${since('done', one.doneOn)}`,
    })),
    ...Object.keys(dispute?.recommendations ?? {}).map((id): NamedThing => ({
      field: 'recommendation',
      id,
      whose: id,
      called: id === 'health' ? 'health' : 'social care',
      words: () => id,
    })),
    // What the law excuses by itself (an appeal about Section I alone) is nobody’s to end.
    ...(exceptions ?? [])
      .filter(({ id }) => !id.includes(':'))
      .map((one): NamedThing => ({
        field: 'exception',
        id: one.id,
        whose: one.id,
        words: () => `${one.ground}, from ${formatDay(one.from)}`,
      })),
    ...Object.values(check?.gaps ?? {}).map((one): NamedThing => ({
      field: 'item',
      id: one.item,
      whose: one.item,
      words: () => `a gap since ${formatDay(one.openedOn)}${since('closed', one.closedOn)}`,
    })),
  ];
}
