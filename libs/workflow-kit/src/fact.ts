import type { Day } from '@send/statute';

/** `act`: we do something now, and guards are asked. `record`: something happened, and is taken as it was. */
export type Door = 'act' | 'record';

/** What a fact carries beside its name and date: JSON, checked by its command's fields before it gets here. */
export type Payload = Readonly<Record<string, unknown>>;

/** One row of a run's history. */
export interface Fact {
  readonly id: string;
  readonly type: string;
  /** The day it happened. */
  readonly on: Day;
  readonly door: Door;
  /** Who entered it: a staff id, or `system`. */
  readonly by: string;
  /** Place in the order of recording, from 1. */
  readonly seq: number;
  readonly payload: Payload;
  /** The fact that this one takes back; set only on facts of type `factReversed`. */
  readonly reverses?: string;
}

/** A fact as a machine sees it. */
export interface FactEvent {
  type: string;
  on: Day;
  door: Door;
  factId: string;
  by: string;
  /** Guards are asked once, when a command acts; a fold repeats what was accepted. */
  asked: boolean;
  payload: Payload;
}

/** Who gets each letter of a decision, by letter id; put into the fact when it is written, so that a fold repeats it. */
export type Addressees = Readonly<Record<string, readonly string[]>>;

export function addresseesOf(payload: Payload): Addressees {
  return (payload['addressees'] as Addressees | undefined) ?? {};
}

export function text(payload: Payload, field: string): string | undefined {
  const value = payload[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function day(payload: Payload, field: string): Day | undefined {
  return text(payload, field);
}
