import { type Actor, may, writeAudit } from '@send/access';
import { caseRelationship } from '@send/case-file';
import type { Tx } from '@send/database';
import { forbidden, notFound, refuse } from '@send/engine';
import type { Day } from '@send/statute';
import type { Field } from '@send/workflow-kit';
import {
  type Conflict,
  conflicts,
  declarationsAbout,
  type Declaration,
  endDeclaration,
  putDeclaration,
} from './declarations';
import { kindOf, kindsOn, type PanelKind, purposes, routeTo } from './kinds';
import { type Pack, packOf, type Paper, paperOf, writePaper } from './pack';
import { type Answer, isId, type OpenItem, PanelDoor } from './panel-door';
import { attendanceOf, quorumFor, type Sitting, sittingOf } from './sittings';

type Body = Readonly<Record<string, unknown>>;

export const paperFields = {
  summary: { kind: 'text', label: 'The summary for the panel', max: 5000 },
  options: { kind: 'paragraphs', label: 'The options', optional: true, most: 8 },
  ready: { kind: 'yes-no', label: 'the paper being ready for the panel' },
} as const satisfies Record<string, Field>;

export const declarationFields = {
  conflict: { kind: 'choice', label: 'whether you have a conflict', options: { none: 'No conflict', ...conflicts } },
  words: { kind: 'text', label: 'What the conflict is', optional: true, max: 1000 },
} as const satisfies Record<string, Field>;

export const liftFields = {
  declaration: { kind: 'id', label: 'The declaration' },
  reason: { kind: 'text', label: 'Why there is no conflict', max: 1000 },
} as const satisfies Record<string, Field>;

const listFields = { sitting: { kind: 'id', label: 'The sitting' } } as const satisfies Record<string, Field>;

/** What was said and decided, as its facts have it. */
export interface Said {
  readonly factId: string;
  readonly type: string;
  readonly on: Day;
  readonly by: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface ItemView extends OpenItem {
  readonly sitting: Sitting | undefined;
  readonly paper: Paper | undefined;
  /** Undefined until the reader has said whether they have a conflict. */
  readonly pack: Pack | undefined;
  readonly said: readonly Said[];
  readonly declarations: readonly Declaration[];
  readonly legalTest: string;
}

/** What people do with one case before a panel. */
export class ItemDesk extends PanelDoor {
  /** Kinds of panel that take this child's case, the most particular first; the rest after them. */
  async routes(actor: Actor, childId: string): Promise<Answer<{ kind: PanelKind; because: string | null }[]>> {
    return this.attempt(actor, async (tx) => {
      const [child] = await tx.query<{ team: string | null; year: number | null; need: string | null }>(
        'select team, year_group as year, primary_need as need from case_file.child where id::text = $1',
        [childId],
      );
      if (child === undefined) return this.stop(notFound);
      const kinds = await kindsOn(tx, this.today());
      const routed = (Object.keys(purposes) as (keyof typeof purposes)[]).flatMap((one) => routeTo(kinds, one, child));
      const taken = new Set(routed.map(({ kind }) => kind.id));
      return [
        ...routed,
        ...kinds.filter(({ id }) => !taken.has(id)).map((kind) => ({ kind, because: null as string | null })),
      ];
    });
  }

  /** A question to a panel: the process that asks goes on as it is. */
  async refer(actor: Actor, childId: string, body: Body, key: string): Promise<Answer<{ runId: string }>> {
    return this.attempt(actor, async (tx) => {
      const [before] = await tx.query<{ runId: string }>(
        `select run_id as "runId" from engine.fact where command_key = $1 and type = 'panelReferred'`,
        [key],
      );
      if (before !== undefined) return before;
      const child = isId(childId) ? await caseRelationship(tx, actor, childId, this.today()) : undefined;
      const asked = child && may(actor, 'listForPanel', child);
      if (asked === undefined) return this.stop(notFound, { action: 'listForPanel' });
      if (!asked.allowed) return this.stop(forbidden(asked), { action: 'listForPanel', childId });
      const kind = typeof body['panel'] === 'string' ? await kindOf(tx, body['panel']) : undefined;
      if (
        kind === undefined ||
        kind.fromDay > this.today() ||
        (kind.untilDay !== null && kind.untilDay <= this.today())
      )
        return this.wrong('panel', 'not-offered', 'Select the panel');
      const fromRun = typeof body['fromRun'] === 'string' && body['fromRun'] !== '' ? body['fromRun'] : undefined;
      const [asks] =
        fromRun === undefined
          ? [undefined]
          : await tx.query(
              `select id from engine.run where id::text = $1 and child_id::text = $2 and workflow <> 'panel-decision'`,
              [fromRun, childId],
            );
      if (fromRun !== undefined && asks === undefined)
        return this.wrong('fromRun', 'unknown', 'Select the process that asks from those of this child');
      const fields = { on: this.today(), legalTest: kind.legalTest, ...body };
      const outcome = await this.engine.begin(
        'panel-decision',
        childId,
        { command: 'referToPanel', key, fields },
        actor,
        { tx },
      );
      this.must(outcome);
      return { runId: outcome.done ? outcome.runId : '' };
    });
  }

  /** Everything of one item, as far as the reader may see it now. Each view is noted. */
  async view(actor: Actor, runId: string): Promise<Answer<ItemView>> {
    return this.attempt(actor, async (tx) => {
      const open = await this.openItem(tx, actor, runId, 'openCaseOverview');
      const { item, relationship, declared } = open;
      // Members declare before they open an item; whoever works on the case has written it.
      const opens = relationship.live || declared === null;
      await writeAudit(tx, actor, {
        action: opens ? 'openPanelPack' : 'seePanelItem',
        outcome: 'done',
        childId: item.childId,
        runId,
      });
      const sitting = item.sittingId === null ? undefined : await sittingOf(tx, item.sittingId);
      const [row] = await tx.query<{ legal_test: string | null }>(
        'select legal_test from panels.item where run_id = $1',
        [runId],
      );
      return {
        ...open,
        sitting,
        paper: opens ? await paperOf(tx, runId) : undefined,
        pack: opens ? await packOf(tx, runId, item.childId, true) : undefined,
        said: opens ? await saidOf(tx, runId) : [],
        declarations: opens ? await declarationsAbout(tx, runId) : [],
        legalTest: row?.legal_test ?? open.kind?.legalTest ?? 'Not on record',
      };
    });
  }

  /** The caseworker's paper; once it is ready, an agenda can be built with it. */
  async write(actor: Actor, runId: string, body: Body): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const { item, relationship } = await this.openItem(tx, actor, runId, 'listForPanel');
      if (!relationship.live && !actor.roles.includes('SM'))
        return this.stop(
          refuse('forbidden', 'The caseworker of this case or a senior officer writes its paper', 'role'),
        );
      if (!['referred', 'onAgenda', 'deferred'].includes(item.position))
        return this.stop(refuse('not-now', 'The panel has heard this case: its paper stands as it was', 'frozen'));
      const { summary, options, ready } = this.read(paperFields, body);
      const before = await paperOf(tx, runId);
      await writePaper(tx, runId, {
        summary: String(summary),
        options: (options as string[] | undefined) ?? [],
        readyOn: ready === true ? (before?.readyOn ?? this.today()) : null,
      });
      await writeAudit(tx, actor, { action: 'writePanelPaper', outcome: 'done', childId: item.childId, runId });
      return null;
    });
  }

  /** Puts the case before a sitting of its own panel. The family is told when it meets and how to be heard. */
  async list(actor: Actor, runId: string, body: Body, key: string): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const open = await this.openItem(tx, actor, runId, 'listForPanel');
      const { sitting: id } = this.read(listFields, body);
      const sitting = /^[0-9a-f-]{36}$/i.test(String(id)) ? await sittingOf(tx, String(id)) : undefined;
      if (sitting === undefined || sitting.kindId !== open.item.kindId)
        return this.wrong('sitting', 'not-offered', 'Select a sitting of this panel');
      if (sitting.cancelledOn !== null)
        return this.wrong('sitting', 'cancelled', 'This sitting was cancelled: select another');
      if (sitting.meetsOn < this.today())
        return this.wrong('sitting', 'in-the-past', 'Select a sitting that is still to come');
      if (open.item.readyOn === null)
        return this.stop(refuse('not-now', 'The paper is not ready. Write it and mark it as ready first', 'paper'));
      const roles = (await attendanceOf(tx, sitting)).map(({ represents }) => represents.replaceAll('-', ' '));
      await this.act(tx, actor, open, 'putOnAgenda', key, {
        sitting: sitting.id,
        meetsOn: sitting.meetsOn,
        time: sitting.time,
        place: sitting.place,
        viewsBy: sitting.packReadyBy >= this.today() ? sitting.packReadyBy : sitting.meetsOn,
        ...(roles.length === 0 ? {} : { attendees: [...new Set(roles)] }),
      });
      return null;
    });
  }

  takeOff(actor: Actor, runId: string, body: Body, key: string): Promise<Answer<null>> {
    return this.plain(actor, runId, 'takeOffAgenda', body, key);
  }

  withdraw(actor: Actor, runId: string, body: Body, key: string): Promise<Answer<null>> {
    return this.plain(actor, runId, 'withdrawFromPanel', body, key);
  }

  /** Said before an item is opened. A conflict closes it at once, and only somebody else can open it again. */
  async declare(actor: Actor, runId: string, body: Body): Promise<Answer<{ closed: boolean }>> {
    return this.attempt(actor, async (tx) => {
      const { item } = await this.openItem(tx, actor, runId, 'declareConflict');
      const { conflict, words } = this.read(declarationFields, body);
      if (conflict === 'other' && words === undefined)
        return this.wrong('words', 'missing', 'Enter what the conflict is');
      const [row] = await tx.query<{ from_run: string | null }>('select from_run from panels.item where run_id = $1', [
        runId,
      ]);
      const declared = conflict === 'none' ? null : (conflict as Conflict);
      await putDeclaration(tx, {
        runId,
        fromRun: row?.from_run ?? null,
        staffId: actor.staffId,
        conflict: declared,
        words: declared === null ? null : ((words as string | undefined) ?? null),
        on: this.today(),
      });
      await writeAudit(tx, actor, {
        action: 'declareConflict',
        outcome: 'done',
        childId: item.childId,
        runId,
        fields: ['conflict'],
      });
      return { closed: declared !== null };
    });
  }

  /** Somebody else, who runs the panel, finds that there is no conflict. */
  async liftConflict(actor: Actor, runId: string, body: Body): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const { item } = await this.openItem(tx, actor, runId, 'listForPanel');
      await this.runsPanel(tx, actor, item.kindId ?? '', item.sittingId);
      const { declaration, reason } = this.read(liftFields, body);
      if (String(reason).length < 20)
        return this.wrong('reason', 'too-short', 'Why there is no conflict must be 20 characters or more');
      const standing = (await declarationsAbout(tx, runId)).find(({ id }) => id === declaration);
      if (standing === undefined || standing.conflict === null || standing.staffId === actor.staffId)
        return this.wrong('declaration', 'not-offered', 'Select a conflict that somebody else has declared');
      await endDeclaration(tx, standing.id, this.today(), String(reason));
      await writeAudit(tx, actor, {
        action: 'liftConflict',
        outcome: 'done',
        childId: item.childId,
        runId,
        reason: String(reason),
      });
      return null;
    });
  }

  /** The chair records what the panel recommends: quorate without those who have a conflict, on the day or after it. */
  async recommend(actor: Actor, runId: string, body: Body, key: string): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const open = await this.openItem(tx, actor, runId, 'recordRecommendation');
      const { item, kind, tie } = open;
      if (!tie.chairs)
        return this.stop(refuse('forbidden', 'Only who chairs this panel records what it recommends', 'role'));
      this.mustHaveDeclared(open);
      const sitting = item.sittingId === null ? undefined : await sittingOf(tx, item.sittingId);
      if (sitting === undefined || kind === undefined)
        return this.stop(refuse('out-of-position', 'The case is on no agenda. Put it on one first', 'agenda'));
      if (sitting.meetsOn > this.today())
        return this.stop(
          refuse('not-now', 'The panel has not met yet. Record this on the day of its sitting or after it', 'sitting'),
        );
      if (sitting.minutesSigned)
        return this.stop(
          refuse('not-now', 'The minutes of this sitting are signed. Put the case on another agenda', 'minutes'),
        );
      const attendants = await attendanceOf(tx, sitting);
      const conflicted = (await declarationsAbout(tx, runId)).filter(({ conflict }) => conflict !== null);
      const quorum = quorumFor(
        kind,
        attendants,
        conflicted.map(({ staffId }) => staffId),
      );
      if (!quorum.met)
        return this.stop(
          refuse(
            'not-now',
            `The panel is not quorate for this item: ${quorum.present} of ${quorum.needed} are present without a conflict${
              quorum.missingRoles.length === 0
                ? ''
                : `, and nobody for: ${quorum.missingRoles.map((one) => one.replaceAll('-', ' ')).join(', ')}`
            }. Record who is present, hear it at another sitting, or decide without the panel`,
            'quorum',
          ),
        );
      const there = attendants.filter(
        ({ state, staffId }) =>
          (state === 'present' || state === 'substitute') && !conflicted.some((one) => one.staffId === staffId),
      );
      const present = there.map(({ represents }) => represents.replaceAll('-', ' '));
      if (item.position === 'onAgenda')
        await this.act(tx, actor, open, 'notePanelHeard', `${key}:heard`, { on: sitting.meetsOn, present });
      await this.act(tx, actor, open, 'recordPanelRecommendation', key, {
        on: sitting.meetsOn,
        criteriaVersion: kind.criteriaVersion,
        ...body,
        sitting: sitting.id,
      });
      return null;
    });
  }

  /** The decision-maker signs, with the recommendation before them and reasons of their own. */
  sign(actor: Actor, runId: string, body: Body, key: string): Promise<Answer<null>> {
    return this.decide(actor, runId, 'signPanelDecision', body, key);
  }

  /** At any time: a panel never delays a date. */
  decideWithout(actor: Actor, runId: string, body: Body, key: string): Promise<Answer<null>> {
    return this.decide(actor, runId, 'decideWithoutPanel', body, key);
  }

  private async decide(
    actor: Actor,
    runId: string,
    command: 'signPanelDecision' | 'decideWithoutPanel',
    body: Body,
    key: string,
  ): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const open = await this.openItem(tx, actor, runId, 'signDecision');
      this.mustHaveDeclared(open);
      await this.act(tx, actor, open, command, key, {
        criteriaVersion: open.kind?.criteriaVersion ?? 'Not on record',
        ...body,
      });
      return null;
    });
  }

  private mustHaveDeclared({ declared }: OpenItem): void {
    if (declared === undefined)
      this.stop(refuse('not-now', 'Say first whether you have a conflict about this case', 'conflict'));
  }

  private async plain(actor: Actor, runId: string, command: string, body: Body, key: string): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const open = await this.openItem(tx, actor, runId, 'listForPanel');
      const from = command === 'takeOffAgenda' && open.item.sittingId !== null ? { sitting: open.item.sittingId } : {};
      await this.act(tx, actor, open, command, key, { ...body, ...from });
      return null;
    });
  }

  private async act(
    tx: Tx,
    actor: Actor,
    { item, tie }: OpenItem,
    command: string,
    key: string,
    fields: Body,
  ): Promise<void> {
    // Within a day the law's own order counts, not that of the clock: what is over stays over.
    const open = openFor[command];
    if (open !== undefined && !open.includes(item.position)) {
      const [done] = await tx.query('select 1 from engine.fact where command_key = $1 and run_id = $2', [
        key,
        item.runId,
      ]);
      if (done === undefined) this.stop(refuse('out-of-position', notOpen(item.position), 'position'));
    }
    this.must(
      await this.engine.act(item.runId, { command, key, fields: { on: this.today(), ...fields } }, actor, {
        tx,
        ...(tie.sits ? { onPanel: true as const } : {}),
      }),
    );
  }
}

const openFor: Readonly<Record<string, readonly string[]>> = {
  putOnAgenda: ['referred', 'deferred', 'onAgenda'],
  takeOffAgenda: ['onAgenda'],
  withdrawFromPanel: ['referred', 'deferred', 'onAgenda', 'heard', 'recommended'],
  recordPanelRecommendation: ['onAgenda', 'heard'],
  signPanelDecision: ['recommended'],
  decideWithoutPanel: ['referred', 'deferred', 'onAgenda', 'heard', 'recommended'],
};

const notOpen = (position: string): string => {
  switch (position) {
    case 'referred':
    case 'deferred':
      return 'The case is on no agenda. Put it on one first, or decide without the panel';
    case 'onAgenda':
      return 'The panel has not recommended anything yet. Record that first, or decide without the panel';
    case 'heard':
    case 'recommended':
      return 'The panel has heard the case. It waits for the decision';
    default:
      return 'This is over: it was decided or withdrawn. Refer the case again';
  }
};

/** What was said of an item, oldest first; what was taken back is left out. */
export async function saidOf(tx: Tx, runId: string): Promise<Said[]> {
  return tx.query<Said>(
    `select f.id as "factId", f.type, f.on_day as "on", coalesce(s.name, 'This service') as "by", f.payload
     from engine.fact f left join access.staff s on s.id::text = f.actor
     where f.run_id = $1 and f.reverses is null and f.type not in ('letterSent', 'auditDrawn')
       and not exists (select from engine.fact r where r.run_id = f.run_id and r.reverses = f.id)
     order by f.on_day, f.seq`,
    [runId],
  );
}
