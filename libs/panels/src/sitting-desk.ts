import { type Actor, may, writeAudit } from '@send/access';
import { caseRelationship, raiseNotice } from '@send/case-file';
import { newId, type Tx } from '@send/database';
import { refuse } from '@send/engine';
import { type Day, formatDay } from '@send/statute';
import type { Field } from '@send/workflow-kit';
import { type Agenda, type AgendaItem, buildAgenda, itemsOf } from './agenda';
import { declarationsBy } from './declarations';
import { kindOf, kindsOn, type PanelKind, represents, type Represents } from './kinds';
import { tieToPanel } from './members';
import { lockMinutes, madeMinutes, type Minutes, minutesOf, type MinutesPart } from './minutes';
import { type Answer, PanelDoor } from './panel-door';
import {
  addSitting,
  type Attendant,
  attendanceOf,
  nextAfter,
  type Quorum,
  quorumFor,
  type Sitting,
  sittingsAround,
  writeAttendance,
} from './sittings';

type Body = Readonly<Record<string, unknown>>;

export const sittingFields = {
  kind: { kind: 'id', label: 'the panel' },
  meetsOn: { kind: 'day', label: 'The day it meets', future: true },
  time: { kind: 'text', label: 'The time', max: 40 },
  place: { kind: 'text', label: 'The place', max: 200 },
  packReadyBy: { kind: 'day', label: 'The day by which the pack is ready' },
} as const satisfies Record<string, Field>;

export const cancelFields = {
  reason: { kind: 'text', label: 'Why it does not take place', max: 1000 },
} as const satisfies Record<string, Field>;

export const attendanceFields = {
  attendants: {
    kind: 'rows',
    label: 'Who was there',
    most: 60,
    of: {
      staff: { kind: 'id', label: 'the person' },
      state: {
        kind: 'choice',
        label: 'present, apologies or substitute',
        options: { present: 'Present', apologies: 'Apologies', substitute: 'Stands in for somebody' },
      },
      standsFor: { kind: 'id', label: 'Whom they stand in for', optional: true },
      represents: { kind: 'choice', label: 'whom they speak for', options: represents, optional: true },
    },
  },
} as const satisfies Record<string, Field>;

export const additionFields = {
  words: { kind: 'text', label: 'What is added', max: 5000 },
  run: { kind: 'id', label: 'The case it is about', optional: true },
} as const satisfies Record<string, Field>;

export interface MyPanels {
  readonly kinds: readonly PanelKind[];
  readonly sittings: readonly (Sitting & {
    readonly items: number;
    readonly toDeclare: number;
    readonly closed: number;
  })[];
  /** Whether the reader may arrange sittings of some of these panels. */
  readonly runs: readonly string[];
}

export interface SittingView {
  readonly sitting: Sitting;
  readonly kind: PanelKind;
  readonly agenda: Agenda;
  readonly next: Day | null;
  readonly attendants: readonly Attendant[];
  readonly quorum: Quorum;
  readonly runs: boolean;
  /** Sits on it, and so declares conflicts before opening its cases. */
  readonly sits: boolean;
  /** Items that the reader has said something about, by run; those with a conflict are not among the items. */
  readonly declared: ReadonlySet<string>;
  readonly closedToMe: number;
}

/** Sittings: when they are, what they hear, who was there, and what is written down of them. */
export class SittingDesk extends PanelDoor {
  /** What the reader sits on; a caseworker or a senior officer sees every panel of the authority. */
  async mine(actor: Actor): Promise<Answer<MyPanels>> {
    return this.attempt(actor, async (tx) => {
      const today = this.today();
      const officer = actor.roles.some((role) => role === 'SM' || role === 'CW');
      const kinds: PanelKind[] = [];
      const runs: string[] = [];
      for (const kind of await kindsOn(tx, today)) {
        const { sits, chairs } = await tieToPanel(tx, actor, kind.id, null, today);
        if (officer || sits) kinds.push(kind);
        if (actor.roles.includes('SM') || (chairs && actor.roles.includes('PC'))) runs.push(kind.id);
      }
      const own = await declarationsBy(tx, actor.staffId);
      const sittings = [];
      for (const sitting of await sittingsAround(
        tx,
        today,
        kinds.map(({ id }) => id),
      )) {
        const items = await this.seen(tx, actor, await itemsOf(tx, { sitting: sitting.id }), sitting);
        const { sits } = await tieToPanel(tx, actor, sitting.kindId, sitting.id, today);
        sittings.push({
          ...sitting,
          items: items.length,
          toDeclare: sits ? items.filter(({ runId }) => !own.some((one) => one.runId === runId)).length : 0,
          closed: await closedAt(tx, actor, sitting.id),
        });
      }
      return { kinds, sittings, runs };
    });
  }

  async arrange(actor: Actor, body: Body): Promise<Answer<{ id: string }>> {
    return this.attempt(actor, async (tx) => {
      const {
        kind: kindId,
        meetsOn,
        time,
        place,
        packReadyBy,
      } = this.read(sittingFields, body) as Record<string, string>;
      const kind = await kindOf(tx, kindId ?? '');
      if (
        kind === undefined ||
        kind.fromDay > (meetsOn ?? '') ||
        (kind.untilDay !== null && kind.untilDay <= (meetsOn ?? ''))
      )
        return this.wrong('kind', 'not-offered', 'Select the panel');
      await this.runsPanel(tx, actor, kind.id);
      if ((packReadyBy ?? '') > (meetsOn ?? ''))
        return this.wrong(
          'packReadyBy',
          'after-event',
          'The day by which the pack is ready must be the same as or before the day it meets',
        );
      const all = await sittingsAround(tx, this.today(), [kind.id]);
      if (all.some((one) => one.meetsOn === meetsOn && one.time === time && one.cancelledOn === null))
        return this.wrong('meetsOn', 'taken', 'This panel already meets then: enter another day or time');
      const id = await addSitting(tx, {
        kindId: kind.id,
        meetsOn: meetsOn ?? '',
        time: time ?? '',
        place: place ?? '',
        packReadyBy: packReadyBy ?? '',
      });
      await writeAudit(tx, actor, { action: 'arrangeSitting', outcome: 'done', object: `sitting ${id}` });
      return { id };
    });
  }

  /** Its cases go back to the pool, all of them, and none of their dates waits. Caseworkers are told to tell families. */
  async cancel(actor: Actor, sittingId: string, body: Body): Promise<Answer<{ back: number }>> {
    return this.attempt(actor, async (tx) => {
      const sitting = await this.openSitting(tx, sittingId);
      await this.runsPanel(tx, actor, sitting.kindId, sittingId);
      const { reason } = this.read(cancelFields, body);
      if (String(reason).length < 3) return this.wrong('reason', 'too-short', 'Enter why it does not take place');
      if (sitting.cancelledOn !== null) return { back: 0 };
      if (sitting.minutesSigned)
        return this.stop(refuse('not-now', 'Its minutes are signed: it has taken place', 'minutes'));
      const cancelled = await tx.run(
        'update panels.sitting set cancelled_on = $2, cancelled_by = $3, cancelled_reason = $4 where id = $1 and cancelled_on is null',
        [sittingId, this.today(), actor.staffId, reason],
      );
      if (cancelled !== 1) return { back: 0 };
      // Also those that are closed to whoever cancels.
      const back = await this.asSystem(tx, actor, async (system) => {
        const listed = (await itemsOf(tx, { sitting: sittingId })).filter(({ position }) => position === 'onAgenda');
        for (const { runId, childId } of listed) {
          const fields = { on: this.today(), sitting: sittingId, why: String(reason) };
          this.must(
            await this.engine.record(
              runId,
              {
                command: 'noteSittingCancelled',
                key: `cancelled:${sittingId}:${runId}`,
                fields,
                source: `sitting ${sittingId}`,
                confirmed: true,
              },
              system,
              { tx },
            ),
          );
          const [child] = await tx.query<{ staff: string | null; team: string | null }>(
            'select caseworker_id as staff, team from case_file.child where id = $1',
            [childId],
          );
          await raiseNotice(tx, {
            key: `sitting-cancelled:${sittingId}:${runId}`,
            kind: 'task',
            text: `The panel on ${formatDay(sitting.meetsOn)} does not take place: tell the family, and put the case on another agenda or decide without the panel`,
            ...(child?.staff == null ? {} : { staffId: child.staff }),
            ...(child?.team == null ? {} : { team: child.team }),
            childId,
            runId,
          });
        }
        return listed.length;
      });
      await writeAudit(tx, actor, {
        action: 'cancelSitting',
        outcome: 'done',
        object: `sitting ${sittingId}`,
        reason: String(reason),
      });
      return { back };
    });
  }

  async view(actor: Actor, sittingId: string): Promise<Answer<SittingView>> {
    return this.attempt(actor, async (tx) => {
      const sitting = await this.mayOpen(tx, actor, sittingId);
      const kind = await kindOf(tx, sitting.kindId);
      if (kind === undefined) return this.stop(refuse('not-found', 'There is no such sitting', 'not found'));
      const all = [
        ...(await itemsOf(tx, { sitting: sittingId })),
        ...(await itemsOf(tx, { kind: sitting.kindId })).filter((one) => one.sittingId !== sittingId),
      ];
      const next = await nextAfter(tx, sitting.kindId, sitting.meetsOn);
      const attendants = await attendanceOf(tx, sitting);
      const { sits, chairs } = await tieToPanel(tx, actor, sitting.kindId, sittingId, this.today());
      const own = await declarationsBy(tx, actor.staffId);
      return {
        sitting,
        kind,
        agenda: buildAgenda(sitting, next, await this.seen(tx, actor, all, sitting)),
        next,
        attendants,
        quorum: quorumFor(kind, attendants, []),
        runs: actor.roles.includes('SM') || (chairs && actor.roles.includes('PC')),
        sits,
        declared: new Set(own.map(({ runId }) => runId)),
        closedToMe: await closedAt(tx, actor, sittingId),
      };
    });
  }

  async attend(actor: Actor, sittingId: string, body: Body): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const sitting = await this.openSitting(tx, sittingId);
      await this.runsPanel(tx, actor, sitting.kindId, sittingId);
      if (sitting.cancelledOn !== null) return this.stop(refuse('not-now', 'This sitting was cancelled', 'cancelled'));
      if (sitting.minutesSigned)
        return this.stop(refuse('not-now', 'The minutes are signed. Add a correction to them instead', 'minutes'));
      const seats = (await attendanceOf(tx, sitting)).filter(({ standsFor }) => standsFor === null);
      const { attendants } = this.read(attendanceFields, body) as {
        attendants: {
          staff: string;
          state: 'present' | 'apologies' | 'substitute';
          standsFor?: string;
          represents?: Represents;
        }[];
      };
      const working = new Set(
        (
          await tx.query<{ id: string }>(
            `select id from access.staff where active_from <= $1 and (active_until is null or $1 < active_until)`,
            [sitting.meetsOn],
          )
        ).map(({ id }) => id),
      );
      const rows = attendants.map(({ staff, state, standsFor, represents: speaksFor }, at) => {
        const seat = seats.find(({ staffId }) => staffId === staff);
        const stoodFor = seats.find(({ staffId }) => staffId === standsFor);
        if (!working.has(staff))
          return this.wrong(`attendants.${at}.staff`, 'unknown', 'Select somebody who works here');
        if (state === 'substitute' && (stoodFor === undefined || seat !== undefined))
          return this.wrong(
            `attendants.${at}.standsFor`,
            'not-offered',
            'Select the member whom they stand in for; a member cannot stand in for another',
          );
        if (state !== 'substitute' && seat === undefined)
          return this.wrong(
            `attendants.${at}.staff`,
            'not-offered',
            'Select a member of this panel, or say whom they stand in for',
          );
        const speaks = seat?.represents ?? speaksFor ?? stoodFor?.represents ?? 'authority-officer';
        return {
          staffId: staff,
          state,
          standsFor: state === 'substitute' ? (stoodFor?.staffId ?? null) : null,
          represents: speaks,
        };
      });
      const twice = rows.find(({ staffId }, at) => rows.findIndex((one) => one.staffId === staffId) !== at);
      if (twice !== undefined) return this.wrong('attendants', 'twice', 'Each person can be entered once');
      await writeAttendance(tx, sittingId, rows);
      await writeAudit(tx, actor, { action: 'recordAttendance', outcome: 'done', object: `sitting ${sittingId}` });
      return null;
    });
  }

  /** As the records make them, or as signed. A part that is closed to the reader is not in them. */
  async minutes(
    actor: Actor,
    sittingId: string,
  ): Promise<Answer<{ sitting: Sitting; minutes: Minutes; runs: boolean; complete: boolean }>> {
    return this.attempt(actor, async (tx) => {
      const sitting = await this.mayOpen(tx, actor, sittingId);
      const minutes = await minutesOf(tx, sitting);
      const parts = [];
      for (const part of minutes.parts) {
        const [item] = await itemsOf(tx, { run: part.runId });
        if (item !== undefined && (await this.seen(tx, actor, [item], sitting)).length === 1) parts.push(part);
      }
      for (const { runId } of parts)
        await writeAudit(tx, actor, { action: 'readPanelMinutes', outcome: 'done', runId });
      const { chairs } = await tieToPanel(tx, actor, sitting.kindId, sittingId, this.today());
      const complete = (await closedAt(tx, actor, sittingId)) === 0;
      return { sitting, minutes: { ...minutes, parts }, runs: actor.roles.includes('SM') || chairs, complete };
    });
  }

  async signMinutes(actor: Actor, sittingId: string): Promise<Answer<{ sha256: string }>> {
    return this.attempt(actor, async (tx) => {
      const sitting = await this.openSitting(tx, sittingId);
      await this.runsPanel(tx, actor, sitting.kindId, sittingId);
      if (sitting.minutesSigned) return this.stop(refuse('conflict', 'These minutes are signed already', 'minutes'));
      if (sitting.cancelledOn !== null || sitting.meetsOn > this.today())
        return this.stop(refuse('not-now', 'This sitting has not taken place', 'sitting'));
      if ((await closedAt(tx, actor, sittingId)) > 0)
        return this.stop(
          refuse(
            'forbidden',
            'A case of this sitting is closed to you by a conflict: somebody else who runs the panel signs',
            'conflict',
          ),
        );
      const open = (await itemsOf(tx, { sitting: sittingId })).filter(
        ({ position }) => position === 'onAgenda' || position === 'heard',
      );
      if (open.length > 0)
        return this.stop(
          refuse(
            'not-now',
            `Nothing is recorded yet for ${open.map(({ reference }) => reference).join(', ')}. Record what the panel recommends, or take the case off the agenda`,
            'agenda',
          ),
        );
      const sha256 = await lockMinutes(tx, sittingId, await madeMinutes(tx, sitting), this.today());
      await writeAudit(tx, actor, { action: 'signMinutes', outcome: 'done', object: `sitting ${sittingId}` });
      return { sha256 };
    });
  }

  /** What was signed stays as it is; a correction stands beneath it. */
  async addToMinutes(actor: Actor, sittingId: string, body: Body): Promise<Answer<null>> {
    return this.attempt(actor, async (tx) => {
      const sitting = await this.openSitting(tx, sittingId);
      await this.runsPanel(tx, actor, sitting.kindId, sittingId);
      if (!sitting.minutesSigned)
        return this.stop(
          refuse('not-now', 'The minutes are not signed yet: change the records they are made from', 'minutes'),
        );
      const { words, run } = this.read(additionFields, body);
      if (String(words).length < 3) return this.wrong('words', 'too-short', 'Enter what is added');
      const parts = (await minutesOf(tx, sitting)).parts;
      if (run !== undefined && !parts.some(({ runId }) => runId === run))
        return this.wrong('run', 'not-offered', 'Select a case of these minutes');
      await tx.run(
        `insert into panels.minutes_addition (id, authority_id, sitting_id, run_id, words, added_by, added_on) values ($1, $2, $3, $4, $5, $6, $7)`,
        [newId(), tx.identity.authority, sittingId, run ?? null, words, actor.staffId, this.today()],
      );
      await writeAudit(tx, actor, { action: 'addToMinutes', outcome: 'done', object: `sitting ${sittingId}` });
      return null;
    });
  }

  /** The part about one child, to be given to the family: nobody else's case, and no member's name. */
  async familyPart(
    actor: Actor,
    sittingId: string,
    runId: string,
  ): Promise<Answer<{ sitting: Sitting; part: MinutesPart; additions: readonly string[] }>> {
    return this.attempt(actor, async (tx) => {
      const { item } = await this.openItem(tx, actor, runId, 'openCaseOverview');
      const sitting = await this.openSitting(tx, sittingId);
      const minutes = await minutesOf(tx, sitting);
      const part = minutes.parts.find((one) => one.runId === runId);
      if (part === undefined || minutes.signed === null)
        return this.stop(refuse('not-found', 'There are no signed minutes about this case', 'minutes'));
      await writeAudit(tx, actor, { action: 'giveMinutesPart', outcome: 'done', childId: item.childId, runId });
      const additions = minutes.additions.filter((one) => one.runId === runId).map(({ words }) => words);
      return {
        sitting,
        part: { ...part, conflicts: part.conflicts.length === 0 ? [] : ['A member with a conflict took no part'] },
        additions,
      };
    });
  }

  /** Members and substitutes of that panel; officers whose work it is. */
  private async mayOpen(tx: Tx, actor: Actor, sittingId: string): Promise<Sitting> {
    const sitting = await this.openSitting(tx, sittingId);
    const officer = actor.roles.some((role) => role === 'SM' || role === 'CW');
    const { sits } = await tieToPanel(tx, actor, sitting.kindId, sittingId, this.today());
    if (!officer && !sits)
      this.stop(refuse('not-found', 'There is no such sitting', 'not found'), { action: 'openSitting' });
    return sitting;
  }

  /** Those of these cases that the reader may know of. */
  private async seen(tx: Tx, actor: Actor, all: readonly AgendaItem[], sitting: Sitting): Promise<AgendaItem[]> {
    const { sits, chairs } = await tieToPanel(tx, actor, sitting.kindId, sitting.id, this.today());
    const seen: AgendaItem[] = [];
    for (const item of all) {
      const panel = sits && (chairs || item.sittingId === sitting.id || item.recommendation !== null);
      const relationship = await caseRelationship(tx, actor, item.childId, this.today(), { panel });
      const asked = relationship && may(actor, 'openCaseOverview', relationship);
      if (asked?.allowed === true && asked.reason !== true) seen.push(item);
    }
    return seen;
  }
}

/** Items of a sitting that a conflict closes to this person: how many, and nothing else of them. */
async function closedAt(tx: Tx, actor: Actor, sittingId: string): Promise<number> {
  const own = (await declarationsBy(tx, actor.staffId)).filter(({ conflict }) => conflict !== null);
  if (own.length === 0) return 0;
  const [row] = await tx.query<{ count: number }>('select panels.closed_at_sitting($1)::int as count', [sittingId]);
  return row?.count ?? 0;
}
