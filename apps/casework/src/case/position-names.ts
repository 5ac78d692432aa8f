import type { Position, Workflow } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { Injectable } from '@nestjs/common';

/** What a caseworker calls each position of the path, from the workflows themselves. */
@Injectable()
export class PositionNames {
  private readonly names = new Map<string, string>();

  constructor() {
    for (const workflow of workflows) for (const [id, called] of positionsOf(workflow)) this.names.set(id, called);
  }

  all(): { id: string; called: string }[] {
    return [...this.names].map(([id, called]) => ({ id, called }));
  }

  called(position: string): string {
    return this.names.get(position) ?? position;
  }
}

function positionsOf({ machine, path }: Workflow): [string, string][] {
  const region = machine.root.states[path];
  return Object.entries(region?.states ?? {}).map(([id, state]) => [
    id,
    (state.meta as Position | undefined)?.called ?? id,
  ]);
}
