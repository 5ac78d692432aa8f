import { addDays, type Day } from '@send/statute';
import { processes } from '@send/workflows';
import { tellCheckOf } from './after-plan';
import { type Casebook, type HowDone, nextWorkingDay, workingDayBefore } from './casebook';
import { Draw } from './draw';
import type { ChildGiven } from './household';
import type { School } from './organisation';
import { inUseSince, type Pace, paceOf, tellAssessment, tellPlan, tellRequest } from './stories';
import { type Scene, Story } from './story';

/** A named case: what it shows, whether it ends with a plan of ours, and how it is told. */
export type Piece = readonly [what: string, hasPlan: boolean, tell: (stage: Stage) => void];

/** What a set piece is told with. */
export class Stage {
  readonly draw: Draw;

  constructor(
    readonly scene: Scene,
    readonly number: number,
  ) {
    this.draw = new Draw(`${scene.organisation.seed}/${scene.organisation.id}/set-piece-${number}`);
  }

  get today(): Day {
    return this.scene.today;
  }

  ago(days: number): Day {
    return workingDayBefore(addDays(this.today, -days));
  }

  school(phase: School['phase']): School {
    return this.draw.pick(this.scene.organisation.schools.filter((one) => one.phase === phase));
  }

  begin(from: Day, more: Partial<ChildGiven> = {}): Story {
    return new Story(
      this.scene,
      {
        number: this.number,
        born: addDays(from, -3200),
        from,
        sex: this.draw.chance(0.5) ? 'F' : 'M',
        need: 'SLCN',
        school: this.school('primary'),
        adults: [{ title: 'Ms' }],
        ...more,
      },
      this.draw,
    );
  }

  /** A whole assessment to its plan, on the day of the final plan given. */
  wholePlan(from: Day, final: number, more: Partial<ChildGiven> = {}, decision = 38): void {
    this.toldToPlan(from, final, more, decision).finish();
  }

  /** A plan that many days old, and its check; what follows is still to be told. As many come late as in all the county. */
  planned(days: number, more: Partial<ChildGiven> = {}): Story {
    const final = this.number % 3 === 0 ? 135 : 150 + this.draw.whole(0, 90);
    const story = this.toldToPlan(this.ago(days + final), final, more);
    tellCheckOf(story, inUseSince(this.today));
    return story;
  }

  private toldToPlan(from: Day, final: number, more: Partial<ChildGiven>, decision = 38): Story {
    const story = this.begin(from, more);
    const pace: Pace = { ...paceOf(Math.max(final, 100), this.draw), decision, asked: decision + 3, final };
    tellRequest(story, from);
    tellAssessment(story, from, { ...pace, issue: Math.min(pace.issue, final - 45) });
    tellPlan(story, from, {
      ...pace,
      issue: Math.min(pace.issue, final - 45),
      draft: final - 42,
      placement: final - 5,
    });
    return story;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The lines of one further process of a child: the first of its kind, or the one of that number. */
export class Course {
  /** The run, once it has begun. */
  readonly of: () => Casebook | undefined;

  constructor(
    private readonly story: Story,
    private readonly workflow: string,
    private readonly at = 0,
  ) {
    this.of = () => story.child.of(workflow)[at];
  }

  /** A person begins it; where a join does, there is nothing to begin. */
  begin(on: Day, command: string, fields: Fields = {}, how: HowDone = {}): this {
    const workflow = processes.workflows.find(({ id }) => id === this.workflow);
    this.story.record(on, command, fields, how, () => this.of() ?? this.story.child.begin(workflow, on));
    return this;
  }

  record(on: Day, command: string, fields: Fields = {}, how: HowDone = {}): this {
    this.story.record(on, command, fields, how, this.of);
    return this;
  }

  /** Done here and now: its letters wait for whoever approves and sends them. */
  today(command: string, fields: Fields = {}): this {
    this.story.act(this.story.scene.today, command, fields, fresh, this.of);
    return this;
  }
}

const fresh: HowDone = { unapproved: true, letterAfter: 1 };

/** A working day some days after that one, or before where it is past today. */
export const after = (on: Day, days: number): Day => nextWorkingDay(addDays(on, days));
