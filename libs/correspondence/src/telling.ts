import type { Tx } from '@send/database';
import type { Day } from '@send/statute';
import type { Fact, RunContext } from '@send/workflow-kit';

/** Words that a person wrote for one letter after the decision; they stand in place of the decision's own. */
export interface OwnWords {
  readonly reasons?: readonly string[];
  readonly evidence?: readonly { readonly title: string; readonly author: string; readonly date: Day }[];
}

/** What a workflow of this product keeps of a case, as far as letters print it. Each part may be missing. */
export interface ToldContext extends RunContext {
  readonly requestFrom?: string;
  readonly fromYear9?: boolean;
  readonly advice?: Readonly<
    Record<
      string,
      { readonly kind: string; readonly adviser: string; readonly askedOn: Day; readonly receivedOn?: Day }
    >
  >;
  readonly plan?: {
    readonly draftVersion?: string;
    readonly finalVersion?: string;
    readonly requestedSettings: readonly string[];
    readonly consultations: Readonly<Record<string, { readonly setting: string }>>;
    readonly placement?: { readonly setting?: string; readonly type: string; readonly on: Day };
  };
}

/** What one letter is about and for whom, whether its decision has been taken or is only being thought of. */
export interface Telling {
  readonly letter: string;
  /** The adviser's request or the consultation it is about, where there are several. */
  readonly subject: string | null;
  readonly recipient: string;
  /** How many people have this letter of this decision. */
  readonly copies: number;
  readonly childId: string;
  readonly runId: string | null;
  readonly fact: Pick<Fact, 'type' | 'on' | 'payload' | 'by'>;
  readonly context: ToldContext;
  readonly ownWords: OwnWords | null;
}

export type LetterStatus = 'drafted' | 'approved' | 'sent' | 'held' | 'cancelled';

/** A letter's own row, but for its bytes. */
export interface LetterRow {
  readonly id: string;
  readonly runId: string;
  readonly childId: string;
  readonly factId: string;
  readonly groupKey: string;
  readonly letter: string;
  readonly subject: string | null;
  readonly recipient: string;
  readonly status: LetterStatus;
  readonly writtenBy: string;
  readonly writtenOn: Day;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly approvedTo: string | null;
  readonly sentTo: string | null;
  readonly ownWords: OwnWords | null;
  readonly returnedReason: string | null;
  readonly problem: string | null;
  readonly title: string | null;
  readonly sha256: string | null;
  readonly pages: number | null;
  readonly templateVersion: string | null;
  readonly letterDate: Day | null;
  readonly reference: string;
  readonly channel: string | null;
  readonly sentOn: Day | null;
  readonly servedOn: Day | null;
  readonly addressProtected: boolean;
  /** The way recorded as safe, where a second person let the letter go by post all the same. */
  readonly postInsteadOf: 'email' | 'portal' | null;
}

const columns = `l.id, l.run_id as "runId", l.child_id as "childId", l.fact_id as "factId", l.group_key as "groupKey", l.letter, l.subject,
  l.recipient, l.status, l.written_by as "writtenBy", l.written_on as "writtenOn", l.approved_by as "approvedBy", l.approved_at as "approvedAt",
  l.approved_to as "approvedTo", l.sent_to as "sentTo", l.own_words as "ownWords", l.returned_reason as "returnedReason", l.problem, l.title, l.sha256,
  l.pages, l.template_version as "templateVersion", l.letter_date as "letterDate", l.reference, l.channel, l.sent_on as "sentOn",
  l.served_on as "servedOn", l.address_protected as "addressProtected",
  l.post_instead_of as "postInsteadOf"`;

const isId = (id: string): boolean => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);

export async function letterRow(tx: Tx, id: string, lock = false): Promise<LetterRow | undefined> {
  if (!isId(id)) return undefined;
  const [row] = await tx.query<LetterRow>(
    `select ${columns} from letters.letter l where l.id = $1${lock ? ' for update' : ''}`,
    [id],
  );
  return row;
}

/** The letters of a child, newest first. */
export async function lettersOfChild(tx: Tx, childId: string): Promise<LetterRow[]> {
  return tx.query<LetterRow>(
    `select ${columns} from letters.letter l where l.child_id = $1 order by l.written_on desc, l.id desc limit 500`,
    [childId],
  );
}

/** What waits for approval or is held, oldest first. */
export async function lettersWaiting(tx: Tx, status: 'drafted' | 'held', limit = 200): Promise<LetterRow[]> {
  return tx.query<LetterRow>(
    `select ${columns} from letters.letter l where l.status = $1 order by l.written_on, l.id limit $2`,
    [status, limit],
  );
}

/** The letter with its decision and its case as they stand now. */
export async function tellingOf(tx: Tx, row: LetterRow): Promise<Telling> {
  const [found] = await tx.query<{
    type: string;
    on: Day;
    by: string;
    payload: Record<string, unknown>;
    context: ToldContext;
    copies: number;
  }>(
    `select f.type, f.on_day as "on", f.actor as "by", f.payload, r.place -> 'context' as context,
       (select count(*)::int from letters.letter o where o.group_key = $3) as copies
     from engine.fact f join engine.run r on r.id = f.run_id where f.id = $1 and r.id = $2`,
    [row.factId, row.runId, row.groupKey],
  );
  if (found === undefined) throw new Error(`The decision of letter ${row.id} is not on record`);
  const { context, copies, ...fact } = found;
  return {
    letter: row.letter,
    subject: row.subject,
    recipient: row.recipient,
    copies,
    childId: row.childId,
    runId: row.runId,
    fact,
    context,
    ownWords: row.ownWords,
  };
}

/** False once the case waits for this letter no more: the child died, the decision was taken back. */
export const isAwaited = (telling: Telling, groupKey: string): boolean =>
  telling.context.awaiting[groupKey]?.outstanding.includes(telling.recipient) ?? false;
