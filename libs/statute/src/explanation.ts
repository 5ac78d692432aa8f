import { countingFrom, type Counted } from './counting';
import { type Day, formatDay } from './day';
import type { Unit } from './duty';
import { factWords } from './facts';
import type { Anchor, Rule } from './rule';

/** Why a date is what it is, in one sentence that ends with its citation. */

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  weeks: 'week',
  days: 'day',
  months: 'month',
  workingDays: 'working day',
  schoolDays: 'school day',
};

const words: Readonly<Record<string, string>> = factWords;

export const inWords = (fact: string): string => words[fact] ?? `"${fact}" happened`;

/** '12 January 2027, when the request was received' */
const told = ({ fact, on }: Anchor): string => `${formatDay(on)}, when ${inWords(fact)}`;

function withoutDay(rule: Rule, anchor: Anchor): string {
  const { period } = rule.duty;
  if (period && 'asSoonAsPracticable' in period)
    return `As soon as practicable after ${told(anchor)}; the law sets no day`;
  return `From ${told(anchor)}; the law sets no day`;
}

function counted(rule: Rule, anchor: Anchor, { contested, milestones, limb }: Counted, dueBy: Day): string {
  const { unit, count } = rule;
  if (limb) {
    const opening = rule.duty.counting === 'day-of-trigger-included' ? 'beginning with' : 'from';
    return `${plural(limb.months, 'month')} ${opening} ${told(limb.anchor)}${limb.among ? ', the later of the two limits' : ''}`;
  }
  const length = unit ? plural(count, UNIT_WORDS[unit]) : '';
  const event = told(anchor);
  switch (countingFrom(rule, anchor)) {
    case 'day-of-trigger-excluded':
    case 'school-days-day-of-trigger-excluded':
      return `${length} from ${event}`;
    case 'corresponding-date':
      return milestones ? `${milestones.map(formatDay).join(', ')}, counted from ${event}` : `${length} from ${event}`;
    case 'day-of-trigger-included':
    case 'school-days-day-of-trigger-included':
      return rule.window
        ? `At least ${length} beginning with ${event}, so not over before the end of ${formatDay(dueBy)}`
        : `${length} beginning with ${event}`;
    case 'clear-backward':
      return `At least ${plural(count, `clear ${unit ? UNIT_WORDS[unit] : 'day'}`)} before ${event}`;
    case 'corresponding-date-backward':
    case 'school-days':
      return `At least ${length} before ${event}`;
    case 'before-fixed-date':
      return `Before ${formatDay(contested ?? dueBy)}, for the transfer of ${formatDay(anchor.on)}`;
    case 'tribunal-days':
      return `${length} from ${event}, leaving out 25 December to 1 January and August`;
    case 'same-day':
      return `On the same day as ${event}`;
    case 'end-of-first-term':
      return `By the end of the first term from ${event}`;
    case 'not-applicable':
      return `At once on ${event}`;
  }
}

export function explain(rule: Rule, anchor: Anchor, found: Counted, law: string): string {
  const sentence = found.dueBy === null ? withoutDay(rule, anchor) : counted(rule, anchor, found, found.dueBy);
  return `${sentence}: ${law}`;
}
