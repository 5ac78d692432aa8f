import { type Actor, may } from '@send/access';
import { newId, type Tx } from '@send/database';
import { type Day, formatDay } from '@send/statute';
import { caseRelationship } from './case-relationship';
import { DuplicateCheck } from './child.entity';

export interface Identifiers {
  readonly firstNames: string;
  readonly lastName: string;
  readonly dateOfBirth: Day;
  readonly upn?: string | null;
  readonly nhsNumber?: string | null;
  readonly postcode?: string | null;
}

export interface PossibleDuplicate {
  readonly childId: string;
  readonly reference: string;
  readonly name: string;
  readonly dateOfBirth: Day;
  /** From 0 to 100: for the order of the list, not for a machine to decide by. */
  readonly score: number;
  readonly reasons: readonly string[];
}

interface Likeness {
  id: string;
  reference: string;
  name: string;
  date_of_birth: Day;
  upn: boolean;
  nhs: boolean;
  born: boolean;
  turned: boolean;
  likeness: number;
  sounds: boolean;
  lives: boolean;
}

/**
 * Records that may be of the same child, by several marks at once, with the reasons; a person decides. Row security keeps
 * the name index out of use, so the children of one authority are compared one by one: ten thousand take a third of
 * a second, once for each intake. An address not to be shared takes no part.
 */
export async function possibleDuplicates(tx: Tx, given: Identifiers): Promise<PossibleDuplicate[]> {
  const rows = await tx.query<Likeness>(
    `with given as (
       select case_file.plain($1) as first_names, case_file.plain($2) as last_name, $3::date as born,
              nullif($4, '') as upn, nullif($5, '') as nhs_number, replace(upper(nullif($6, '')), ' ', '') as postcode),
     compared as (
       select c.id, c.reference, c.first_names || ' ' || c.last_name as name, c.date_of_birth,
         coalesce(c.upn = g.upn, false) as upn, coalesce(c.nhs_number = g.nhs_number, false) as nhs,
         c.date_of_birth = g.born as born,
         -- 03/04 typed for 04/03 is the commonest slip with a date.
         (c.date_of_birth <> g.born and extract(year from c.date_of_birth) = extract(year from g.born)
           and extract(month from c.date_of_birth) = extract(day from g.born)
           and extract(day from c.date_of_birth) = extract(month from g.born)) as turned,
         greatest(similarity(case_file.plain(c.first_names || ' ' || c.last_name), g.first_names || ' ' || g.last_name),
                  similarity(case_file.plain(c.known_as || ' ' || c.last_name), g.first_names || ' ' || g.last_name),
                  (select max(similarity(case_file.plain(p), g.first_names || ' ' || g.last_name)) from unnest(c.previous_names) p)) as likeness,
         (dmetaphone(case_file.plain(c.last_name)) = dmetaphone(g.last_name)
           and dmetaphone(split_part(case_file.plain(c.first_names), ' ', 1)) = dmetaphone(split_part(g.first_names, ' ', 1))) as sounds,
         coalesce(g.postcode, '') <> '' and exists (
           select from case_file.relationship r join case_file.address a on a.person_id = r.person_id
           where r.child_id = c.id and replace(upper(a.postcode), ' ', '') = g.postcode) as lives
       from case_file.child c, given g)
     select * from compared
     where upn or nhs or (born and (likeness >= 0.35 or sounds or lives)) or (turned and (likeness >= 0.5 or sounds))
        or (lives and (likeness >= 0.45 or sounds)) or likeness >= 0.85`,
    [
      given.firstNames,
      given.lastName,
      given.dateOfBirth,
      given.upn ?? null,
      given.nhsNumber ?? null,
      given.postcode ?? null,
    ],
  );
  return rows
    .map(asPossible)
    .sort((one, other) => other.score - one.score || one.reference.localeCompare(other.reference))
    .slice(0, 20);
}

/**
 * The same, parted by what this person may know: of a record that neither a search nor its own page would show them, no more
 * than that there is one.
 */
export async function duplicatesFor(
  tx: Tx,
  actor: Actor,
  given: Identifiers,
  on: Day,
): Promise<{ readonly shown: readonly PossibleDuplicate[]; readonly hidden: readonly PossibleDuplicate[] }> {
  const [shown, hidden]: [PossibleDuplicate[], PossibleDuplicate[]] = [[], []];
  for (const one of await possibleDuplicates(tx, given)) {
    const tie = await caseRelationship(tx, actor, one.childId, on);
    const known =
      tie !== undefined && (['searchCases', 'openCaseOverview'] as const).some((a) => may(actor, a, tie).allowed);
    (known ? shown : hidden).push(one);
  }
  return { shown, hidden };
}

function asPossible(row: Likeness): PossibleDuplicate {
  const marks: [boolean, number, string][] = [
    [row.upn, 60, 'Same UPN'],
    [row.nhs, 60, 'Same NHS number'],
    [row.born, 25, 'Same date of birth'],
    [row.turned, 15, `Day and month of birth the other way round (${formatDay(row.date_of_birth)})`],
    [row.likeness >= 0.99, 30, 'Same name'],
    [row.likeness < 0.99 && row.likeness >= 0.35, Math.round(row.likeness * 28), 'Similar name'],
    [row.likeness < 0.99 && row.sounds, 10, 'Name sounds alike'],
    [row.lives, 15, 'Same postcode'],
  ];
  const met = marks.filter(([is]) => is);
  return {
    childId: row.id,
    reference: row.reference,
    name: row.name,
    dateOfBirth: row.date_of_birth,
    score: Math.min(
      100,
      met.reduce((sum, [, worth]) => sum + worth, 0),
    ),
    reasons: met.map(([, , reason]) => reason),
  };
}

/** The request is about a child we know: who says so, and why. */
export async function confirmMatch(
  tx: Tx,
  childId: string,
  considered: readonly PossibleDuplicate[],
  why: string,
): Promise<string> {
  return confirm(tx, childId, 'match', considered, why);
}

/** A new record in spite of the likenesses: who says so, and why. */
export async function confirmNew(
  tx: Tx,
  childId: string,
  considered: readonly PossibleDuplicate[],
  why: string,
): Promise<string> {
  return confirm(tx, childId, 'new', considered, why);
}

async function confirm(
  tx: Tx,
  childId: string,
  outcome: 'match' | 'new',
  considered: readonly PossibleDuplicate[],
  why: string,
): Promise<string> {
  const id = newId();
  await tx.repository(DuplicateCheck).insert({
    id,
    authorityId: tx.identity.authority,
    childId,
    considered: considered.map((one) => one.childId),
    outcome,
    reasons: Object.fromEntries(considered.map((one) => [one.childId, [...one.reasons]])),
    why,
    confirmedBy: tx.identity.actor,
  });
  return id;
}
