import { newId } from '../../libs/database/src/index';
import type { Engine } from '../../libs/engine/src/index';
import { type Ask, caseworker, type Case, plainCommands } from './plain-case';

/**
 * The limit: what no engine on this server could beat. The rows that each plain command leaves are known beforehand, and
 * one prepared statement writes them in one transaction and one round trip. Nothing is read, asked, computed or checked,
 * no wall between authorities stands in the way, and an update names only the columns that change.
 */
export interface LimitStatement {
  readonly name: string;
  readonly text: string;
  /** The values for one case. Each fact has an id and a key of its own. */
  values(of: Case): unknown[];
}

type Stored = Readonly<Record<string, string | null>>;

const columnTypes = new Map<string, string>();

/** Takes one case through the engine, and notes what each command left behind. */
export async function writeDown(engine: Engine, ask: Ask, sample: Case): Promise<LimitStatement[]> {
  for (const { name, type } of await ask<{ name: string; type: string }>(
    `select table_schema || '.' || table_name || '.' || column_name as name, udt_name as type from information_schema.columns
     where table_schema in ('engine', 'access')`,
  ))
    columnTypes.set(name, type);
  const statements: LimitStatement[] = [];
  let was = await stateOf(ask, sample);
  for (const given of plainCommands) {
    const outcome = await engine.act(sample.runId, { ...given, key: newId() }, caseworker);
    if (!outcome.done) throw new Error(`${given.command} was not done: ${JSON.stringify(outcome)}`);
    const now = await stateOf(ask, sample);
    statements.push(statementFor(was, now));
    was = now;
  }
  return statements;
}

interface State {
  run: Stored;
  deadlines: Map<string, Stored>;
  fact: Stored;
  audit: Stored;
  outbox: number;
}

/** Everything as text, so that it is written again exactly as it was. */
async function stateOf(ask: Ask, { runId }: Case): Promise<State> {
  const read = async (sql: string): Promise<Stored[]> =>
    (
      await ask<{ stored: [string, string | null][] }>(
        `select (select jsonb_agg(jsonb_build_array(key, value)) from jsonb_each_text(to_jsonb(t))) as stored from (${sql}) t`,
        [runId],
      )
    ).map(({ stored }) => Object.fromEntries(stored));
  const [run] = await read('select * from engine.run where id = $1');
  const [fact] = await read('select * from engine.fact where run_id = $1 order by seq desc limit 1');
  const [audit] = await read('select * from access.audit where run_id = $1 order by id desc limit 1');
  const deadlines = await read('select * from engine.deadline where run_id = $1');
  const outbox = await read('select id from engine.outbox where run_id = $1');
  if (run === undefined || fact === undefined) throw new Error('The case to be written down is not there');
  return {
    run,
    fact,
    audit: audit ?? {},
    deadlines: new Map(deadlines.map((row) => [row['key'] ?? '', row])),
    outbox: outbox.length,
  };
}

type Value = (of: Case) => unknown;

function statementFor(was: State, now: State): LimitStatement {
  if (now.outbox !== was.outbox) throw new Error('A plain command sends nothing');
  const values: Value[] = [];
  const slot = (table: string, column: string, value: Value): string => {
    values.push(value);
    return `$${values.length}::${columnTypes.get(`${table}.${column}`) ?? 'text'}`;
  };
  const own: Record<string, Value> = { run_id: (of) => of.runId, child_id: (of) => of.childId };
  const put = (table: string, row: Stored, without: readonly string[], fresh: Record<string, Value> = {}): string => {
    const columns = Object.keys(row).filter(
      (column) => !without.includes(column) && (row[column] !== null || column in fresh),
    );
    const given = columns.map((column) => slot(table, column, fresh[column] ?? own[column] ?? (() => row[column])));
    return `insert into ${table} (${columns.join(', ')}) values (${given.join(', ')})`;
  };
  const alter = (table: string, before: Stored, after: Stored, which: string): string => {
    const changed = Object.keys(after).filter((column) => after[column] !== before[column]);
    const sets = changed.map((column) => `${column} = ${slot(table, column, () => after[column])}`);
    return `update ${table} set ${sets.join(', ')} where ${which}`;
  };
  const parts = [alter('engine.run', was.run, now.run, `id = ${slot('engine.run', 'id', (of) => of.runId)}`)];
  for (const [key, row] of now.deadlines) {
    const before = was.deadlines.get(key);
    if (before === undefined) parts.push(put('engine.deadline', row, []));
    else if (JSON.stringify(before) !== JSON.stringify(row)) {
      const which = `run_id = ${slot('engine.deadline', 'run_id', (of) => of.runId)} and key = ${slot('engine.deadline', 'key', () => key)}`;
      parts.push(alter('engine.deadline', before, row, which));
    }
  }
  parts.push(put('engine.fact', now.fact, ['recorded_at'], { id: () => newId(), command_key: () => newId() }));
  parts.push(put('access.audit', now.audit, ['at', 'fields'], { id: () => newId() }));
  const last = parts.pop() ?? '';
  const text = `with ${parts.map((part, index) => `w${index} as (${part})`).join(', ')} ${last}`;
  let name = texts.get(text);
  if (name === undefined) texts.set(text, (name = `limit-${texts.size + 1}`));
  return { name, text, values: (of) => values.map((value) => value(of)) };
}

/** Commands that change the same columns share one prepared statement. */
const texts = new Map<string, string>();
