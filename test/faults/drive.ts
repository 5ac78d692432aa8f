import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@send/database';
import { type Day, londonDay } from '@send/statute';
import type pg from 'pg';
import type { Answer, Caller } from './caller';
import type { Case } from './casebook';
import type { Step } from './step';
import { signIn } from './town';

/** A command that was acknowledged: its fact must be there at the end, whatever is killed. */
export interface Acknowledged {
  readonly key: string;
  readonly runId: string;
  readonly factId: string;
}

export interface Driven {
  readonly acknowledged: Acknowledged[];
  /** Cases that were driven to the end. */
  readonly finished: Case[];
  /** Answers that no command of this run should have had, each with its case. */
  readonly refused: string[];
}

const sessionsLast = 7 * 60_000;
const letterPause = 500;
const today = (): Day => londonDay(new Date());

/** The officers of one authority at their work: through the API, as any program would. */
export class Drive {
  readonly driven: Driven = { acknowledged: [], finished: [], refused: [] };
  private readonly sessions = new Map<string, { token: string; since: number }>();
  private readonly counted = new Map<number, number>();
  private done = 0;

  constructor(
    private readonly caller: Caller,
    private readonly database: Database,
    private readonly owner: pg.Pool,
    private readonly work: readonly Case[],
    /** A case whose letters have not left after so long is left behind, and is counted as missing its letters. */
    private readonly patience: { readonly letterSeconds: number; readonly goOn: () => boolean },
  ) {}

  /** From 0 to 1: how much of the work is acknowledged. */
  get progress(): number {
    return this.done / this.work.reduce((sum, one) => sum + one.steps.length + 1, 0);
  }

  /** Some cases at a time, each to its end. */
  async all(atOnce: number): Promise<void> {
    let next = 0;
    const desk = async (): Promise<void> => {
      for (let one = this.work[next++]; one !== undefined; one = this.work[next++]) await this.drive(one);
    };
    await Promise.all(Array.from({ length: atOnce }, desk));
  }

  private async drive(one: Case): Promise<void> {
    try {
      for (const [index, step] of one.steps.entries()) if (!(await this.take(one, step, index))) return;
      if (one.leftAlone || !(await this.lettersLeave(one))) return;
      this.count(one);
      this.driven.finished.push(one);
    } finally {
      // A case that was left behind holds up no blow.
      this.done += one.steps.length + 1 - this.stepsCounted(one);
    }
  }

  private count(one: Case): void {
    this.counted.set(one.number, this.stepsCounted(one) + 1);
    this.done += 1;
  }

  private stepsCounted(one: Case): number {
    return this.counted.get(one.number) ?? 0;
  }

  private async take(one: Case, step: Step, index: number): Promise<boolean> {
    const key = `case-${one.number}-${index}-${step.command}`;
    if (step.afterLetters === true && !(await this.lettersLeave(one))) return false;
    const runId = step.begins === true ? undefined : await this.runOf(one, step.in);
    if (runId === undefined && step.begins !== true) return false;
    const send = () => this.send(one, step, runId, key);
    let answer = await send();
    // Midnight came between our clock and theirs.
    if (answer.status === 409 && answer.body['rule'] === 'date out of order') answer = await send();
    if (answer.status === 202 && step.second !== undefined)
      return this.confirm(one, step, send, key, String(answer.body['proposal']));
    return this.heard(one, key, answer.status, answer.body) !== undefined;
  }

  private send(one: Case, step: Step, runId: string | undefined, key: string): Promise<Answer> {
    const { command, door } = step;
    const fields = { on: today(), ...step.fields };
    const session = this.session(one, step.by);
    if (runId !== undefined) {
      const confirmed = door === 'records' ? { confirmed: true } : {};
      return this.caller.post(`runs/${runId}/${door}`, session, { command, fields, ...confirmed }, key);
    }
    const workflow = step.in.split(' ')[0];
    const { childId } = one.household;
    const through = door === 'records' ? { door: 'record' } : {};
    return this.caller.post('runs', session, { workflow, childId, command, fields, ...through }, key);
  }

  /** A run that a join begins is there with its source, or once the letter has left that it counts from. */
  private async runOf(one: Case, name: string): Promise<string | undefined> {
    const [workflow, number] = name.split(' ');
    let found: string | undefined;
    const isThere = async (): Promise<boolean> => {
      const runs = await this.ask<{ id: string }>(
        'select id from engine.run where child_id = $1 and workflow = $2 order by id',
        [one.household.childId, workflow],
      );
      found = runs[Number(number) - 1]?.id;
      return found !== undefined;
    };
    if (!(await this.patiently(one, isThere))) this.driven.refused.push(`case ${one.number}: no ${name} was begun`);
    return found;
  }

  private async confirm(
    one: Case,
    step: Step,
    send: () => Promise<Answer>,
    key: string,
    proposal: string,
  ): Promise<boolean> {
    const session = this.session(one, step.second ?? '');
    const answer = await this.caller.post(`proposals/${proposal}/confirmation`, session, {});
    if (answer.status !== 409 || !answer.again || !String(answer.body['type']).endsWith('/already-decided'))
      return this.heard(one, key, answer.status, answer.body) !== undefined;
    // It was confirmed before the answer could be heard: what it did is on record under the key of the one who proposed it.
    const { body } = await this.caller.get(`proposals/${proposal}`, this.session(one, one.household.caseworkerId));
    if (body['status'] !== 'confirmed') return this.heard(one, key, 409, body) !== undefined;
    const again = await send();
    return this.heard(one, key, again.status, again.body) !== undefined;
  }

  private heard(one: Case, key: string, status: number, body: Readonly<Record<string, unknown>>): string | undefined {
    const { runId, factId } = body;
    if ((status !== 200 && status !== 201) || typeof runId !== 'string' || typeof factId !== 'string') {
      this.driven.refused.push(`case ${one.number}, ${key}: ${status} ${JSON.stringify(body).slice(0, 400)}`);
      return undefined;
    }
    this.driven.acknowledged.push({ key, runId, factId });
    this.count(one);
    return runId;
  }

  private async lettersLeave(one: Case): Promise<boolean> {
    const allLeft = async (): Promise<boolean> => {
      const letters = await this.lettersOf(one);
      return letters.length > 0 && letters.every(({ status }) => status === 'sent');
    };
    const left = await this.patiently(one, allLeft);
    if (!left) this.driven.refused.push(`case ${one.number}: its letters did not leave`);
    return left;
  }

  /** Approves what waits for a second person, until it is so. */
  private async patiently(one: Case, isSo: () => Promise<boolean>): Promise<boolean> {
    const giveUpAt = Date.now() + this.patience.letterSeconds * 1_000;
    while (Date.now() < giveUpAt && this.patience.goOn()) {
      if (await isSo()) return true;
      for (const { id } of (await this.lettersOf(one)).filter(({ status }) => status === 'drafted'))
        if (!(await this.approve(one, id))) return false;
      await wait(letterPause);
    }
    return false;
  }

  private async approve(one: Case, letterId: string): Promise<boolean> {
    const second = one.steps.find((step) => step.second !== undefined)?.second ?? '';
    const answer = await this.caller.post(`letters/${letterId}/approval`, this.session(one, second), {});
    // Approved before the answer could be heard; perhaps it has even left by now.
    const wasDone = answer.status === 409 && answer.again && answer.body['rule'] === 'letter';
    if (answer.status === 200 || wasDone) return true;
    this.driven.refused.push(
      `case ${one.number}, letter: ${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`,
    );
    return false;
  }

  private lettersOf({ household }: Case): Promise<{ id: string; status: string }[]> {
    return this.ask(
      'select l.id, l.status from letters.letter l join engine.run r on r.id = l.run_id where r.child_id = $1',
      [household.childId],
    );
  }

  /** Looked up beside the app: hundreds of cases that wait must not be what the app is busy with. */
  private async ask<T extends pg.QueryResultRow>(sql: string, params: readonly unknown[]): Promise<T[]> {
    try {
      return (await this.owner.query<T>(sql, [...params])).rows;
    } catch {
      return [];
    }
  }

  /** Each case has sessions of its own, as if somebody opened it in the morning and did all of it. */
  private session(one: Case, staffId: string): () => Promise<string> {
    return async () => {
      const name = `${one.number} ${staffId}`;
      const known = this.sessions.get(name);
      if (known !== undefined && Date.now() - known.since < sessionsLast) return known.token;
      const token = await signIn(this.database, staffId, today());
      this.sessions.set(name, { token, since: Date.now() });
      return token;
    };
  }
}
