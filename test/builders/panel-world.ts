import { type Actor, addStaff, type Role } from '@send/access';
import { newId } from '@send/database';
import type { NotDone } from '@send/engine';
import {
  type Answer,
  AuditDesk,
  countyPanels,
  furtherPanels,
  giveSeat,
  ItemDesk,
  type Represents,
  saveKind,
  SittingDesk,
} from '@send/panels';
import { CaseWorld, type Family } from './case-with-family';

/** A small authority with its panels: a chair, a health officer, a parent representative and a head teacher sit on one. */
export class PanelWorld {
  private constructor(
    readonly world: CaseWorld,
    readonly items: ItemDesk,
    readonly sittings: SittingDesk,
    readonly audits: AuditDesk,
    readonly chair: Actor,
    readonly health: Actor,
    readonly parentRep: Actor,
    readonly head: Actor,
    readonly auditor: Actor,
  ) {}

  static readonly kind = 'assessment-east';

  static async open(at: string): Promise<PanelWorld> {
    const world = await CaseWorld.open(at);
    const person = async (name: string, role: Role): Promise<Actor> => ({
      staffId: await world.as(world.administrator, (tx) =>
        addStaff(tx, {
          name,
          email: `${name.toLowerCase().replaceAll(' ', '.')}@levelshire.example`,
          roles: [role],
          activeFrom: '2020-01-01',
        }),
      ),
      name,
      authority: 'levelshire',
      roles: [role],
      team: null,
    });
    const chair = await person('Uma Larkfield', 'PC');
    const health = await person('Ivo Thornby', 'PM');
    const parentRep = await person('Wren Ashdale', 'PM');
    const head = await person('Theo Marlin', 'PM');
    const auditor = await person('Ada Quillfeather', 'AU');
    await world.as(world.administrator, async (tx) => {
      for (const kind of countyPanels([world.caseworker.team ?? 'North'], '2024-09-01')) await saveKind(tx, kind);
      for (const kind of furtherPanels('2024-09-01')) await saveKind(tx, kind);
      const seat = (one: Actor, represents: Represents, chairs = false) =>
        giveSeat(tx, { kindId: PanelWorld.kind, staffId: one.staffId, represents, chairs, fromDay: '2024-09-01' });
      await seat(chair, 'chair', true);
      await seat(health, 'health-officer');
      await seat(parentRep, 'parent-representative');
      await seat(head, 'head-teacher');
    });
    const { database } = world.test;
    const desk = [database, world.engine, world.clock] as const;
    return new PanelWorld(
      world,
      new ItemDesk(...desk),
      new SittingDesk(...desk),
      new AuditDesk(...desk),
      chair,
      health,
      parentRep,
      head,
      auditor,
    );
  }

  /** A family whose assessment was asked for, with one report on file; referred, its paper written. */
  async referred(requestedOn: string): Promise<{ family: Family; assessment: string; run: string; document: string }> {
    const { world } = this;
    const family = await world.family();
    const assessment = await world.request(family, requestedOn);
    const document = await this.report(family, 'School report');
    const { runId: run } = must(
      await this.items.refer(
        world.caseworker,
        family.child.id,
        { panel: PanelWorld.kind, question: 'Should we assess?', fromRun: assessment },
        newId(),
      ),
    );
    must(
      await this.items.write(world.caseworker, run, {
        summary: 'Reads below age.',
        options: ['Assess', 'Do not assess'],
        ready: 'yes',
      }),
    );
    return { family, assessment, run, document };
  }

  /** A document that came on the clock's own day. */
  async report(family: Family, title: string): Promise<string> {
    const id = newId();
    const bytes = Buffer.from(`${title} ${id}`);
    const now = this.world.clock.now();
    await this.world.test.ownerQuery(
      `insert into case_file.document (id, authority_id, child_id, type, title, author, dated, file_name, media_type, sha256, bytes, scan, recorded_by, recorded_at)
       values ($1, 'levelshire', $2, 'report', $3, 'Oak Hill School', $4, 'report.pdf', 'application/pdf', encode(sha256($5), 'hex'), $5, 'clean', $6, $7)`,
      [id, family.child.id, title, this.world.clock.today(), bytes, this.world.caseworker.staffId, now],
    );
    return id;
  }

  async sitting(meetsOn: string, packReadyBy = this.world.clock.today()): Promise<string> {
    const body = { kind: PanelWorld.kind, meetsOn, time: '10am', place: 'County Hall, Room 2', packReadyBy };
    return must(await this.sittings.arrange(this.chair, body)).id;
  }

  /** Everybody but those named is present. */
  async allPresent(sitting: string, but: readonly Actor[] = []): Promise<void> {
    const attendants = [this.chair, this.health, this.parentRep, this.head].map((one) => ({
      staff: one.staffId,
      state: but.includes(one) ? 'apologies' : 'present',
    }));
    must(await this.sittings.attend(this.chair, sitting, { attendants }));
  }

  async noConflict(run: string, ...actors: readonly Actor[]): Promise<void> {
    for (const actor of actors) must(await this.items.declare(actor, run, { conflict: 'none' }));
  }

  readonly agree = {
    recommendation: 'agree',
    legalTest: 'CFA 2014 s 36(8)',
    reasons: ['Rowan cannot read yet, and a year of help changed little.'],
  };

  close(): Promise<void> {
    return this.world.close();
  }
}

export function must<T>(answer: Answer<T>): T {
  if (answer.done) return answer.result;
  throw new Error(`${answer.refusal.rule}: ${answer.refusal.message} ${JSON.stringify(answer.refusal.wrong)}`);
}

export function refusalOf(answer: Answer<unknown>): NotDone['refusal'] {
  if (answer.done) throw new Error('This was done, though it should have been refused');
  return answer.refusal;
}
