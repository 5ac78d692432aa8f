import type { Database } from '@send/database';

/** Tables of the county, each after those it refers to. */
// prettier-ignore
const tables = [
  'access.authority', 'access.staff', 'case_file.reference_counter', 'case_file.setting', 'case_file.setting_term', 'case_file.adviser',
  'case_file.person', 'case_file.child', 'access.case_grant', 'case_file.contact_point', 'case_file.relationship', 'case_file.address',
  'case_file.protected_address', 'case_file.plan_version', 'case_file.advice', 'case_file.note', 'case_file.notice', 'engine.run', 'engine.fact',
  'engine.begun', 'engine.given', 'engine.deadline', 'letters.letter', 'engine.outbox', 'engine.proposal', 'access.audit',
  'panels.kind', 'panels.seat', 'panels.sitting', 'panels.attendance', 'panels.paper',
] as const;

export type Table = (typeof tables)[number];

export type SheetRow = Readonly<Record<string, unknown>>;

/** Rows waiting to be written, by table. Every row of a table has the same columns. */
export class RowSheet {
  private readonly rows = new Map<Table, SheetRow[]>(tables.map((table) => [table, []]));

  add(table: Table, ...more: readonly SheetRow[]): void {
    this.rows.get(table)?.push(...more);
  }

  of(table: Table): readonly SheetRow[] {
    return this.rows.get(table) ?? [];
  }

  get count(): number {
    return [...this.rows.values()].reduce((sum, list) => sum + list.length, 0);
  }

  /** The same for the same rows, to the byte. */
  text(): string {
    return JSON.stringify([...this.rows]);
  }

  /**
   * Writes it all in one transaction, as the application itself would: one statement for each table, in the name of the
   * authority, so that the wall between authorities is never open.
   */
  async write(database: Database, authority: string): Promise<number> {
    await database.transaction({ authority, actor: 'seed' }, async (tx) => {
      // The county can be made again: it need not survive a power cut in this second.
      await tx.run('set local synchronous_commit to off');
      for (const [table, rows] of this.rows) {
        if (rows.length === 0) continue;
        const columns = Object.keys(rows[0] ?? {})
          .map((column) => `"${column}"`)
          .join(', ');
        await tx.run(
          `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
          [JSON.stringify(rows)],
        );
      }
    });
    return this.count;
  }
}
