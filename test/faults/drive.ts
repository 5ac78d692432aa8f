import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@send/database';
import { type Day, londonDay } from '@send/statute';
import type pg from 'pg';
import type { Caller } from './caller';
import type { Case, Step } from './casebook';
import { signIn } from './town';

/** A command that was acknowledged: its fact must be there at the end, whatever is killed. */
export interface Acknowledged {
  readonly key: string;
  readonly runId: string;
  readonly factId: string;
}

export interface Driven {
  readonly acknowledged: Acknowledged[];
  /** Runs of cases that were driven to the end. */
  readonly finished: string[];
  /** Answers that no command of this run should have had, each with its case. */
  readonly refused: string[];
}

const sessionsLast = 7 * 60_000;
const letterPause = 1_000;
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
    return this.done / this.work.reduce((sum, one) => sum + one.steps.length + 2, 0);
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
      const runId = await this.begin(one);
      if (runId === undefined) return;
      for (const [index, step] of one.steps.entries()) if (!(await this.take(one, runId, step, index))) return;
      if (!one.leftAlone && (await this.lettersLeave(one, runId))) this.driven.finished.push(runId);
    } finally {
      // A case that was left behind holds up no blow.
      this.done += one.steps.length + 2 - this.stepsCounted(one);
    }
  }

  private count(one: Case): void {
    this.counted.set(one.number, this.stepsCounted(one) + 1);
    this.done += 1;
  }

  private stepsCounted(one: Case): number {
    return this.counted.get(one.number) ?? 0;
  }

  private async begin(one: Case): Promise<string | undefined> {
    const { household, requestedOn, number } = one;
    const key = `case-${number}-begin`;
    const answer = await this.caller.post(
      'runs',
      this.session(one, household.caseworkerId),
      {
        workflow: 'needs-assessment',
        childId: household.childId,
        command: 'receiveRequest',
        fields: { on: requestedOn, from: 'parent' },
      },
      key,
    );
    return this.heard(one, key, answer.status, answer.body);
  }

  private async take(one: Case, runId: string, step: Step, index: number): Promise<boolean> {
    const key = `case-${one.number}-${index}-${step.command}`;
    const send = () =>
      this.caller.post(
        `runs/${runId}/${step.door}`,
        this.session(one, step.by),
        {
          command: step.command,
          fields: { on: today(), ...step.fields },
          ...(step.door === 'records' ? { confirmed: true } : {}),
        },
        key,
      );
    let answer = await send();
    // Midnight came between our clock and theirs.
    if (answer.status === 409 && answer.body['rule'] === 'date out of order') answer = await send();
    if (answer.status === 202 && step.second !== undefined)
      return this.confirm(one, runId, key, String(answer.body['proposal']), step.second);
    return this.heard(one, key, answer.status, answer.body) !== undefined;
  }

  private async confirm(one: Case, runId: string, key: string, proposal: string, by: string): Promise<boolean> {
    const session = this.session(one, by);
    const answer = await this.caller.post(`proposals/${proposal}/confirmation`, session, {});
    if (answer.status !== 409 || !answer.again || !String(answer.body['type']).endsWith('/already-decided'))
      return this.heard(one, key, answer.status, answer.body) !== undefined;
    // It was confirmed before the answer could be heard: what it did is on record under the key of the one who proposed it.
    const repeated = await this.repeat(one, runId, key, proposal);
    return repeated !== undefined;
  }

  /** The proposal says what became of it, and the history what it did. */
  private async repeat(one: Case, runId: string, key: string, proposal: string): Promise<string | undefined> {
    const session = this.session(one, one.household.caseworkerId);
    const { body } = await this.caller.get(`proposals/${proposal}`, session);
    const step = one.steps.find((each) => each.command === body['command']);
    if (body['status'] !== 'confirmed' || step === undefined) return this.heard(one, key, 409, body);
    const again = await this.caller.post(
      `runs/${runId}/${step.door}`,
      this.session(one, step.by),
      {
        command: step.command,
        fields: { on: today(), ...step.fields },
        ...(step.door === 'records' ? { confirmed: true } : {}),
      },
      key,
    );
    return this.heard(one, key, again.status, again.body);
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

  /** Approves what waits for a second person, until every letter of the case has left. */
  private async lettersLeave(one: Case, runId: string): Promise<boolean> {
    const giveUpAt = Date.now() + this.patience.letterSeconds * 1_000;
    while (Date.now() < giveUpAt && this.patience.goOn()) {
      const letters = await this.lettersOf(runId);
      for (const { id } of letters.filter(({ status }) => status === 'drafted'))
        if (!(await this.approve(one, id))) return false;
      if (letters.length > 0 && letters.every(({ status }) => status === 'sent')) {
        this.count(one);
        return true;
      }
      await wait(letterPause);
    }
    this.driven.refused.push(`case ${one.number}: its letters did not leave`);
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

  /** Looked up beside the app: hundreds of cases that wait must not be what the app is busy with. */
  private async lettersOf(runId: string): Promise<{ id: string; status: string }[]> {
    try {
      return (
        await this.owner.query<{ id: string; status: string }>(
          'select id, status from letters.letter where run_id = $1',
          [runId],
        )
      ).rows;
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
