import { type Actor, writeAudit } from '@send/access';
import type { Tx } from '@send/database';
import { type Day, deadline, englandCalendars, isCalendarEnds, isCannotCompute, nextWorkingDay } from '@send/statute';
import type { LetterFormat, RelationshipKind } from './people.entity';
import { type AddressKeys, givesAway, type PostalAddress } from './address-keys';

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

/** The days a request that was received on this day must be answered by, and acknowledged by. */
export function onlineDates(receivedOn: Day): { readonly decideBy: Day | null; readonly acknowledgeBy: Day | null } {
  const decide = deadline('assessment.decide-whether-to-assess', { requestReceived: receivedOn }, englandCalendars);
  const next = nextWorkingDay(receivedOn, englandCalendars);
  return {
    decideBy: isCannotCompute(decide) ? null : decide.dueBy,
    acknowledgeBy: isCalendarEnds(next) ? null : next,
  };
}

export const boundRequest = (authority: string, id: string): string => `online-request/${authority}/${id}`;

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
  /** The case it led to, by itself or through the request it repeats: who may not see that may not see this. */
  readonly caseId: string | null;
  /** What one person proposed, and a second has not confirmed. */
  readonly closing: 'not-a-request' | 'test' | null;
  readonly closingWhy: string | null;
  readonly closingBy: string | null;
  readonly duplicateOf: string | null;
}

const columns = `id, reference, asked_by as "askedBy", address_protected as "addressProtected", received_on as "receivedOn",
  received_at as "receivedAt", outcome, settled_by as "settledBy", settled_at as "settledAt", why, child_id as "childId",
  case_file.case_of_online_request(id) as "caseId", closing, closing_why as "closingWhy", closing_by as "closingBy",
  duplicate_of as "duplicateOf"`;

export type WaitingOrder = 'oldest' | 'newest';

/** Some of those that wait, and how many do. */
export async function waitingOnline(
  tx: Tx,
  some: { readonly order: WaitingOrder; readonly skip: number; readonly most: number },
): Promise<{ total: number; rows: OnlineRequest[] }> {
  const [counted] = await tx.query<{ total: number }>(
    'select count(*)::int as total from case_file.online_request where outcome is null',
  );
  const way = some.order === 'newest' ? 'desc' : 'asc';
  const rows = await tx.query<OnlineRequest>(
    `select ${columns} from case_file.online_request where outcome is null
     order by received_at ${way}, id ${way} offset $1 limit $2`,
    [some.skip, some.most],
  );
  return { total: counted?.total ?? 0, rows };
}

/** The latest that were opened or closed. */
export function settledOnline(tx: Tx, most: number): Promise<OnlineRequest[]> {
  return tx.query<OnlineRequest>(
    `select ${columns} from case_file.online_request where outcome is not null order by settled_at desc, id limit $1`,
    [most],
  );
}

/** Those that wait to be closed until a second person agrees. */
export function closingOnline(tx: Tx): Promise<OnlineRequest[]> {
  return tx.query<OnlineRequest>(
    `select ${columns} from case_file.online_request where outcome is null and closing is not null
     order by closing_at, id limit 200`,
  );
}

/** As its reference says, in this authority. */
export async function onlineByReference(tx: Tx, reference: string): Promise<OnlineRequest | undefined> {
  const [found] = await tx.query<OnlineRequest>(
    `select ${columns} from case_file.online_request where reference = $1`,
    [reference.toUpperCase()],
  );
  return found;
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
  return withoutAddress(answers);
}

/** Without the addresses, and without such words as give one of them away. */
function withoutAddress(answers: OnlineAnswers): OnlineAnswers {
  const { home, asker, ...rest } = answers;
  const hidden = (['notToBeTold', 'setting', 'worries'] as const).filter((name) =>
    givesAway(rest[name] ?? '', [home, asker?.address]),
  );
  const words = Object.fromEntries(hidden.map((name) => [name, namesTheAddress]));
  if (asker === undefined) return { ...rest, ...words };
  const { address: _, ...known } = asker;
  return { ...rest, ...words, asker: known };
}

const namesTheAddress =
  'Not shown: it names an address that is not to be shared. It is read with that address, for a reason.';

/** Opened into a case, once. False where somebody was quicker. */
export async function settleOnlineRequest(
  tx: Tx,
  actor: Actor,
  id: string,
  { childId, runId }: { readonly outcome: 'opened'; readonly childId: string; readonly runId: string },
  at: Date,
): Promise<boolean> {
  const written = await tx.run(
    `update case_file.online_request
     set outcome = 'opened', settled_by = $2, settled_at = $3, child_id = $4, run_id = $5,
       closing = null, closing_why = null, closing_by = null, closing_at = null
     where id = $1 and outcome is null`,
    [id, actor.staffId, at, childId, runId],
  );
  if (written !== 1) return false;
  await endReminders(tx, id, at);
  await writeAudit(tx, actor, {
    action: 'openOnlineRequest',
    outcome: 'done',
    object: `online request ${id}`,
    childId,
    runId,
  });
  return true;
}

/** The keys of tasks that ask for somebody to open a request begin so. */
export const remindedOf = (id: string): string => `online-waits:${id}:`;

/** Nobody has to be asked any more. */
export async function endReminders(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.run(
    'update case_file.notice set done_at = $2, done_by = $3 where starts_with(key, $1) and done_at is null',
    [remindedOf(id), at, tx.identity.actor],
  );
}
