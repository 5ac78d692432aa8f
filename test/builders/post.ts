import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HandOver, type LetterDesk } from '@send/correspondence';
import { dataFolder, newId } from '@send/database';
import { Typesetter } from '@send/letters';
import type { CaseWorld } from './case-with-family';

/** The post room of a small authority: what waits for a second person is approved by one, and then it leaves. */
export class Post {
  private readonly drop = mkdtempSync(join(dataFolder(), 'test', 'post-'));
  private readonly typesetter = new Typesetter({ inProcess: true });

  constructor(private readonly world: CaseWorld) {}

  /** Sends what can leave of a run now: `assessment.agree to Ruth Invented1`, in the order of the letters. */
  async goesOut(runId: string, desk: LetterDesk = this.world.desk): Promise<string[]> {
    const { world } = this;
    const { authority } = world.senior;
    const handOver = new HandOver({ desk, engine: world.engine, typesetter: this.typesetter, dropFolder: this.drop });
    const second = { ...world.senior, staffId: newId(), name: 'Second' };
    const left: string[] = [];
    for (const { id, letter, status, recipient } of await world.letters(runId)) {
      if (status !== 'drafted' && status !== 'approved') continue;
      if (status === 'drafted') {
        const approved = await desk.approve(id, second);
        if (!approved.done) throw new Error(`${letter}: ${JSON.stringify(approved)}`);
      }
      const answer = await handOver.handOver(authority, id);
      if (answer.is !== 'sent' && answer.is !== 'held') throw new Error(`${letter}: ${JSON.stringify(answer)}`);
      left.push(`${answer.is === 'held' ? 'held: ' : ''}${letter} to ${await this.nameOf(recipient)}`);
    }
    return left;
  }

  /** What lies in the drop folder: the bytes of a letter that left on that day. */
  bytes(reference: string, day: string): Buffer {
    return readFileSync(join(this.drop, this.world.senior.authority, day, `${reference}.pdf`));
  }

  private async nameOf(recipient: string): Promise<string> {
    const [kind, id] = recipient.split(':', 2);
    if (kind !== 'person') return kind ?? '';
    const [row] = await this.world.test.ownerQuery<{ name: string }>(
      `select first_names || ' ' || last_name as name from case_file.person where id = $1`,
      [id],
    );
    return row?.name ?? '';
  }

  async close(): Promise<void> {
    await this.typesetter.close();
    rmSync(this.drop, { recursive: true, force: true });
  }
}

/** The rows of duties by name, each with only the days that it has. */
export type Dates = Record<string, { due?: string; target?: string; met?: string; ended?: string }>;

export async function datesOf(world: CaseWorld, runId: string, duties: readonly string[]): Promise<Dates> {
  const rows = await world.test.ownerQuery<{ duty: string; days: Dates[string] }>(
    `select duty, jsonb_strip_nulls(jsonb_build_object('due', due_by, 'target', target_by, 'met', met_on, 'ended', ended_on)) as days
     from engine.deadline where run_id = $1 and duty = any($2) order by duty`,
    [runId, duties],
  );
  return Object.fromEntries(rows.map(({ duty, days }) => [duty, days]));
}
