import { addWorkingDays, type Calendars, type CalendarEnds } from './calendar';
import type { Day } from './day';

export type Channel = 'first-class' | 'second-class' | 'email' | 'portal' | 'hand';

/**
 * C4: the day of service where nothing proves another. First class post arrives on the second working day after posting,
 * second class on the fourth; email and the portal on the day of sending, but only where the family has agreed to them;
 * by hand on the day itself.
 */
export function servedBy(channel: Channel, sentOn: Day, calendars: Calendars): Day | CalendarEnds {
  switch (channel) {
    case 'first-class':
      return addWorkingDays(sentOn, 2, calendars);
    case 'second-class':
      return addWorkingDays(sentOn, 4, calendars);
    case 'email':
    case 'portal':
    case 'hand':
      return sentOn;
  }
}
