import type { Position, Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { Injectable } from '@nestjs/common';

interface NamedPosition {
  /** `workflow.position`: two workflows may have positions of the same name. */
  readonly id: string;
  readonly workflow: string;
  readonly called: string;
}

/** What a caseworker calls each process and each position of its path, from the workflows themselves. */
@Injectable()
export class PositionNames {
  private readonly titles = new Map(workflows.map(({ id, title }) => [id, title] as const));
  private readonly positions = new Map(workflows.flatMap(positionsOf).map((one) => [one.id, one] as const));

  processes(): { id: string; title: string }[] {
    return [...this.titles].map(([id, title]) => ({ id, title }));
  }

  title(workflow: string): string {
    return this.titles.get(workflow) ?? workflow;
  }

  /** The positions of one process; of all of them, each with its process before it. */
  of(workflow: string | undefined): { id: string; called: string }[] {
    return [...this.positions.values()]
      .filter((one) => workflow === undefined || one.workflow === workflow)
      .map(({ id, workflow: process, called }) => ({
        id,
        called: workflow === undefined && this.titles.size > 1 ? `${this.title(process)}: ${called}` : called,
      }));
  }

  called(position: string): string {
    return this.positions.get(position)?.called ?? position.slice(position.indexOf('.') + 1);
  }
}

function positionsOf({ id: workflow, machine, path }: Workflow): NamedPosition[] {
  const states = machine.root.states[path]?.states ?? {};
  return Object.entries(states).map(([name, state]) => ({
    id: `${workflow}.${name}`,
    workflow,
    called: calledIn(state) ?? name,
  }));
}

interface Named {
  readonly meta?: unknown;
  readonly states: Readonly<Record<string, Named>>;
}

/** Its own name, or that of the first position within it. */
function calledIn(state: Named): string | undefined {
  const own = (state.meta as Position | undefined)?.called;
  if (own !== undefined) return own;
  const [first] = Object.values(state.states);
  return first === undefined ? undefined : calledIn(first);
}
