import { type Day, partsOf } from './day';
import type { Bound, Duty, Period, Unit } from './duty';
import type { Facts } from './facts';

const UNITS = ['weeks', 'days', 'months', 'workingDays', 'schoolDays'] as const;

/** An entry made ready for counting: the unit of its period is looked up once, not for every date. */
export interface Rule {
  readonly duty: Duty;
  /** '<id>@<the day it took effect>' */
  readonly name: string;
  readonly unit: Unit | null;
  readonly count: number;
  readonly bound: Bound;
  readonly window: boolean;
  readonly from: readonly string[];
}

function lengthOf(period: Period | null): readonly [Unit, number] | null {
  if (!period) return null;
  for (const unit of UNITS) {
    const count = (period as Partial<Record<Unit, number>>)[unit];
    if (count !== undefined) return [unit, count];
  }
  return null;
}

function boundOf(period: Period | null): Bound {
  if (!period) return 'none';
  if ('untilLaterOf' in period) return 'min';
  return 'bound' in period ? period.bound : 'max';
}

const rules = new Map<Duty, Rule>();

export function ruleOf(duty: Duty): Rule {
  const known = rules.get(duty);
  if (known) return known;
  const length = lengthOf(duty.period);
  const bound = boundOf(duty.period);
  const backward = duty.period !== null && 'before' in duty.period;
  const rule: Rule = {
    duty,
    name: `${duty.id}@${duty.effective[0] ?? 'undated'}`,
    unit: length?.[0] ?? null,
    count: length?.[1] ?? 0,
    bound,
    window: bound === 'min' && !backward && duty.counting !== 'corresponding-date-backward',
    from: duty.from === null ? [] : typeof duty.from === 'string' ? [duty.from] : duty.from,
  };
  rules.set(duty, rule);
  return rule;
}

export interface Anchor {
  readonly fact: string;
  readonly on: Day;
}

/** The fact that governs: the earliest on record, unless the entry says otherwise. */
export function anchorOf(rule: Rule, facts: Facts): Anchor | null {
  let found: Anchor | null = null;
  for (const fact of rule.from) {
    const on = facts[fact];
    if (on === undefined) continue;
    if (found === null) found = { fact, on };
    else if (rule.duty.governs === 'firstNamed') break;
    else if (rule.duty.governs === 'latest' ? on > found.on : on < found.on) found = { fact, on };
  }
  return found;
}

const MONTHS: Readonly<Record<string, string>> = {
  January: '01', February: '02', March: '03', April: '04', May: '05', June: '06',
  July: '07', August: '08', September: '09', October: '10', November: '11', December: '12',
}; // prettier-ignore

/** The day that a duty must be done before, in the year of the transfer unless it names its own. */
export function fixedDay(duty: Duty, on: Day, year: number | undefined): Day | null {
  const { period } = duty;
  if (!period || !('fixedDate' in period)) return null;
  const [number = '', month = '', ownYear] = period.fixedDate.split(' ');
  return `${ownYear ?? String(year ?? partsOf(on).year)}-${MONTHS[month] ?? ''}-${number.padStart(2, '0')}`;
}
