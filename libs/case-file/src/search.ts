import { type Actor, may } from '@send/access';
import type { Tx } from '@send/database';
import { type Day, isDay } from '@send/statute';
import { asRelationship, type CaseTies, tieColumns } from './case-relationship';

export interface SearchResult {
  readonly childId: string;
  readonly reference: string;
  readonly name: string;
  readonly knownAs: string;
  readonly dateOfBirth: Day;
  readonly settingId: string | null;
  readonly caseworkerId: string | null;
}

export type SearchAnswer =
  { readonly results: readonly SearchResult[]; readonly more: boolean } | { readonly message: string };

const most = 200;

/**
 * By reference, date of birth (4/5/2027, 4 May 2027, 2027-05-04) or name, former names and slips of the pen included. Shows
 * only what this person may find; the rest is not even counted.
 */
export async function searchCases(tx: Tx, actor: Actor, typed: string, on: Day): Promise<SearchAnswer> {
  const text = typed.normalize('NFC').trim();
  if (text.length < 2) return { message: 'Enter at least 2 characters' };
  if (text.length > 100) return { message: 'Search must be 100 characters or fewer' };
  const rows = await tx.query<SearchResult & CaseTies>(
    `select c.id as "childId", c.reference, c.first_names || ' ' || c.last_name as name, c.known_as as "knownAs",
       c.date_of_birth as "dateOfBirth", c.setting_id as "settingId", c.caseworker_id as "caseworkerId",
       ${tieColumns('$1', '$2', '$3::date')}, (select case_file.plain($4) as typed) q
     where case when $5::date is not null then c.date_of_birth = $5::date
                else c.reference = upper($4) or (q.typed <> '' and (c.search_names like '%' || q.typed || '%'
                     or strict_word_similarity(q.typed, c.search_names) >= 0.5)) end
     order by c.reference = upper($4) desc, strict_word_similarity(q.typed, c.search_names) desc, c.last_name, c.first_names, c.id
     limit 2000`,
    [actor.staffId, actor.team, on, text, dayIn(text) ?? null],
  );
  const found = rows.filter((row) => may(actor, 'searchCases', asRelationship(actor, row)).allowed);
  const results = found
    .slice(0, most)
    .map(({ childId, reference, name, knownAs, dateOfBirth, settingId, caseworkerId }) => ({
      childId,
      reference,
      name,
      knownAs,
      dateOfBirth,
      settingId,
      caseworkerId,
    }));
  return { results, more: found.length > most };
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function dayIn(text: string): Day | undefined {
  const parts = /^(\d{1,2})[/. -]+(\d{1,2}|[A-Za-z]{3,9})[/. -]+(\d{4})$/.exec(text);
  const [, day = '', month = '', year = ''] = parts ?? [];
  const number = /^\d/.test(month) ? Number(month) : months.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  const read = parts ? `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}` : text;
  return isDay(read) ? read : undefined;
}
