import { createHash, randomInt } from 'node:crypto';
import { type Actor, type Authority, authorities, writeAudit } from '@send/access';
import { type Database, newId, type Tx } from '@send/database';
import { type Day, deadline, englandCalendars, isCalendarEnds, isCannotCompute, nextWorkingDay } from '@send/statute';
import type { LetterFormat, RelationshipKind } from './people.entity';
import type { AddressKeys, PostalAddress } from './address-keys';

export type AskedBy = 'parent' | 'young-person' | 'school' | 'other';

/** A request for an assessment as it came online: what somebody without an account said, and nobody has checked. */
export interface OnlineAnswers {
  readonly askedBy: AskedBy;
  readonly child: {
    readonly firstNames: string;
    readonly lastName: string;
    readonly dateOfBirth: Day;
    readonly upn?: string;
  };
  /** Where the child or young person lives. */
  readonly home?: PostalAddress;
  /** Somebody must not be told where they live: every address in the request is one not to be shared. */
  readonly addressProtected: boolean;
  readonly notToBeTold?: string;
  readonly setting?: string;
  /** Nobody where the young person asks: they are the child above. */
  readonly asker?: {
    readonly firstNames: string;
    readonly lastName: string;
    readonly relationship?: RelationshipKind;
    readonly role?: string;
    readonly responsibility?: 'yes' | 'no' | 'not-known';
    readonly livesWithChild: boolean;
    readonly address?: PostalAddress;
  };
  /** The parent or carer that a school or somebody else names. */
  readonly parent?: {
    readonly firstNames: string;
    readonly lastName: string;
    readonly phone?: string;
    readonly email?: string;
  };
  readonly reach: {
    readonly channel: 'post' | 'email' | 'phone';
    readonly email?: string;
    readonly phone?: string;
    readonly interpreter?: string;
    readonly format: LetterFormat;
  };
  readonly worries?: string;
}

/** What was typed so far, by the names of the fields. */
export type Typed = Readonly<Record<string, string>>;

/** What a page may say of a request once it is sent. */
export interface Sent {
  readonly reference: string;
  readonly receivedOn: Day;
  readonly askedBy: AskedBy;
}

/** The days a request that was received on this day must be answered by, and acknowledged by. */
export function onlineDates(receivedOn: Day): { readonly decideBy: Day | null; readonly acknowledgeBy: Day | null } {
  const decide = deadline('assessment.decide-whether-to-assess', { requestReceived: receivedOn }, englandCalendars);
  const next = nextWorkingDay(receivedOn, englandCalendars);
  return {
    decideBy: isCannotCompute(decide) ? null : decide.dueBy,
    acknowledgeBy: isCalendarEnds(next) ? null : next,
  };
}

/** A day: nobody has to hurry through a form, and a computer that others use does not keep it for long. */
const draftLife = 24 * 60 * 60_000;

/** No letter or figure in it can be taken for another when it is read out. */
const readable = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

const newReference = (): string => {
  const four = () => Array.from({ length: 4 }, () => readable.charAt(randomInt(readable.length))).join('');
  return `ASK-${four()}-${four()}`;
};

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

interface DraftRow {
  ciphertext: Buffer | null;
  key_id: string | null;
  reference: string | null;
  received_on: Day | null;
  asked_by: AskedBy | null;
}

/**
 * The public's side: an actor of its own, under a role of the database that can put a request in and can read neither
 * requests nor children nor cases. Answers on their way are found again by the secret of a browser's cookie alone.
 */
export class OnlineForm {
  constructor(
    private readonly database: Database,
    private readonly keys: AddressKeys,
  ) {}

  authorities(): Promise<Authority[]> {
    return this.asPublic('none', authorities);
  }

  async authority(id: string): Promise<Authority | undefined> {
    return (await this.authorities()).find((one) => one.id === id);
  }

  draft(authority: string, secret: string, now: Date): Promise<{ typed: Typed } | { sent: Sent } | undefined> {
    return this.asPublic(authority, (tx) => this.find(tx, secret, now));
  }

  /** Adds these answers to those there are. False where the answers were sent already. */
  keep(authority: string, secret: string, typed: Typed, now: Date): Promise<boolean> {
    return this.asPublic(authority, async (tx) => {
      const found = await this.find(tx, secret, now, 'for update');
      if (found !== undefined && 'sent' in found) return false;
      const id = hashOf(secret);
      const { ciphertext, keyId } = this.keys.sealBytes(
        Buffer.from(JSON.stringify({ ...found?.typed, ...typed })),
        boundDraft(authority, id),
      );
      await tx.run(
        `insert into case_file.online_draft (authority_id, id_hash, ciphertext, key_id, ends_at)
         values ($1, $2, $3, $4, $5)
         on conflict (authority_id, id_hash) do update
           set ciphertext = excluded.ciphertext, key_id = excluded.key_id, ends_at = excluded.ends_at,
             reference = null, received_on = null, asked_by = null`,
        [authority, id, ciphertext, keyId, new Date(now.getTime() + draftLife)],
      );
      return true;
    });
  }

  /**
   * Sends what was typed, once: whoever presses again is told what was sent. Undefined where there is nothing to send, or
   * where `read` says that it is not complete.
   */
  send(
    authority: string,
    secret: string,
    read: (typed: Typed) => OnlineAnswers | undefined,
    received: { on: Day; at: Date },
  ): Promise<Sent | undefined> {
    return this.asPublic(authority, async (tx) => {
      const found = await this.find(tx, secret, received.at, 'for update');
      if (found === undefined) return undefined;
      if ('sent' in found) return found.sent;
      const answers = read(found.typed);
      if (answers === undefined) return undefined;
      const { askedBy } = answers;
      const [id, draft, reference] = [newId(), hashOf(secret), newReference()];
      const { ciphertext, keyId } = this.keys.sealBytes(
        Buffer.from(JSON.stringify(answers)),
        boundRequest(authority, id),
      );
      await tx.run(
        `insert into case_file.online_request
           (id, authority_id, reference, draft, asked_by, address_protected, received_on, received_at, ciphertext, key_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          id,
          authority,
          reference,
          draft,
          askedBy,
          answers.addressProtected,
          received.on,
          received.at,
          ciphertext,
          keyId,
        ],
      );
      await tx.run(
        `update case_file.online_draft set ciphertext = null, key_id = null, reference = $3, received_on = $4, asked_by = $5
         where authority_id = $1 and id_hash = $2`,
        [authority, draft, reference, received.on, askedBy],
      );
      await writeAudit(tx, onlineFormActor(authority), {
        action: 'sendOnlineRequest',
        outcome: 'done',
        object: `online request ${id}`,
      });
      return { reference, receivedOn: received.on, askedBy };
    });
  }

  forget(authority: string, secret: string): Promise<void> {
    return this.asPublic(authority, async (tx) => {
      await tx.run('delete from case_file.online_draft where authority_id = $1 and id_hash = $2', [
        authority,
        hashOf(secret),
      ]);
    });
  }

  private async find(
    tx: Tx,
    secret: string,
    now: Date,
    lock: '' | 'for update' = '',
  ): Promise<{ typed: Typed } | { sent: Sent } | undefined> {
    const id = hashOf(secret);
    const [row] = await tx.query<DraftRow>(
      `select ciphertext, key_id, reference, received_on, asked_by from case_file.online_draft
       where authority_id = $1 and id_hash = $2 and ends_at > $3 ${lock}`,
      [tx.identity.authority, id, now],
    );
    if (row === undefined) return undefined;
    if (row.reference !== null && row.received_on !== null && row.asked_by !== null)
      return { sent: { reference: row.reference, receivedOn: row.received_on, askedBy: row.asked_by } };
    if (row.ciphertext === null || row.key_id === null) return undefined;
    const plain = this.keys.openBytes(row.ciphertext, row.key_id, boundDraft(tx.identity.authority, id));
    return { typed: JSON.parse(plain.toString('utf8')) as Typed };
  }

  private asPublic<T>(authority: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return asPublic(this.database, authority, work);
  }
}

function asPublic<T>(database: Database, authority: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction({ authority, actor: onlineFormActor(authority).staffId }, async (tx) => {
    await tx.query('set local role send_public');
    return work(tx);
  });
}

/** Answers that were left unsent, and receipts nobody can see any more, are gone a day after the last of them. */
export const forgetOldDrafts = (database: Database, authority: string, now: Date): Promise<number> =>
  asPublic(database, authority, (tx) => tx.run('delete from case_file.online_draft where ends_at <= $1', [now]));

const boundDraft = (authority: string, id: string): string => `online-draft/${authority}/${id}`;
const boundRequest = (authority: string, id: string): string => `online-request/${authority}/${id}`;

/** Somebody who is not known here, at the form that everybody can reach. */
const onlineFormActor = (authority: string): Actor => ({
  staffId: 'online-form',
  name: 'The online form',
  authority,
  roles: [],
  team: null,
});

export type ClosedAs = 'duplicate' | 'not-a-request' | 'test';

/** A request as the staff's lists show it: without a word of what was sent. */
export interface OnlineRequest {
  readonly id: string;
  readonly reference: string;
  readonly askedBy: AskedBy;
  readonly addressProtected: boolean;
  readonly receivedOn: Day;
  readonly receivedAt: Date;
  readonly outcome: 'opened' | ClosedAs | null;
  readonly settledBy: string | null;
  readonly settledAt: Date | null;
  readonly why: string | null;
  readonly childId: string | null;
}

const columns = `id, reference, asked_by as "askedBy", address_protected as "addressProtected", received_on as "receivedOn",
  received_at as "receivedAt", outcome, settled_by as "settledBy", settled_at as "settledAt", why, child_id as "childId"`;

/** All that wait, the oldest first; or the latest that were opened or closed. */
export async function onlineRequests(tx: Tx, which: 'waiting' | 'settled'): Promise<OnlineRequest[]> {
  return tx.query<OnlineRequest>(
    `select ${columns} from case_file.online_request
     where ${which === 'waiting' ? 'outcome is null order by received_at, id limit 500' : 'outcome is not null order by settled_at desc, id limit 25'}`,
  );
}

/** `lock` keeps whoever else would settle it waiting until this transaction ends. */
export async function findOnlineRequest(tx: Tx, id: string, lock = false): Promise<OnlineRequest | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const [found] = await tx.query<OnlineRequest>(
    `select ${columns} from case_file.online_request where id = $1 ${lock ? 'for update' : ''}`,
    [id],
  );
  return found;
}

/**
 * What was sent, with its trace in the audit. An address that is not to be shared is left out unless a reason to read it
 * is given, which the audit keeps too.
 */
export async function readOnlineRequest(
  tx: Tx,
  actor: Actor,
  keys: AddressKeys,
  id: string,
  addressReason?: string,
): Promise<OnlineAnswers> {
  const fields = ['child', 'people', 'contact', 'views', ...(addressReason === undefined ? [] : ['address'])];
  const [row] = await tx.query<{ ciphertext: Buffer; key_id: string }>(
    'select ciphertext, key_id from case_file.open_online_request($1, $2, $3, $4, $5)',
    [id, actor.staffId, actor.roles[0] ?? null, fields, addressReason ?? null],
  );
  if (row === undefined) throw new Error('The online request is not there.');
  const plain = keys.openBytes(row.ciphertext, row.key_id, boundRequest(tx.identity.authority, id));
  const answers = JSON.parse(plain.toString('utf8')) as OnlineAnswers;
  if (!answers.addressProtected || addressReason !== undefined) return answers;
  const { home: _, asker, ...rest } = answers;
  if (asker === undefined) return rest;
  const { address: __, ...known } = asker;
  return { ...rest, asker: known };
}

/** Opened into a case, or closed for a reason: once. False where somebody was quicker. */
export async function settleOnlineRequest(
  tx: Tx,
  actor: Actor,
  id: string,
  settled:
    | { readonly outcome: 'opened'; readonly childId: string; readonly runId: string }
    | { readonly outcome: ClosedAs; readonly why: string },
  at: Date,
): Promise<boolean> {
  const opened = settled.outcome === 'opened' ? settled : undefined;
  const why = settled.outcome === 'opened' ? undefined : settled.why;
  const written = await tx.run(
    `update case_file.online_request
     set outcome = $2, settled_by = $3, settled_at = $4, why = $5, child_id = $6, run_id = $7
     where id = $1 and outcome is null`,
    [id, settled.outcome, actor.staffId, at, why ?? null, opened?.childId ?? null, opened?.runId ?? null],
  );
  if (written !== 1) return false;
  await writeAudit(tx, actor, {
    action: settled.outcome === 'opened' ? 'openOnlineRequest' : 'closeOnlineRequest',
    outcome: 'done',
    object: `online request ${id}`,
    ...(opened === undefined ? {} : { childId: opened.childId, runId: opened.runId }),
    ...(why === undefined ? {} : { reason: `${settled.outcome}: ${why}` }),
  });
  return true;
}
