import { addDays, type Day } from '@send/statute';
import { processes } from '@send/workflows';
import type { Casebook, HowDone } from './casebook';
import { ChildBook } from './child-book';
import type { Draw } from './draw';
import { type ChildGiven, type Household, makeHousehold, type Sealer } from './household';
import type { Organisation } from './organisation';
import type { RowSheet } from './row-sheet';

/** How many children were put forward so far. A county fills its places in the order of its children. */
export interface Cohort {
  putForward: number;
}

/** Where a story is told: for whom, as of which day, and onto which sheet. */
export interface Scene {
  readonly organisation: Organisation;
  readonly today: Day;
  readonly seal: Sealer;
  readonly sheet: RowSheet;
  /** Who is put forward as at risk of exclusion; absent where nobody is. */
  readonly cohort?: Cohort;
}

interface Line {
  /** The run it belongs to, found when it is told; a line of a run that has not begun is not told. */
  readonly of: () => Casebook | undefined;
  readonly on: Day;
  readonly command: string;
  readonly door: 'act' | 'record';
  /** Asked for only when the line is told, as making a row is part of the telling. */
  readonly fields: () => Record<string, unknown>;
  readonly how: HowDone;
}

/** A case being told: lines are collected, put in the order of the law, and played up to today. */
export class Story {
  readonly child: ChildBook;
  /** The assessment. */
  readonly book: Casebook;
  readonly household: Household;
  private readonly lines: Line[] = [];

  constructor(
    readonly scene: Scene,
    given: ChildGiven,
    readonly draw: Draw,
  ) {
    this.household = makeHousehold(scene.organisation, given, draw, scene.seal, scene.sheet);
    this.child = new ChildBook(scene.organisation, this.household, draw, scene.today, scene.sheet);
    this.book = this.child.begin();
  }

  act(
    on: Day,
    command: string,
    fields: Record<string, unknown> | (() => Record<string, unknown>) = {},
    how: HowDone = {},
    of: Line['of'] = () => this.book,
  ): void {
    const asked = typeof fields === 'function' ? fields : () => fields;
    this.lines.push({ of, on, command, door: 'act', fields: asked, how });
  }

  record(
    on: Day,
    command: string,
    fields: Record<string, unknown> = {},
    how: HowDone = {},
    of: Line['of'] = () => this.book,
  ): void {
    this.lines.push({ of, on, command, door: 'record', fields: () => fields, how });
  }

  /** Plays what has happened by today. */
  play(until: Day = this.scene.today): void {
    const rank = ({ command }: Line): number =>
      processes.workflows.flatMap(({ commands }) => commands.find(command)?.rank ?? [])[0] ?? 0;
    const played = this.lines
      .filter(({ on }) => on <= until)
      .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : rank(a) - rank(b)));
    for (const { of, on, command, door, fields, how } of played) {
      this.child.upTo(addDays(on, -1));
      of()?.[door](command, on, fields(), how);
      this.child.join();
    }
    this.lines.length = 0;
  }

  finish(): void {
    this.play();
    this.child.finish();
  }
}
