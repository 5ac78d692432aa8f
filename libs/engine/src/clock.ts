import { type Day, londonDay } from '@send/statute';

/** The one clock. Europe/London decides which day it is. */
export interface Clock {
  now(): Date;
  today(): Day;
}

export const systemClock: Clock = { now: () => new Date(), today: () => londonDay(new Date()) };

/** For tests and demonstrations: time stands until it is moved. */
export class SetClock implements Clock {
  constructor(private at: Date) {}

  now(): Date {
    return this.at;
  }

  today(): Day {
    return londonDay(this.at);
  }

  moveTo(day: Day, time = '09:00:00'): void {
    this.at = new Date(`${day}T${time}Z`);
  }
}
