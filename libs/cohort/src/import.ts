import { createHash } from 'node:crypto';
import { type Actor, systemActor, writeAudit } from '@send/access';
import { newId, type Tx } from '@send/database';
import type { Engine } from '@send/engine';
import type { Day } from '@send/statute';
import { type ExclusionRow, type FileKind, type FileRows, type Problem, readFile } from './csv-file';
import { beginExclusionRuns, tellCancelled } from './exclusion-runs';

export interface ToImport {
  readonly kind: FileKind;
  readonly fileName: string;
  readonly text: string;
  /** Who sent it: "Spring census 2026", "Notices of the schools". */
  readonly source: string;
  /** The days that the file speaks for. */
  readonly coversFrom: Day;
  readonly asOf: Day;
  /** Part-time timetables that the authority has agreed to must be whole. */
  readonly agreedByUs?: boolean;
}

export interface Imported {
  readonly importId: string;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  /** Runs begun for suspensions and exclusions. */
  readonly begun: number;
}

interface Known {
  readonly children: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
}

async function knownIn(tx: Tx, rows: readonly { upn: string; urn: string }[]): Promise<Known> {
  const upns = [...new Set(rows.map(({ upn }) => upn))];
  const urns = [...new Set(rows.map(({ urn }) => urn))];
  const children = await tx.query<{ upn: string; id: string }>(
    'select upn, id from case_file.child where upn = any($1)',
    [upns],
  );
  const settings = await tx.query<{ urn: string; id: string }>(
    'select urn, id from case_file.setting where urn = any($1)',
    [urns],
  );
  return {
    children: new Map(children.map(({ upn, id }) => [upn, id])),
    settings: new Map(settings.map(({ urn, id }) => [urn, id])),
  };
}

function unknownRows(rows: readonly { line: number; upn: string; urn: string }[], known: Known): Problem[] {
  return rows.flatMap(({ line, upn, urn }) => [
    ...(known.children.has(upn)
      ? []
      : [
          {
            line,
            column: 'UPN',
            message: `No child with the number ${upn} is on record. Enter the child first, or take the row out`,
          },
        ]),
    ...(known.settings.has(urn)
      ? []
      : [
          {
            line,
            column: 'SchoolURN',
            message: `No school with the number ${urn} is on record. Check the number, or take the row out`,
          },
        ]),
  ]);
}

interface Target {
  readonly table: string;
  readonly key: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
}

/** Where each kind goes: its natural key, and what a corrected file may correct. */
const targets: { readonly [K in FileKind]: Omit<Target, 'values'> & { readonly cells: (row: FileRows[K]) => unknown[] } } = {
  suspensions: {
    table: 'exclusion',
    key: ['category', 'first_day'],
    columns: ['last_day', 'sessions', 'reasons', 'sen_provision', 'exam', 'cancelled_on'],
    cells: (row) => [row.category, row.firstDay, row.lastDay, row.sessions, row.reasons, row.senProvision, row.exam, row.cancelledOn],
  },
  attendance: {
    table: 'attendance',
    key: ['on_day'],
    columns: ['morning', 'afternoon'],
    cells: (row) => [row.firstDay, row.morning, row.afternoon],
  },
  'part-time': {
    table: 'part_time',
    key: ['first_day'],
    columns: ['ends_on', 'review_on', 'hours_a_week', 'consent_by', 'consent_on', 'why'],
    cells: (row) => [row.firstDay, row.endsOn, row.reviewOn, row.hoursAWeek, row.consentBy, row.consentOn, row.why],
  },
  elsewhere: {
    table: 'elsewhere',
    key: ['kind', 'first_day'],
    columns: ['last_day'],
    cells: (row) => [row.kind, row.firstDay, row.lastDay],
  },
}; // prettier-ignore

const identified: ReadonlySet<FileKind> = new Set<FileKind>(['suspensions', 'part-time', 'elsewhere']);

/**
 * Takes a whole file or nothing of it: every fault is named with its line, and where there is one nothing is written. The
 * same file again changes nothing; a corrected one corrects the rows it names. New suspensions begin their runs.
 */
export async function importFile(
  tx: Tx,
  engine: Engine,
  actor: Actor,
  today: Day,
  file: ToImport,
): Promise<{ imported: Imported } | { problems: Problem[] }> {
  const { rows, problems } = readFile(file.kind, file.text, today);
  if (problems.length > 0) return { problems };
  const known = await knownIn(tx, rows);
  const unknown = unknownRows(rows, known);
  const lacking = file.agreedByUs === true ? notWhole(rows) : [];
  if (unknown.length + lacking.length > 0)
    return { problems: [...unknown, ...lacking].sort((a, b) => a.line - b.line) };

  const importId = newId();
  const target = targets[file.kind] as Omit<Target, 'values'> & { cells: (row: unknown) => unknown[] };
  const sha256 = createHash('sha256').update(file.text).digest('hex');
  await tx.run(
    `insert into cohort.import (id, authority_id, kind, file_name, sha256, source, as_of, covers_from, row_count, new_rows, changed_rows, imported_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10)`,
    [
      importId,
      tx.identity.authority,
      file.kind,
      file.fileName,
      sha256,
      file.source,
      file.asOf,
      file.coversFrom,
      rows.length,
      actor.staffId,
    ],
  );
  const own = identified.has(file.kind) ? ['id'] : [];
  const flagged = file.kind === 'part-time' ? ['agreed_by_us'] : [];
  const columns = [
    ...own,
    'authority_id',
    'child_id',
    'setting_id',
    'source',
    'as_of',
    'import_id',
    ...flagged,
    ...target.key,
    ...target.columns,
  ];
  const sql = `
    insert into cohort.${target.table} as t (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})
    on conflict (authority_id, child_id, setting_id, ${target.key.join(', ')}) do update set
      ${[...target.columns, 'source', 'as_of', 'import_id'].map((column) => `${column} = excluded.${column}`).join(', ')}
    where (${target.columns.map((column) => `t.${column}`).join(', ')}) is distinct from (${target.columns.map((column) => `excluded.${column}`).join(', ')})
    returning ${own.length === 0 ? 'null::uuid as id' : 't.id'}, (t.xmax = 0) as fresh`;
  let added = 0;
  let changed = 0;
  const fresh: { id: string; row: ExclusionRow; childId: string; settingId: string }[] = [];
  for (const row of rows) {
    const childId = known.children.get(row.upn) ?? '';
    const settingId = known.settings.get(row.urn) ?? '';
    const cells = [
      ...own.map(() => newId()),
      tx.identity.authority,
      childId,
      settingId,
      file.source,
      file.asOf,
      importId,
      ...flagged.map(() => file.agreedByUs === true),
      ...target.cells(row),
    ];
    const [written] = await tx.query<{ id: string; fresh: boolean }>(sql, cells);
    if (written === undefined) continue;
    if (written.fresh) added += 1;
    else changed += 1;
    if (written.fresh && file.kind === 'suspensions')
      fresh.push({ id: written.id, row: row as ExclusionRow, childId, settingId });
  }
  await tx.run('update cohort.import set new_rows = $2, changed_rows = $3 where id = $1', [importId, added, changed]);
  const system = systemActor(tx.identity.authority);
  if (file.kind === 'suspensions') await tellCancelled(tx, engine, system, importId);
  const begun = await beginExclusionRuns(tx, engine, system, today, fresh);
  await writeAudit(tx, actor, {
    action: 'importFile',
    outcome: 'done',
    object: importId,
    reason: `${file.kind}: ${file.fileName}, ${rows.length} rows, ${added} new, ${changed} changed`,
  });
  return { imported: { importId, rows: rows.length, added, changed, same: rows.length - added - changed, begun } };
}

/** We agree to no part-time timetable without an end, a review and consent: R-COH-08. */
function notWhole(rows: readonly object[]): Problem[] {
  return (rows as FileRows['part-time'][]).flatMap((row) =>
    (
      [
        ['EndDate', row.endsOn],
        ['ReviewDate', row.reviewOn],
        ['ConsentDate', row.consentOn],
      ] as const
    ).flatMap(([column, value]) =>
      value === null
        ? [
            {
              line: row.line,
              column,
              message: `We agree to no part-time timetable without ${column === 'ConsentDate' ? 'consent' : column === 'EndDate' ? 'an end' : 'a review'}. Add the date, or import it as reported by the school`,
            },
          ]
        : [],
    ),
  );
}
