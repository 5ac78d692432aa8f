import { createHash, randomInt } from 'node:crypto';
import { type Actor, type Authority, authorities, writeAudit } from '@send/access';
import { type Database, newId, sqlState, type Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { AddressKeys } from './address-keys';
import { type AskedBy, boundRequest, type OnlineAnswers } from './online-request';

/** What was typed so far, by the names of the fields. */
export type Typed = Readonly<Record<string, string>>;

/** What a page may say of a request once it is sent. */
export interface Sent {
  readonly reference: string;
  readonly receivedOn: Day;
  readonly askedBy: AskedBy;
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
  attempt: string;
  reference: string | null;
  received_on: Day | null;
  asked_by: AskedBy | null;
}

/** Answers on their way, or what was said when they were sent. */
type Draft = { readonly typed: Typed; readonly attempt: string } | { readonly sent: Sent };

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

  async draft(authority: string, secret: string, now: Date): Promise<{ typed: Typed } | { sent: Sent } | undefined> {
    const found = await this.asPublic(authority, (tx) => this.find(tx, secret, now));
    return found !== undefined && 'typed' in found ? { typed: found.typed } : found;
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
        // Over one that has ended, a draft of its own begins: what was sent from that one is another request.
        `insert into case_file.online_draft as draft (authority_id, id_hash, ciphertext, key_id, ends_at)
         values ($1, $2, $3, $4, $5)
         on conflict (authority_id, id_hash) do update
           set ciphertext = excluded.ciphertext, key_id = excluded.key_id, ends_at = excluded.ends_at,
             attempt = case when draft.ends_at > $6 then draft.attempt else excluded.attempt end,
             reference = null, received_on = null, asked_by = null`,
        [authority, id, ciphertext, keyId, new Date(now.getTime() + draftLife), now],
      );
      return true;
    });
  }

  /**
   * Sends what was typed, once: whoever presses again is told what was sent. Undefined where there is nothing to send, or
   * where `read` says that it is not complete.
   */
  async send(
    authority: string,
    secret: string,
    read: (typed: Typed) => OnlineAnswers | undefined,
    received: { on: Day; at: Date },
  ): Promise<Sent | undefined> {
    try {
      return await this.sendOnce(authority, secret, read, received);
    } catch (failure) {
      // A reference that is taken gets another; a draft that was sent meanwhile says what was sent.
      if (sqlState(failure) !== '23505') throw failure;
      return this.sendOnce(authority, secret, read, received);
    }
  }

  private sendOnce(
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
      const [id, reference] = [newId(), newReference()];
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
          found.attempt,
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
        [authority, hashOf(secret), reference, received.on, askedBy],
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

  private async find(tx: Tx, secret: string, now: Date, lock: '' | 'for update' = ''): Promise<Draft | undefined> {
    const id = hashOf(secret);
    const [row] = await tx.query<DraftRow>(
      `select ciphertext, key_id, attempt, reference, received_on, asked_by from case_file.online_draft
       where authority_id = $1 and id_hash = $2 and ends_at > $3 ${lock}`,
      [tx.identity.authority, id, now],
    );
    if (row === undefined) return undefined;
    if (row.reference !== null && row.received_on !== null && row.asked_by !== null)
      return { sent: { reference: row.reference, receivedOn: row.received_on, askedBy: row.asked_by } };
    if (row.ciphertext === null || row.key_id === null) return undefined;
    const plain = this.keys.openBytes(row.ciphertext, row.key_id, boundDraft(tx.identity.authority, id));
    return { typed: JSON.parse(plain.toString('utf8')) as Typed, attempt: row.attempt };
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

/** Somebody who is not known here, at the form that everybody can reach. */
const onlineFormActor = (authority: string): Actor => ({
  staffId: 'online-form',
  name: 'The online form',
  authority,
  roles: [],
  team: null,
});
