import type { Day } from '@send/statute';
import { type ChildNow, type JoinedRun, sourceNames, type Wanted, wantedBy, type Workflow } from '@send/workflow-kit';
import { processes } from '@send/workflows';
import { Casebook } from './casebook';
import type { Draw } from './draw';
import type { Household } from './household';
import type { Organisation } from './organisation';
import type { RowSheet } from './row-sheet';

const named = new Map(processes.workflows.map(({ id }) => [id, sourceNames(processes.joins, id)]));

/** All processes of one child, each a casebook, with what the joins carry from one to the other as the engine does it. */
export class ChildBook {
  private readonly books: Casebook[] = [];
  private readonly done = new Set<string>();
  /** How many facts and clocks of each run the joins have seen. */
  private seen = '';

  constructor(
    private readonly organisation: Organisation,
    private readonly household: Household,
    private readonly draw: Draw,
    private readonly today: Day,
    private readonly sheet: RowSheet,
  ) {}

  begin(workflow?: Workflow, on?: Day): Casebook {
    const { organisation, household, draw, today, sheet } = this;
    const book = new Casebook(organisation, household, draw, today, sheet, workflow, on);
    this.books.push(book);
    return book;
  }

  /** The runs of a workflow, in the order in which they began. */
  of(workflow: string): readonly Casebook[] {
    return this.books.filter((book) => book.workflow.id === workflow);
  }

  /** Letters leave and joins carry, up to the evening of that day. */
  upTo(day: Day): void {
    for (const book of [...this.books]) book.lettersUpTo(day);
    this.join();
  }

  /** Gives what is wanted and not yet given: corrections do not happen in a county. */
  join(): void {
    for (;;) {
      const runs = this.books.filter(({ begun }) => begun).map(({ joined }) => joined);
      const now = JSON.stringify(runs.map(sourcesOf));
      if (now === this.seen) return;
      this.seen = now;
      for (const wanted of wantedBy(processes.joins, runs, {})) this.give(wanted);
    }
  }

  private give(wanted: Wanted): void {
    const { to, sourceRun, source, command, on } = wanted;
    const target =
      'run' in to
        ? this.books.find(({ runId }) => runId === to.run)
        : this.books.find(
            ({ joined: { begunFrom, workflow } }) =>
              begunFrom?.run === sourceRun && begunFrom.alike === to.alike && workflow.id === to.begins,
          );
    const key = `${'run' in to ? to.run : `${to.begins} ${to.alike}`} ${sourceRun} ${source} ${command}`;
    if (this.done.has(key)) return;
    this.done.add(key);
    const book =
      target ??
      this.begin(
        processes.workflows.find(({ id }) => 'begins' in to && id === to.begins),
        on,
      );
    book.give(wanted, { ...wanted.ofChild?.(this.childOn(on)) });
  }

  private childOn(on: Day): ChildNow {
    const { given, school } = this.household;
    const year = (day: Day): number => Number(day.slice(0, 4)) - (day.slice(5) >= '09-01' ? 0 : 1);
    return {
      dateOfBirth: given.born,
      yearGroup: year(on) - (year(given.born) + 5),
      attends: school !== null,
      lookedAfter: false,
    };
  }

  finish(): void {
    this.upTo(this.today);
    for (const book of this.books) if (book.begun) book.finish();
  }
}

/** Whatever a join of this run could come from. */
function sourcesOf({ id, workflow, place, history }: JoinedRun): unknown {
  const names = named.get(workflow.id);
  return [
    id,
    history.filter(({ type }) => names?.facts.has(type)).map((fact) => fact.id),
    [...(names?.clocks ?? [])].map((clock) => place.context.facts[clock]),
  ];
}
