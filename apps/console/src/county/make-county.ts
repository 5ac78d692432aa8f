import type { Day } from '@send/statute';
import { golden } from './draw';
import type { Sealer } from './household';
import { makeOrganisation, type Size } from './organisation';
import { RowSheet, type SheetRow } from './row-sheet';
import { setPieces } from './set-pieces';
import { kindOf, tellChild } from './stories';
import type { Cohort, Scene } from './story';

export interface Recipe {
  readonly size: Size;
  readonly today: Day;
  readonly seed: string;
  readonly seal: Sealer;
}

export interface Batch {
  readonly sheet: RowSheet;
  /** Children told so far, and plans in force among them. */
  readonly children: number;
  readonly plans: number;
}

/** Set pieces have the first numbers, so that they have the same references in every build. */
const firstNumber = 101;
const batchSize = 150;

/** Open cases of an authority that has no plans yet: enough to see that its wall stands. */
const openOfSmall = 14;

/** An authority with all its children, a batch at a time: the same recipe gives the same rows, to the byte. */
export function* makeCounty(recipe: Recipe): Generator<Batch> {
  const { size, today, seed, seal } = recipe;
  let sheet = new RowSheet();
  const organisation = makeOrganisation(size, today, seed, sheet);
  const counter = { authority_id: size.id, last: 0 };
  sheet.add('case_file.reference_counter', counter);
  let plans = 0;
  let children = 0;
  let number = firstNumber - 1;
  const batch = (): Batch => {
    const made = { sheet, children, plans };
    sheet = new RowSheet();
    counted = 0;
    return made;
  };
  const cohort: Cohort = { putForward: 0 };
  const scene = (): Scene => ({ organisation, today, seal, sheet, ...(size.plans > 0 ? { cohort } : {}) });
  let counted = 0;
  const count = (): void => {
    const runs = sheet.of('engine.run').slice(counted);
    children += 1;
    if (hasPlanOfOurs(runs)) plans += 1;
    counted += runs.length;
  };
  // References go on from the last, which is known once the children are counted.
  const numbers: number[] = [];
  if (size.plans === 0) {
    for (let next = firstNumber; numbers.length < openOfSmall; next += 1)
      if (kindOf(next, golden) === 'open') numbers.push(next);
  }
  counter.last = 1000 + numberOfLast(size.plans, numbers);
  yield batch();
  if (size.plans > 0) {
    for (const piece of setPieces) {
      piece.tell(scene(), piece.number);
      count();
    }
    yield batch();
  }
  for (;;) {
    number += 1;
    if (size.plans === 0 ? number > (numbers.at(-1) ?? 0) : plans >= size.plans) break;
    const kind = kindOf(number, golden);
    if (size.plans === 0 && kind !== 'open') continue;
    tellChild(scene(), number, kind);
    count();
    if (sheet.of('engine.run').length >= batchSize) yield batch();
  }
  yield batch();
}

/** The number of the last child, without telling anybody's story. */
function numberOfLast(plans: number, numbers: readonly number[]): number {
  if (plans === 0) return numbers.at(-1) ?? 0;
  let left = plans - setPieces.filter((one) => one.hasPlan).length;
  let number = firstNumber - 1;
  while (left > 0) {
    number += 1;
    if (kindOf(number, golden) === 'plan') left -= 1;
  }
  return number;
}

/** In force: a plan was issued, and neither ended nor went to another council. */
export const hasPlanOfOurs = (runsOfChild: readonly SheetRow[]): boolean =>
  runsOfChild.some(({ workflow, position }) => workflow === 'needs-assessment' && position === 'planIssued') &&
  !runsOfChild.some(({ position }) => position === 'ceased' || position === 'planSent');
