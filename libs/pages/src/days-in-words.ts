import {
  type Day,
  daysBetween,
  englandCalendars,
  formatDay,
  isCalendarEnds,
  isWorkingDay,
  addDays,
} from '@send/statute';

/** Working days after `from` up to and with `to`; days themselves where the calendar does not reach. */
export function workingDaysBetween(from: Day, to: Day): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    const works = isWorkingDay(day, englandCalendars);
    if (isCalendarEnds(works)) return daysBetween(from, to);
    if (works) count += 1;
  }
  return count;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** "overdue by 3 working days", "today", "tomorrow", "4 days": what stands in brackets behind a date. */
export function howFar(day: Day, today: Day): string {
  if (day < today) {
    const over = workingDaysBetween(day, today);
    return over === 0
      ? `overdue by ${plural(daysBetween(day, today), 'day')}`
      : `overdue by ${plural(over, 'working day')}`;
  }
  const days = daysBetween(today, day);
  return days === 0 ? 'today' : days === 1 ? 'tomorrow' : `${days} days`;
}

export const dueInWords = (day: Day, today: Day): string => `${formatDay(day)} (${howFar(day, today)})`;

const inLondon = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h12',
});

/** 2:14pm, as a clock in England shows it. */
export const timeInWords = (at: Date | string): string =>
  inLondon.format(new Date(at)).replace(/\s/g, '').replace(':00', '').toLowerCase();

export const monthAndDay = (day: Day): string => formatDay(day).replace(/ \d{4}$/, '');
