import { authorityOf, systemActor, writeAudit } from '@send/access';
import { adviserOf, advisersOn, settingOf, termsOf } from '@send/case-file';
import type { HandOver } from '@send/correspondence';
import { type Database, newId, type Tx } from '@send/database';
import { compose, type LetterValues } from '@send/letters';
import { addDays, type Day, deadline, endOfFirstTerm, englandCalendars, isCannotCompute } from '@send/statute';

/** One child on a list, and the day by which the meeting must be held so that the decision comes in time. */
export interface Listed {
  readonly childId: string;
  readonly name: string;
  readonly born: Day;
  readonly setting: string;
  readonly why: string;
  readonly meetBy: Day;
}

/** Lists are made so long before they are due that a quiet week does not make one late. */
const early = 14;
/** A shorter break than this is a half-term, and no new term begins after it. */
const holiday = 12;
/** The decision is due within four weeks of the meeting, and inside the twelve months: reg 20(10), Code 9.169. */
const decisionDays = 28;

/** Two clear weeks before the term: Code 9.172. */
export function listDueBy(termStarts: Day): Day | null {
  const found = deadline('review.list-to-schools', { termStarts }, englandCalendars, { explain: false });
  return isCannotCompute(found) ? null : found.dueBy;
}

interface ComingTerm {
  readonly settingId: string;
  readonly name: string;
  readonly starts: Day;
}

/**
 * Makes the list of every setting whose term is near, and those of the health commissioner and social care: who needs a
 * review in that term, from the open reviews and moves. What a list says is kept as it was made. Returns how many were made.
 */
export async function makeReviewLists(database: Database, authority: string, on: Day): Promise<number> {
  return database.transaction({ authority, actor: 'system' }, async (tx) => {
    const coming = await tx.query<ComingTerm>(
      `select t.setting_id as "settingId", t.name, t.first_day as starts from case_file.setting_term t
       join case_file.setting s on s.id = t.setting_id and (s.open_until is null or s.open_until >= t.first_day)
       where t.authority_id = $1 and t.first_day > $2::date and t.first_day <= $2::date + $3::int
         and not exists (select from case_file.setting_term b where b.setting_id = t.setting_id
           and b.last_day < t.first_day and b.last_day >= t.first_day - $4::int)
       order by t.first_day, t.setting_id`,
      [authority, on, 15 + early, holiday],
    );
    let made = 0;
    const forPartners = new Map<Day, { name: string; children: Listed[] }>();
    for (const term of coming) {
      const ends = endOfFirstTerm(term.starts, await termsOf(tx, term.settingId));
      const children = await dueIn(tx, term.settingId, ends);
      if (children.length === 0) continue;
      const partners = forPartners.get(term.starts) ?? { name: term.name, children: [] };
      partners.children.push(...children);
      forPartners.set(term.starts, partners);
      made += await keep(tx, `setting:${term.settingId}`, term.settingId, term.name, term.starts, children);
    }
    const partners = await advisersOn(tx, on);
    for (const [starts, { name, children }] of forPartners)
      for (const { id, kind } of partners)
        if (kind === 'health-commissioner' || kind === 'social-care')
          made += await keep(tx, `adviser:${id}`, null, name, starts, children);
    return made;
  });
}

/** Open yearly reviews and moves whose meeting falls in the term, or is overdue; one line for each child. */
const dueIn = (tx: Tx, settingId: string, ends: Day): Promise<Listed[]> =>
  tx.query<Listed>(
    `select distinct on (meet_by, name, id) id as "childId", name, born, setting, why, meet_by as "meetBy" from (
       select distinct on (c.id) c.id, c.first_names || ' ' || c.last_name as name, c.date_of_birth as born, s.name as setting,
         case when d.duty = 'practice.phase-transfer-meeting' then 'Review before a move' else 'Yearly review' end as why,
         case when d.duty = 'practice.phase-transfer-meeting' then d.due_by else d.due_by - $4::int end as meet_by
       from case_file.child c
       join case_file.setting s on s.id = c.setting_id
       join engine.run r on r.child_id = c.id and r.authority_id = $1 and not r.closed and r.workflow in ('annual-review', 'phase-transfer')
       join engine.deadline d on d.run_id = r.id and d.met_on is null and d.ended_on is null and d.due_by is not null
         and d.duty in ('review.every-12-months', 'practice.phase-transfer-meeting')
       where c.authority_id = $1 and c.setting_id = $2 and c.classification <> 'restricted'
       order by c.id, meet_by) one
     where meet_by <= $3::date order by meet_by, name, id`,
    [tx.identity.authority, settingId, ends, decisionDays],
  );

async function keep(
  tx: Tx,
  recipient: string,
  settingId: string | null,
  term: string,
  starts: Day,
  children: readonly Listed[],
): Promise<number> {
  const id = newId();
  const made = await tx.run(
    `insert into case_file.review_list (id, authority_id, recipient, setting_id, term_name, term_first_day, due_by, children)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (authority_id, recipient, term_first_day) do nothing`,
    [
      id,
      tx.identity.authority,
      recipient,
      settingId,
      term,
      starts,
      listDueBy(starts) ?? addDays(starts, -15),
      JSON.stringify(children),
    ],
  );
  if (made === 1)
    await tx.run(
      `insert into engine.outbox (authority_id, kind, key, payload) values ($1, 'review-list', 'review-list:' || $2::text, jsonb_build_object('list', $2::text))
       on conflict (authority_id, key) do nothing`,
      [tx.identity.authority, id],
    );
  return made;
}

interface Row {
  readonly recipient: string;
  readonly starts: Day;
  readonly children: readonly Listed[];
  readonly sentOn: Day | null;
}

/**
 * Sends one list, once: written from what was kept, put in the print room’s folder under its own reference, and marked
 * sent. Each step can be done again after a crash; a file that lies there is never put there twice.
 */
export async function sendReviewList(
  database: Database,
  handOver: HandOver,
  authority: string,
  listId: string,
  on: Day,
): Promise<{ readonly held: string } | 'sent' | 'nothing'> {
  const identity = { authority, actor: 'system' };
  const begun = await database.transaction(identity, async (tx) => {
    const [row] = await tx.query<Row>(
      `select recipient, term_first_day as starts, children, sent_on as "sentOn" from case_file.review_list
       where authority_id = $1 and id = $2 for update`,
      [authority, listId],
    );
    return row === undefined || row.sentOn !== null ? undefined : { row, values: await valuesOf(tx, row, listId, on) };
  });
  if (begun === undefined) return 'nothing';
  const { row, values } = begun;
  if (values === undefined) return { held: 'Nobody is on record for this list: the setting or the service has gone' };
  const letter = compose(
    row.recipient.startsWith('setting:') ? 'review.term-list-settings' : 'review.term-list-partners',
    values,
    on,
  );
  if (letter.problems.length > 0)
    return {
      held: `The list cannot be written: ${letter.problems.map(({ rule, field }) => `${rule} ${field ?? ''}`.trim()).join(', ')}`,
    };
  const reference = values.ourReference;
  const there = await handOver.putPaper(authority, reference, {
    html: letter.html,
    title: letter.title,
    letterDate: on,
  });
  await database.transaction(identity, async (tx) => {
    const sent = await tx.run(
      `update case_file.review_list set reference = $3, sha256 = $4, sent_on = $5 where authority_id = $1 and id = $2 and sent_on is null`,
      [authority, listId, reference, there.sha256, there.date],
    );
    if (sent === 1)
      await writeAudit(tx, systemActor(authority), {
        action: 'sendReviewList',
        outcome: 'done',
        role: 'system',
        object: `review list ${listId}`,
        fields: [row.recipient, `${row.children.length} children`],
      });
  });
  return 'sent';
}

async function valuesOf(tx: Tx, row: Row, listId: string, on: Day): Promise<LetterValues | undefined> {
  const [kind = '', id = ''] = row.recipient.split(':', 2);
  const to = kind === 'setting' ? await toSetting(tx, id) : await toAdviser(tx, id);
  if (to === undefined) return undefined;
  const { name, letterDetails: details } = await authorityOf(tx);
  const { addressLines, phone, email, website, localOfferUrl, complaintsUrl, openingHours } = details;
  return {
    letterDate: on,
    // Also the name of its file: nothing of a person is in it.
    ourReference: `LIST-${listId.replaceAll('-', '').slice(-12).toUpperCase()}`,
    council: {
      name,
      addressLines: [...addressLines],
      phone,
      email,
      website,
      localOfferUrl,
      complaintsUrl,
      openingHours,
    },
    recipient: to,
    // A list is about several: no child of its own is printed.
    child: { firstName: 'the pupils', fullName: 'the pupils on this list' },
    caseworker: { name: details.serviceName, phone, email },
    iass: details.sendiass,
    dates: {},
    reviewList: {
      setting: kind === 'setting' ? (to.addressLines[0] ?? '') : '',
      termStarts: row.starts,
      children: row.children.map(({ name: child, born, setting, why, meetBy }) => ({
        name: child,
        born,
        setting,
        why,
        meetBy,
      })),
    },
  };
}

async function toSetting(tx: Tx, id: string): Promise<LetterValues['recipient'] | undefined> {
  const setting = await settingOf(tx, id);
  if (setting === null) return undefined;
  const { name, headTitle, addressLines, postcode } = setting;
  const lines = [name, ...addressLines, ...(postcode === null ? [] : [postcode])];
  return {
    kind: 'setting',
    name: headTitle,
    salutation: headTitle,
    role: headTitle.toLowerCase(),
    addressLines: lines,
  };
}

async function toAdviser(tx: Tx, id: string): Promise<LetterValues['recipient'] | undefined> {
  const adviser = await adviserOf(tx, id);
  if (adviser === null) return undefined;
  const { name, role, organisation, addressLines, postcode } = adviser;
  return {
    kind: adviser.kind === 'social-care' ? 'social-care' : 'health',
    name,
    salutation: name,
    role,
    addressLines: [
      ...(organisation === null ? [] : [organisation]),
      ...addressLines,
      ...(postcode === null ? [] : [postcode]),
    ],
  };
}
