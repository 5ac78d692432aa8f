import { systemActor, writeAudit } from '@send/access';
import { childOf, raiseNotice } from '@send/case-file';
import type { Tx } from '@send/database';
import type { Engine } from '@send/engine';
import { type LetterValues, type TypesetJob, type Typesetter } from '@send/letters';
import type { Day } from '@send/statute';
import { addresseesOf, fold } from '@send/workflow-kit';
import { FileDrop, type Manifest } from './file-drop';
import { promisedIn, servedOnFor } from './letter-dates';
import type { LetterDesk } from './letter-desk';
import { notByPost } from './recipient';
import { fileOf, storedFile } from './stored-file';
import { isAwaited, type LetterRow, letterRow, type Telling, tellingOf } from './telling';

export type HandedOver =
  | { readonly is: 'sent'; readonly sentOn: Day }
  /** A person must look: the cause holds nothing of the case. */
  | { readonly is: 'held'; readonly cause: string }
  /** No longer needed, or not approved: there is nothing to do. */
  | { readonly is: 'nothing' };

/** Where a crash may strike; a spec throws there. */
export type HandOverStep = 'claimed' | 'written' | 'typeset' | 'stored' | 'dropped' | 'marked' | 'noted';

export interface HandOverOptions {
  readonly desk: LetterDesk;
  readonly engine: Engine;
  readonly typesetter: Typesetter;
  readonly dropFolder: string;
  readonly reached?: (step: HandOverStep) => void;
}

const channel = 'first class post';

/** The hand-over could not go on and is tried again. Its message holds nothing of the case, so an operator may read it. */
export class HandOverStopped extends Error {
  override readonly name = 'HandOverStopped';
}

/**
 * Takes an approved letter out of the building, once: written with today's date, stored as bytes, dropped as a file, marked
 * sent, and put on record as a fact. Each step can be done again; a letter whose file lies there is never dropped twice.
 */
export class HandOver {
  private readonly drop: FileDrop;

  constructor(private readonly options: HandOverOptions) {
    this.drop = new FileDrop(options.dropFolder);
  }

  async handOver(authority: string, letterId: string): Promise<HandedOver> {
    const identity = { authority, actor: 'system' };
    const { desk } = this.options;
    const begun = await desk.database.transaction(identity, (tx) => this.prepare(tx, letterId));
    this.options.reached?.('claimed');
    switch (begun.next) {
      case 'nothing':
        return { is: 'nothing' };
      case 'held':
        return { is: 'held', cause: begun.cause };
      case 'typeset': {
        this.options.reached?.('written');
        const { values, html, posted, title } = begun.written;
        const typeset = await this.options.typesetter.typeset({ html: posted, title, letterDate: values.letterDate });
        this.options.reached?.('typeset');
        // What prints an address not to be shared is kept as that address is: encrypted.
        const sealed = begun.written.addressProtected ? desk.keys.sealBytes(typeset.pdf, fileOf(letterId)) : undefined;
        await desk.database.transaction(identity, (tx) =>
          tx.run(
            `update letters.letter set html = $2, title = $3, values = $4, pdf = $5, sha256 = $6, pages = $7, letter_date = $8, template_version = $9,
               channel = $10, sent_to = $11, address_protected = $12, pdf_sealed = $13, pdf_key = $14
             where id = $1 and status = 'approved'`,
            [
              letterId,
              html,
              title,
              JSON.stringify(values),
              sealed === undefined ? typeset.pdf : null,
              typeset.sha256,
              typeset.pages,
              values.letterDate,
              begun.written.templateVersion,
              channel,
              begun.written.addressMark,
              begun.written.addressProtected,
              sealed?.ciphertext ?? null,
              sealed?.keyId ?? null,
            ],
          ),
        );
        this.options.reached?.('stored');
        break;
      }
      case 'drop':
      case 'note':
        break;
    }
    const sent = await desk.database.transaction(identity, (tx) => this.dropAndMark(tx, letterId));
    if (sent === undefined) return { is: 'nothing' };
    if ('cause' in sent) return { is: 'held', cause: sent.cause };
    this.options.reached?.('marked');
    await this.note(authority, sent);
    this.options.reached?.('noted');
    return { is: 'sent', sentOn: sent.sentOn };
  }

  /** A paper that is nobody’s own letter, such as a list of reviews: typeset and put there once, under its reference. */
  async putPaper(authority: string, reference: string, paper: TypesetJob): Promise<Manifest> {
    const there = this.drop.find(authority, reference);
    if (there !== undefined) return there;
    const { pdf, sha256, pages } = await this.options.typesetter.typeset(paper);
    return this.drop.put(authority, { reference, sha256, channel, date: paper.letterDate, pages }, pdf);
  }

  /** Reads where the letter stands, and writes it if it has to be. */
  private async prepare(tx: Tx, letterId: string): Promise<Begun> {
    const { desk } = this.options;
    const row = await letterRow(tx, letterId, true);
    if (row === undefined || row.status === 'drafted' || row.status === 'cancelled' || row.status === 'held')
      return { next: 'nothing' };
    if (row.status === 'sent') return { next: 'note' };
    // The file lies there: what is left to do is to say so.
    if (this.drop.find(tx.identity.authority, row.reference) !== undefined) return { next: 'drop' };
    const telling = await tellingOf(tx, row);
    if (!isAwaited(telling, row.groupKey) && !(await this.isOwed(tx, row, telling))) {
      await tx.run(
        `update letters.letter set status = 'cancelled', problem = 'No longer needed: the case has moved on' where id = $1`,
        [row.id],
      );
      await writeAudit(tx, systemActor(tx.identity.authority), {
        action: 'cancelLetter',
        outcome: 'done',
        role: 'system',
        childId: row.childId,
        runId: row.runId,
        object: `letter ${row.id}`,
      });
      return { next: 'nothing' };
    }
    const today = desk.clock.today();
    const written = await desk.write(tx, telling, today, true);
    const { onlyBy } = written;
    const cause =
      (onlyBy === null || onlyBy === row.postInsteadOf ? null : notByPost(onlyBy)) ??
      written.cannot ??
      (await this.addressChanged(tx, row, written.addressMark)) ??
      (servedOnFor(today, desk.calendars) === undefined
        ? 'The bank holidays on record do not reach the day of service'
        : undefined) ??
      written.problems.map(
        (problem) => `${problem.rule}${problem.field === undefined ? '' : ` (${problem.field})`}`,
      )[0];
    const { values, posted, template } = written;
    if (cause !== undefined || values === null || posted === null || template === undefined)
      return this.hold(tx, row, cause ?? 'The letter could not be written', written.problems[0]?.wayOut);
    return {
      next: 'typeset',
      written: {
        values,
        html: written.html,
        posted: posted.html,
        title: written.title,
        templateVersion: template.version,
        addressMark: written.addressMark,
        addressProtected: written.addressProtected,
      },
    };
  }

  /** What was approved for one address does not go to another; nor does a routine letter to one that nobody has yet confirmed. */
  private async addressChanged(tx: Tx, row: LetterRow, mark: string | null): Promise<string | undefined> {
    if (row.approvedTo !== null)
      return row.approvedTo === mark
        ? undefined
        : 'The address, or whether it may be shared, changed after the letter was approved';
    if (!row.recipient.startsWith('person:')) return undefined;
    const [known] = await tx.query<{ any: boolean; here: boolean }>(
      `select count(*) > 0 as any, coalesce(bool_or(sent_to = $2), false) as here from letters.letter where recipient = $1 and status = 'sent'`,
      [row.recipient, mark],
    );
    return known?.any === true && !known.here
      ? 'It is the first letter to a new address: a second person must confirm it'
      : undefined;
  }

  /**
   * A letter that its decision could name nobody for, written to whoever could be found since: still owed where the case would
   * wait for it had none of them left.
   */
  private async isOwed(tx: Tx, row: LetterRow, { fact }: Telling): Promise<boolean> {
    const named = addresseesOf(fact.payload)[row.groupKey.slice(row.factId.length + 1)] ?? [];
    if (named.length > 0) return false;
    const { engine } = this.options;
    const [run] = await tx.query<{ workflow: string; version: string }>(
      'select workflow, workflow_version as version from engine.run where id = $1',
      [row.runId],
    );
    if (run === undefined) return false;
    const history = await engine.history(systemActor(tx.identity.authority), row.runId, tx);
    const { place } = fold(
      engine.workflow(run.workflow, run.version),
      history.filter((one) => one.type !== 'letterSent' || one.payload['group'] !== row.groupKey),
    );
    return place.context.awaiting[row.groupKey] !== undefined;
  }

  private async hold(tx: Tx, row: LetterRow, cause: string, wayOut?: string): Promise<Begun> {
    await tx.run(`update letters.letter set status = 'held', problem = $2 where id = $1`, [
      row.id,
      wayOut === undefined ? cause : `${cause}. ${wayOut}`,
    ]);
    const child = await childOf(tx, row.childId);
    await raiseNotice(tx, {
      key: `letter-held:${row.id}:${cause.slice(0, 60)}:${this.options.desk.clock.today()}`,
      kind: 'task',
      childId: row.childId,
      runId: row.runId,
      text: `A letter is held and has not left: ${cause}.`,
      staffId: child.caseworkerId,
      team: child.team,
      dueOn: this.options.desk.clock.today(),
    });
    return { next: 'held', cause };
  }

  /**
   * Under the row's lock: two workers cannot both be here. The file first, then the row; a crash in between leaves a file,
   * and the day on it is the day the letter was sent.
   */
  private async dropAndMark(tx: Tx, letterId: string): Promise<Sent | { cause: string } | undefined> {
    const { desk } = this.options;
    const row = await letterRow(tx, letterId, true);
    if (row === undefined || (row.status !== 'approved' && row.status !== 'sent')) return undefined;
    const [stored] = await tx.query<{ values: LetterValues | null }>(
      'select values from letters.letter where id = $1',
      [letterId],
    );
    const { authority } = tx.identity;
    let manifest = this.drop.find(authority, row.reference);
    if (row.status === 'approved' && manifest === undefined) {
      const pdf = await storedFile(tx, desk.keys, letterId);
      if (pdf === undefined || row.sha256 === null || row.letterDate !== desk.clock.today())
        throw new HandOverStopped('The day changed while the letter was being written');
      manifest = this.drop.put(
        authority,
        { reference: row.reference, sha256: row.sha256, channel, date: row.letterDate, pages: row.pages ?? 0 },
        pdf,
      );
      this.options.reached?.('dropped');
    }
    if (row.status === 'approved') {
      if (manifest === undefined || !agrees(manifest, row)) {
        const held = await this.hold(
          tx,
          row,
          'A file of this letter lies in the drop folder that is not the one on record',
        );
        return { cause: held.next === 'held' ? held.cause : 'unsure' };
      }
      const servedOn = servedOnFor(manifest.date, desk.calendars);
      await tx.run(`update letters.letter set status = 'sent', sent_on = $2, served_on = $3 where id = $1`, [
        row.id,
        manifest.date,
        servedOn,
      ]);
      await writeAudit(tx, systemActor(authority), {
        action: 'sendLetter',
        outcome: 'done',
        role: 'system',
        childId: row.childId,
        runId: row.runId,
        object: `letter ${row.id}`,
      });
    }
    const sentOn = row.sentOn ?? manifest?.date;
    if (sentOn === undefined) throw new HandOverStopped('A letter that was sent has no day on which it was');
    const telling =
      desk.catalogue.templates.find(({ id, version }) => id === row.letter && version === row.templateVersion)?.tells ??
      {};
    const lastDay = 'representations_window' in telling ? stored?.values?.dates.representationsLastDay : undefined;
    return {
      row,
      sentOn,
      servedOn: servedOnFor(sentOn, desk.calendars) ?? sentOn,
      ...(lastDay === undefined ? {} : { lastDay }),
    };
  }

  /** Says it as a fact: it meets the duties when the last letter of the decision has left, and starts the clocks. */
  private async note(authority: string, { row, sentOn, servedOn, lastDay }: Sent): Promise<void> {
    const outcome = await this.options.engine.record(
      row.runId,
      {
        command: 'noteLetterSent',
        key: `sent:${row.id}`,
        fields: {
          on: sentOn,
          group: row.groupKey,
          letter: row.letter,
          letterId: row.id,
          recipient: row.recipient,
          servedOn,
          channel,
          ...(lastDay === undefined ? {} : { promised: [{ duty: promisedIn(row.letter), lastDay }] }),
        },
      },
      systemActor(authority),
    );
    if (!outcome.done)
      throw new HandOverStopped(
        `The going of letter ${row.id} could not be put on record: ${'refusal' in outcome ? outcome.refusal.rule : 'it waits'}`,
      );
  }
}

const agrees = (manifest: Manifest, row: LetterRow): boolean =>
  manifest.sha256 === row.sha256 && manifest.date === row.letterDate;

interface Sent {
  readonly row: LetterRow;
  readonly sentOn: Day;
  readonly servedOn: Day;
  readonly lastDay?: Day;
}

type Begun =
  | { readonly next: 'nothing' | 'drop' | 'note' }
  | { readonly next: 'held'; readonly cause: string }
  | {
      readonly next: 'typeset';
      readonly written: {
        readonly values: LetterValues;
        readonly html: string;
        readonly posted: string;
        readonly title: string;
        readonly templateVersion: string;
        readonly addressMark: string | null;
        readonly addressProtected: boolean;
      };
    };
