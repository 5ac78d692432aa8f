import {
  type Action,
  type Actor,
  identityOf,
  may,
  maySecond,
  type Refused,
  type Relationship,
  reasonMissing,
  writeAudit,
} from '@send/access';
import { type AddressKeys, caseRelationship, notToBeShared, protectionOn, relationshipHistory } from '@send/case-file';
import { type Database, newId, type Tx } from '@send/database';
import { type Clock, type NotDone, refuse } from '@send/engine';
import {
  type Catalogue,
  compose,
  letterCatalogue,
  type LetterTemplate,
  type LetterValues,
  type Problem,
  templateInForce,
  typesetLetter,
} from '@send/letters';
import { type Calendars, type Day, englandCalendars } from '@send/statute';
import { type Fact, type Payload, type Place, start, step, tidy, type Workflow } from '@send/workflow-kit';
import { CaseCorrespondence } from './case-correspondence';
import { copiedReasons, leaksIn } from './disclosure';
import { valuesFor } from './letter-values';
import { addressAtHandOver, addressMark, notByPost, type OnlyBy, onlyByOf, recipientOf } from './recipient';
import { storedFile } from './stored-file';
import { type LetterRow, letterRow, type OwnWords, type Telling, tellingOf } from './telling';

export interface Preview {
  readonly html: string;
  readonly title: string;
  /** What keeps it from being approved or sent, each with the way out. Empty when nothing does. */
  readonly problems: readonly Problem[];
  readonly values: LetterValues | null;
}

/** A letter that a decision would send, before the decision is taken. */
export interface LetterToBe extends Preview {
  readonly letter: string;
  readonly subject: string | null;
  readonly recipient: string;
  readonly needsApproval: boolean;
}

export interface Checked {
  readonly letters: readonly LetterToBe[];
  /** Who could not be addressed, in words: each becomes a task. */
  readonly held: readonly string[];
  /** Problems of all the letters, each once. */
  readonly problems: readonly (Problem & { letter: string })[];
}

export type Desked = { readonly done: true; readonly letterId: string; readonly status: LetterRow['status'] } | NotDone;

export interface Written extends Preview {
  readonly template: LetterTemplate | undefined;
  readonly addressMark: string | null;
  readonly addressProtected: boolean;
  readonly onlyBy: OnlyBy;
  /** Why it cannot go to this recipient; never a name or an address. */
  readonly cannot: string | null;
  /** The same letter with the address as it is: only for the hand-over. */
  readonly posted: { readonly html: string } | null;
}

export interface DeskOptions {
  readonly database: Database;
  readonly workflows: readonly Workflow[];
  readonly keys: AddressKeys;
  readonly clock: Clock;
  readonly catalogue?: Catalogue;
  readonly calendars?: Calendars;
}

/** Where letters are written, read, approved, given back and released. It sends nothing: see `HandOver`. */
export class LetterDesk {
  readonly catalogue: Catalogue;
  readonly calendars: Calendars;
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: AddressKeys;
  private readonly workflows: readonly Workflow[];
  private readonly correspondence: CaseCorrespondence;

  constructor(options: DeskOptions) {
    this.database = options.database;
    this.clock = options.clock;
    this.keys = options.keys;
    this.workflows = options.workflows;
    this.catalogue = options.catalogue ?? letterCatalogue();
    this.calendars = options.calendars ?? englandCalendars;
    this.correspondence = new CaseCorrespondence(options.database, this.catalogue);
  }

  /** The letter as it would read if it left on that day; one that was sent as it was sent. An address not to be shared now is masked. */
  async preview(tx: Tx, letterId: string, on: Day = this.clock.today()): Promise<Preview | undefined> {
    const row = await letterRow(tx, letterId);
    if (row === undefined) return undefined;
    if (row.status === 'sent') {
      const [sent] = await tx.query<{ html: string | null; title: string | null; values: LetterValues | null }>(
        'select html, title, values from letters.letter where id = $1',
        [letterId],
      );
      if (sent === undefined) return undefined;
      const { html, title } = sent;
      const shielded = await this.protectedSince(tx, row);
      const values = shielded && sent.values !== null ? withoutAddress(sent.values) : sent.values;
      if (html !== null && !shielded) return { html, title: title ?? '', values, problems: [] };
      // It left before this system kept the page, or the page shows what is not to be shared now: its values and its
      // template say what it read.
      const again = values === null ? undefined : compose(row.letter, values, values.letterDate, this.catalogue);
      return { html: again?.html ?? '', title: title ?? again?.title ?? '', values, problems: [] };
    }
    const { html, title, problems, values } = await this.write(tx, await tellingOf(tx, row), on);
    return { html, title, problems, values };
  }

  /**
   * The bytes of a letter that was sent. One that has only its values is set in type now, and keeps these bytes from then
   * on; an address not to be shared stays masked in it.
   */
  async pdfOf(tx: Tx, letterId: string): Promise<Buffer | undefined> {
    const row = await letterRow(tx, letterId, true);
    const [stored] = await tx.query<{ pdf: Buffer | null }>('select pdf from letters.letter where id = $1', [letterId]);
    const shielded = row !== undefined && (await this.protectedSince(tx, row));
    if (stored?.pdf != null && !shielded) return stored.pdf;
    const sent = row?.status === 'sent' ? await this.preview(tx, letterId) : undefined;
    if (row?.letterDate == null || sent === undefined || sent.html === '') return undefined;
    const { html, title } = sent;
    const typeset = typesetLetter({ html, title, letterDate: row.letterDate });
    if (shielded) return typeset.pdf;
    await tx.run(
      `update letters.letter set html = $2, title = $3, pdf = $4, sha256 = $5, pages = $6
       where id = $1 and sha256 is null`,
      [letterId, html, title, typeset.pdf, typeset.sha256, typeset.pages],
    );
    return typeset.pdf;
  }

  /**
   * Whether it left with an address that is not to be shared now: its reader's, or as far as anybody can tell that of
   * somebody else beside the child who lives there too. Only people are written to at home.
   */
  private async protectedSince(tx: Tx, row: LetterRow): Promise<boolean> {
    if (row.addressProtected || !row.recipient.startsWith('person:')) return false;
    const beside = (await relationshipHistory(tx, row.childId)).map((one) => one.personId);
    const asked = [...new Set([...beside, row.recipient.slice('person:'.length)])];
    return (await protectionOn(tx, asked, this.clock.today())).size > 0;
  }

  /** Writes a letter as of a day and says what stands in its way. With `handOver` it is written with the address itself. */
  async write(tx: Tx, telling: Telling, on: Day, handOver = false): Promise<Written> {
    const template = templateInForce(this.catalogue, telling.letter, on);
    const nothing = {
      html: '',
      title: '',
      values: null,
      template,
      addressMark: null,
      addressProtected: false,
      onlyBy: null,
      posted: null,
    };
    if (template === undefined)
      return {
        ...nothing,
        cannot: `No version of ${telling.letter} is in force`,
        problems: [{ rule: 'not-in-force', wayOut: `No version of ${telling.letter} is in force on ${on}.` }],
      };
    const found = await recipientOf(tx, telling, template, on);
    if ('cannot' in found)
      return {
        ...nothing,
        cannot: 'The recipient may not receive it',
        problems: [{ rule: 'wrong-addressee', field: 'recipient', wayOut: found.cannot }],
      };
    const { addressee, kind } = found;
    const address = handOver ? await addressAtHandOver(tx, this.keys, telling, on) : undefined;
    const isProtected = addressee.addressProtected;
    const onlyBy = onlyByOf(addressee);
    const masked = { addressee, kind, addressLines: addressee.addressLines };
    const values = await valuesFor(tx, telling, template, masked, on, this.calendars);
    const composed = compose(telling.letter, values, on, this.catalogue);
    const real =
      address === undefined
        ? undefined
        : { ...values, recipient: { ...values.recipient, addressLines: [...address.lines, address.postcode] } };
    const posted =
      real === undefined ? null : isProtected ? compose(telling.letter, real, on, this.catalogue) : composed;
    const checked = posted ?? composed;
    // Nobody is asked for an address that is masked, or that post would not safely reach.
    const noAddressAsked = posted === null && (isProtected || (onlyBy !== null && addressee.addressLines.length === 0));
    const problems: Problem[] = checked.problems.filter((one) => !(noAddressAsked && one.rule === 'address'));
    const leaks =
      checked.html === ''
        ? []
        : await leaksIn(tx, telling, real ?? values, checked.html, on, handOver ? this.keys : undefined);
    const copied = 'reasons' in template.tells ? await copiedReasons(tx, telling, values) : [];
    return {
      html: composed.html,
      title: composed.title,
      values,
      template,
      addressMark: await addressMark(tx, addressee, on),
      addressProtected: isProtected,
      onlyBy,
      problems: [
        ...problems,
        ...leaks.map((wayOut): Problem => ({ rule: 'address', wayOut: `${wayOut}. Take it out` })),
        ...copied.map((wayOut): Problem => ({ rule: 'reasons', field: 'reasons', wayOut })),
      ],
      cannot:
        handOver && (address === undefined || address.postcode === notToBeShared)
          ? 'There is no address to send it to'
          : null,
      posted: posted === null ? null : { html: posted.html },
    };
  }

  /**
   * The letters that this act would send, written before anything is decided: what is missing is asked for now, not after.
   * `runId` null is for a command that begins a run for `childId`.
   */
  async checkDecision(
    tx: Tx,
    about: { runId: string } | { runId: null; childId: string; workflow: string },
    command: string,
    payload: Payload,
    on: Day,
  ): Promise<Checked> {
    const run = await this.placeOf(tx, about);
    const fact = run?.workflow.commands.find(command)?.fact;
    if (run === undefined || fact === undefined) return { letters: [], held: [], problems: [] };
    const { workflow, place, childId } = run;
    const bare: Fact = { id: newId(), type: fact, on, door: 'act', by: tx.identity.actor, seq: 0, payload };
    const wanted = step(workflow, place, bare).effects.flatMap((effect) =>
      effect.kind === 'letter'
        ? [
            {
              key: effect.group.slice(bare.id.length + 1),
              to: effect.to,
              letter: effect.letter,
              subject: effect.subject,
            },
          ]
        : [],
    );
    const found = await this.correspondence.addressees(tx.identity, childId, wanted, on, tx);
    const after = step(workflow, place, { ...bare, payload: { ...payload, addressees: found.of } });
    const letters: LetterToBe[] = [];
    const held = new Set(found.held);
    for (const { key, letter, subject } of wanted) {
      const recipients = found.of[key] ?? [];
      for (const recipient of recipients) {
        const telling: Telling = {
          letter,
          subject,
          recipient,
          copies: recipients.length,
          childId,
          runId: about.runId,
          fact: bare,
          context: after.place.context,
          ownWords: null,
        };
        const { html, title, problems, values, onlyBy } = await this.write(tx, telling, on);
        if (onlyBy !== null) held.add(`${notByPost(onlyBy, values?.recipient.name)}.`);
        letters.push({
          letter,
          subject,
          recipient,
          needsApproval: this.correspondence.needsApproval(letter),
          html,
          title,
          problems,
          values,
        });
      }
    }
    const problems = new Map(
      letters.flatMap((one) =>
        one.problems.map(
          (problem) =>
            [
              `${one.letter} ${problem.rule} ${problem.field ?? problem.wayOut}`,
              { ...problem, letter: one.letter },
            ] as const,
        ),
      ),
    );
    return { letters, held: [...held], problems: [...problems.values()] };
  }

  private async placeOf(
    tx: Tx,
    about: { runId: string } | { runId: null; childId: string; workflow: string },
  ): Promise<{ workflow: Workflow; place: Place; childId: string } | undefined> {
    if (about.runId === null) {
      const workflow = this.workflows.find(({ id }) => id === about.workflow);
      return workflow === undefined ? undefined : { workflow, place: start(workflow), childId: about.childId };
    }
    const [run] = await tx.query<{ workflow: string; version: string; place: Place; childId: string }>(
      `select workflow, workflow_version as version, place, child_id as "childId" from engine.run where id = $1`,
      [about.runId],
    );
    const workflow = run && this.workflows.find(({ id, version }) => id === run.workflow && version === run.version);
    return run === undefined || workflow === undefined
      ? undefined
      : { workflow, place: run.place, childId: run.childId };
  }

  /** The second person's word. From now on the letter may leave; where it goes is noted, and held if that changes. */
  approve(letterId: string, actor: Actor): Promise<Desked> {
    return this.change(letterId, actor, async (tx, row, relationship) => {
      const rights = this.hasRights(row.letter);
      const action: Action = rights ? 'approveRightsLetter' : 'approveRoutineLetter';
      const answer = rights ? maySecond(row.writtenBy, actor, action, relationship) : may(actor, action, relationship);
      if (!answer.allowed) return refused(answer);
      if (row.status !== 'drafted') return notNow(row);
      return this.letGo(tx, row, actor, action);
    });
  }

  /** Given back to its writer with the reason. Nothing is sent, and the legal date runs on. */
  giveBack(letterId: string, reason: string, actor: Actor): Promise<Desked> {
    return this.change(letterId, actor, async (tx, row, relationship) => {
      const action: Action = this.hasRights(row.letter) ? 'approveRightsLetter' : 'approveRoutineLetter';
      const answer = may(actor, action, relationship);
      if (!answer.allowed) return refused(answer);
      if (row.status !== 'drafted') return notNow(row);
      const because = tidy(reason);
      if (because === '' || because.length > 2000)
        return wrong('reason', 'Enter what must change, in 2,000 characters or fewer');
      await tx.run(`update letters.letter set returned_reason = $2, returned_by = $3, returned_at = $4 where id = $1`, [
        row.id,
        because,
        actor.staffId,
        this.clock.now(),
      ]);
      await writeAudit(tx, actor, {
        action,
        outcome: 'refused',
        role: answer.role,
        childId: row.childId,
        runId: row.runId,
        object: `letter ${row.id}`,
      });
      return { done: true, letterId: row.id, status: 'drafted' };
    });
  }

  /** The writer's new reasons or list of evidence, for this letter. Whoever writes it cannot approve it. */
  rewrite(letterId: string, words: OwnWords, actor: Actor): Promise<Desked> {
    return this.change(letterId, actor, async (tx, row, relationship) => {
      const answer = may(actor, 'draftLetter', relationship);
      if (!answer.allowed) return refused(answer);
      if (row.status !== 'drafted') return notNow(row);
      const reasons = words.reasons?.map(tidy).filter((one) => one !== '');
      const longest = reasons?.find((one) => one.length > 600);
      if (longest !== undefined)
        return wrong('reasons', 'Each paragraph of the reasons must be 600 characters or fewer');
      const own: OwnWords = {
        ...row.ownWords,
        ...(reasons === undefined ? {} : { reasons }),
        ...(words.evidence === undefined ? {} : { evidence: words.evidence }),
      };
      await tx.run(
        `update letters.letter set own_words = $2, written_by = $3, returned_reason = null, returned_by = null, returned_at = null where id = $1`,
        [row.id, JSON.stringify(own), actor.staffId],
      );
      await writeAudit(tx, actor, {
        action: 'draftLetter',
        outcome: 'done',
        role: answer.role,
        childId: row.childId,
        runId: row.runId,
        object: `letter ${row.id}`,
        fields: Object.keys(words),
      });
      return { done: true, letterId: row.id, status: 'drafted' };
    });
  }

  /**
   * Lets a held letter go after all, to where it would go now: a second person's act, with a reason. Where post is not the
   * safe way to its reader, the letter keeps that it was chosen against what is recorded.
   */
  release(letterId: string, reason: string, actor: Actor): Promise<Desked> {
    return this.change(letterId, actor, async (tx, row, relationship) => {
      const answer = maySecond(row.writtenBy, actor, 'releaseHeldLetter', relationship);
      if (!answer.allowed) return refused(answer);
      const lacking = reasonMissing(answer, reason);
      if (lacking !== undefined) return wrong('reason', lacking.message);
      if (row.status !== 'held') return notNow(row);
      return this.letGo(tx, row, actor, 'releaseHeldLetter', tidy(reason));
    });
  }

  /**
   * The file of a letter. One that prints an address not to be shared, protected when it left or only since, is opened only
   * for whoever may read that address, with a reason, and leaves its trace.
   */
  async file(tx: Tx, letterId: string, actor: Actor, reason?: string): Promise<{ readonly pdf: Buffer } | NotDone> {
    const row = await letterRow(tx, letterId);
    const relationship = row && (await caseRelationship(tx, actor, row.childId, this.clock.today()));
    if (row === undefined || relationship === undefined || !may(actor, 'readLetters', relationship).allowed)
      return noLetter;
    if (await this.needsReason(tx, row)) {
      const asked = may(actor, 'readProtectedAddress', relationship);
      const answer = (asked.allowed && reasonMissing(asked, reason)) || asked;
      await writeAudit(tx, actor, {
        action: 'readProtectedAddress',
        outcome: answer.allowed ? 'done' : 'refused',
        childId: row.childId,
        runId: row.runId,
        object: `letter ${row.id}`,
        fields: ['address'],
        ...(reason === undefined ? {} : { reason }),
      });
      if (!answer.allowed) return refused(answer);
    }
    const pdf = await storedFile(tx, this.keys, row.id);
    return pdf === undefined ? noLetter : { pdf };
  }

  /** Whether the file of a letter prints an address that is not to be shared now, or was not to be when it was written. */
  async needsReason(tx: Tx, row: LetterRow): Promise<boolean> {
    return row.addressProtected || (await this.protectedSince(tx, row));
  }

  private async letGo(tx: Tx, row: LetterRow, actor: Actor, action: Action, reason?: string): Promise<Desked> {
    const written = await this.write(tx, await tellingOf(tx, row), this.clock.today());
    const against = action === 'releaseHeldLetter' ? written.onlyBy : null;
    if (against !== null && written.values?.recipient.addressLines.length === 0)
      return refuse(
        'not-now',
        'There is no postal address on record for this person. Enter a safe one on the People page first. Nothing was changed',
        'address',
      );
    const [problem] = written.problems;
    if (problem !== undefined || written.cannot !== null)
      return refuse(
        'not-now',
        problem?.wayOut ?? written.cannot ?? 'This letter cannot be sent',
        problem?.rule ?? 'letter',
        {
          wrong: written.problems.map(({ field, block, rule, wayOut }) => ({
            field: field ?? block ?? 'letter',
            rule,
            message: wayOut,
          })),
        },
      );
    await tx.run(
      `update letters.letter set status = 'approved', approved_by = $2, approved_at = $3, approved_to = $4, post_instead_of = $5, problem = null,
         returned_reason = null, returned_by = null, returned_at = null where id = $1`,
      [row.id, actor.staffId, this.clock.now(), written.addressMark, against],
    );
    await tx.run(
      `insert into engine.outbox (authority_id, run_id, kind, key, payload) values ($1, $2, 'letter', $3, $4)
       on conflict (authority_id, key) do update set status = 'waiting', failures = 0, available_at = $5, claimed_until = null, last_error = null, done_at = null`,
      [tx.identity.authority, row.runId, `letter:${row.id}`, JSON.stringify({ letter: row.id }), this.clock.now()],
    );
    await writeAudit(tx, actor, {
      action,
      outcome: 'done',
      ...(actor.roles[0] === undefined ? {} : { role: actor.roles[0] }),
      childId: row.childId,
      runId: row.runId,
      object: `letter ${row.id}`,
      ...(against === null ? {} : { fields: ['channel'] }),
      ...(reason === undefined ? {} : { reason }),
    });
    return { done: true, letterId: row.id, status: 'approved' };
  }

  private hasRights(letter: string): boolean {
    return this.correspondence.needsApproval(letter);
  }

  /** What this person may not see is not there. */
  private change(
    letterId: string,
    actor: Actor,
    work: (tx: Tx, row: LetterRow, relationship: Relationship) => Promise<Desked>,
  ): Promise<Desked> {
    return this.database.transaction(identityOf(actor), async (tx) => {
      const row = await letterRow(tx, letterId, true);
      const relationship = row && (await caseRelationship(tx, actor, row.childId, this.clock.today()));
      if (row === undefined || relationship === undefined || !may(actor, 'readLetters', relationship).allowed)
        return noLetter;
      return work(tx, row, relationship);
    });
  }
}

const withoutAddress = (values: LetterValues): LetterValues => ({
  ...values,
  recipient: { ...values.recipient, addressLines: [notToBeShared] },
});

const noLetter = refuse('not-found', 'There is no such letter', 'not found');
const refused = (answer: Refused): NotDone =>
  answer.hidden ? noLetter : refuse('forbidden', answer.message, answer.rule);
const wrong = (field: string, message: string): NotDone =>
  refuse('invalid', message, 'fields', { wrong: [{ field, rule: 'missing', message }] });

function notNow(row: LetterRow): NotDone {
  const words: Record<LetterRow['status'], string> = {
    drafted: 'This letter waits for approval',
    approved: 'This letter was already approved',
    sent: 'This letter was already sent',
    held: 'This letter is held. Release it instead',
    cancelled: 'This letter is no longer needed',
  };
  return refuse('out-of-position', `${words[row.status]}. Nothing was changed`, 'letter');
}
