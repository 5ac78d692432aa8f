import type { Actor } from '@send/access';
import type { Tx } from '@send/database';
import { accompanyingDuties, addDays, type Day, weekday } from '@send/statute';
import { isSenior } from '../frame/page-answer';

export const pageSize = 25;

export const owners = ['me', 'all', 'unassigned'] as const;
export const dues = {
  overdue: 'Overdue',
  today: 'Due today',
  tomorrow: 'Due tomorrow',
  week: 'Due this week',
  soon: 'Due in 14 days',
} as const;
export const waits = {
  council: 'The council',
  advisers: 'Advisers',
  settings: 'Schools and other settings',
  family: 'The family',
  colleague: 'A second person',
} as const;
export const sorts = { due: 'Due date', send: 'Send by', opened: 'Date it began', name: 'Last name' } as const;
export const groups = {
  critical: 'Critically overdue',
  overdue: 'Overdue',
  soon: 'Due soon',
  later: 'Not due yet',
} as const;

export type Due = keyof typeof dues;
export type WaitsOn = keyof typeof waits;
export type Sort = keyof typeof sorts;
export type Group = keyof typeof groups;

export interface Filter {
  /** `me`, `all`, `unassigned` or a colleague's id. */
  readonly owner: string;
  /** Id of a workflow. */
  readonly process?: string;
  /** `workflow.position`, as each workflow has its own. */
  readonly position?: string;
  readonly due?: Due;
  readonly waiting?: WaitsOn;
  readonly sort: Sort;
  readonly page: number;
}

export interface WorklistRow {
  readonly childId: string;
  readonly reference: string;
  readonly name: string;
  readonly bornOn: Day;
  readonly caseworkerId: string | null;
  readonly workflow: string;
  readonly position: string;
  readonly openedOn: Day;
  readonly waiting: WaitsOn;
  readonly group: Group;
  readonly due: Day | null;
  readonly duty: string | null;
  readonly sendBy: Day | null;
  /** The next day that only guidance or the council itself has set. */
  readonly target: Day | null;
  readonly targetDuty: string | null;
}

export interface Counts {
  /** Processes listed, and the children that they are about. */
  readonly total: number;
  readonly children: number;
  readonly groups: Readonly<Record<Group, number>>;
}

/** From two weeks over the limit a case is critically overdue; two weeks before it is due soon. */
const near = 14;

/** The Sunday that ends the week of a day. */
export const endOfWeek = (today: Day): Day => addDays(today, 7 - weekday(today));

const accompanying = accompanyingDuties.map((duty) => `'${duty}'`).join(', ');

/**
 * Open runs this person may see, each with its limits on one line. $1 authority, $2 staff, $3 team, $4 senior, $5 today,
 * $6 end of the week.
 */
const base = `
  with ties as (
    select child_id, bool_or(kind in ('assigned', 'named')) as live, bool_or(kind = 'team') as team, bool_or(kind = 'excluded') as excluded
    from access.case_grant where authority_id = $1 and staff_id::text = $2 and from_day <= $5::date and (until_day is null or $5::date < until_day)
    group by child_id),
  listed as (
    select c.id, c.reference, c.first_names || ' ' || c.last_name as name, c.last_name, c.date_of_birth, c.caseworker_id, r.id as run_id, r.workflow, r.position, r.opened_on,
      n.due, n.duty, n.send_by, n.overdue, n.today, n.tomorrow, n.week, n.target, n.target_duty,
      case when w.run_id is not null then 'colleague'
           when r.position = 'assessing' and r.place -> 'value' ->> 'advice' = 'gathering' then 'advisers'
           when r.place -> 'value' ->> 'consultation' = 'awaitingReplies' then 'settings'
           when r.position = 'draftWithFamily' then 'family'
           when r.workflow = 'needs-assessment' then 'council'
           when n.family_has_time then 'family'
           when n.owner in ('requested-body', 'body-under-the-time-limit', 'health-body') then 'advisers'
           when n.owner in ('head-teacher', 'setting', 'school-or-institution', 'governing-board') then 'settings'
           else 'council' end as waiting,
      case when n.due < $5::date - ${near} then 'critical' when n.due < $5::date then 'overdue'
           when n.due <= $5::date + ${near} then 'soon' else 'later' end as severity
    from engine.run r
    join case_file.child c on c.id = r.child_id and c.authority_id = $1
    left join ties t on t.child_id = c.id
    left join (select distinct run_id from engine.proposal where authority_id = $1 and status = 'waiting') w on w.run_id = r.id
    left join lateral (
      select min(l.due) filter (where legal) as due,
        (array_agg(l.duty order by l.due, l.accompanies, l.key) filter (where legal))[1] as duty,
        (array_agg(l.plan_by order by l.due, l.accompanies, l.key) filter (where legal))[1] as send_by,
        (array_agg(l.owner order by l.due, l.accompanies, l.key) filter (where legal))[1] as owner,
        bool_or(legal and l.due < $5::date) as overdue, bool_or(legal and l.due = $5::date) as today,
        bool_or(legal and l.due = $5::date + 1) as tomorrow, bool_or(legal and l.due between $5::date and $6::date) as week,
        min(l.due) filter (where ours) as target, (array_agg(l.duty order by l.due, l.key) filter (where ours))[1] as target_duty,
        bool_or(not limits and l.due >= $5::date) as family_has_time
      from (
        select d.*, limits and d.kind in ('statute', 'case-law') as legal, limits and d.kind in ('guidance', 'policy') as ours
        from (
          select d.key, d.duty, d.plan_by, d.owner, d.kind, d.duty in (${accompanying}) as accompanies,
            case when d.exceptions = '[]' then d.due_by else d.target_by end as due, d.bound <> 'min' and d.owner not like '%parent%' as limits
          from engine.deadline d where d.run_id = r.id and d.met_on is null and d.ended_on is null) d) l
      where l.due is not null) n on true
    where r.authority_id = $1 and not r.closed and not coalesce(t.excluded, false)
      and ($4::boolean or c.caseworker_id::text = $2 or coalesce(t.live, false)
        or ((coalesce(c.team = $3, false) or coalesce(t.team, false)) and c.classification = 'standard')))`;

const filtered = `
  where ($7 = 'all' or ($7 = 'me' and caseworker_id::text = $2) or ($7 = 'unassigned' and caseworker_id is null) or caseworker_id::text = $7)
    and ($8::text is null or workflow || '.' || position = $8) and ($11::text is null or workflow = $11) and ($9::text is null or waiting = $9)
    and case coalesce($10, '') when 'overdue' then overdue when 'today' then today when 'tomorrow' then tomorrow when 'week' then week
          when 'soon' then due between $5::date and $5::date + ${near} else true end`;

const orders: Record<Sort, string> = {
  due: "array_position(array['critical','overdue','soon','later'], severity), due nulls last, reference",
  send: "array_position(array['critical','overdue','soon','later'], severity), send_by nulls last, reference",
  opened: "array_position(array['critical','overdue','soon','later'], severity), opened_on, reference",
  name: "array_position(array['critical','overdue','soon','later'], severity), last_name, name, reference",
};

const reader = (actor: Actor, today: Day): unknown[] => [
  actor.authority,
  actor.staffId,
  actor.team,
  isSenior(actor),
  today,
  endOfWeek(today),
];

const asked = ({ owner, process, position, due, waiting }: Filter): unknown[] => [
  owner,
  position ?? null,
  waiting ?? null,
  due ?? null,
  process ?? null,
];

export async function countWorklist(tx: Tx, actor: Actor, filter: Filter, today: Day): Promise<Counts> {
  const rows = await tx.query<{ severity: Group | null; count: number; children: number }>(
    `${base} select severity, count(*)::int as count, count(distinct id)::int as children from listed ${filtered}
     group by grouping sets ((severity), ())`,
    [...reader(actor, today), ...asked(filter)],
  );
  const of = (group: Group) => rows.find(({ severity }) => severity === group)?.count ?? 0;
  const counted = { critical: of('critical'), overdue: of('overdue'), soon: of('soon'), later: of('later') };
  const all = rows.find(({ severity }) => severity === null);
  return { groups: counted, total: all?.count ?? 0, children: all?.children ?? 0 };
}

export async function readWorklist(tx: Tx, actor: Actor, filter: Filter, today: Day): Promise<WorklistRow[]> {
  return tx.query<WorklistRow>(
    `${base} select id as "childId", reference, name, date_of_birth as "bornOn", caseworker_id as "caseworkerId", workflow, position, opened_on as "openedOn",
       waiting, severity as "group", due, duty, send_by as "sendBy", target, target_duty as "targetDuty"
     from listed ${filtered} order by ${orders[filter.sort]} limit ${pageSize} offset $12`,
    [...reader(actor, today), ...asked(filter), (filter.page - 1) * pageSize],
  );
}

export interface DayCounts {
  readonly overdue: number;
  readonly today: number;
  readonly tomorrow: number;
  readonly week: number;
  readonly advisers: number;
  readonly unassigned: number;
}

/** The counts of the Today page, each equal to the length of the list it opens. */
export async function countDay(tx: Tx, actor: Actor, owner: string, today: Day): Promise<DayCounts> {
  const [counts] = await tx.query<DayCounts>(
    `${base} select count(*) filter (where own and overdue)::int as overdue, count(*) filter (where own and today)::int as today,
       count(*) filter (where own and tomorrow)::int as tomorrow, count(*) filter (where own and week)::int as week,
       count(*) filter (where own and waiting = 'advisers')::int as advisers, count(*) filter (where caseworker_id is null)::int as unassigned
     from (select *, ($7 = 'all' or caseworker_id::text = $2) as own from listed) l`,
    [...reader(actor, today), owner],
  );
  return counts ?? { overdue: 0, today: 0, tomorrow: 0, week: 0, advisers: 0, unassigned: 0 };
}

/** Cases this person opened last, newest first. */
export async function recentlyViewed(
  tx: Tx,
  actor: Actor,
): Promise<{ childId: string; reference: string; name: string }[]> {
  return tx.query(
    `select c.id as "childId", c.reference, c.first_names || ' ' || c.last_name as name
     from (select child_id, max(at) as seen from (
             select child_id, at from access.audit where authority_id = $1 and actor = $2 and outcome = 'done' and action = 'openCaseOverview'
             order by at desc limit 400) newest
           group by child_id order by seen desc limit 5) v
     join case_file.child c on c.id = v.child_id order by v.seen desc`,
    [actor.authority, actor.staffId],
  );
}
