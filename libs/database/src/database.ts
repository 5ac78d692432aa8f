import pg from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntitySchema,
  type EntityTarget,
  type ObjectLiteral,
  type Repository,
} from 'typeorm';
import { codeOf } from './starter-lock';
import { countedClient, Traffic } from './traffic';

/** In whose name a transaction speaks. PostgreSQL shows it the rows of this authority and no others. */
export interface Identity {
  authority: string;
  /** The id of a person, or the name of the process that acts: it goes into the audit. */
  actor: string;
}

export type Row = Record<string, unknown>;

// A class of any shape: what TypeORM takes as an entity.
export type Entity = (abstract new (...args: never[]) => object) | EntitySchema;

export interface DatabaseOptions {
  /** The application's role, which owns nothing and is held by row level security. */
  url: string;
  entities: Entity[];
  poolSize?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
}

/** One transaction under one identity. A function that writes takes it, and so cannot be called outside of one. */
export class Tx {
  constructor(
    readonly manager: EntityManager,
    readonly identity: Identity,
  ) {}

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    return this.manager.getRepository(entity);
  }

  /** The rows of a select, or of a `returning` clause. */
  async query<T extends object = Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return (await this.send(sql, params)).records as T[];
  }

  /** How many rows the statement wrote. */
  async run(sql: string, params: readonly unknown[] = []): Promise<number> {
    return (await this.send(sql, params)).affected ?? 0;
  }

  private send(sql: string, params: readonly unknown[]) {
    const runner = this.manager.queryRunner;
    if (!runner) throw new Error('A transaction handle without its connection.');
    return runner.query(sql, [...params], true);
  }
}

/** The application's way to PostgreSQL: transactions under an identity, and single prepared statements for the hot path. */
export class Database {
  readonly traffic: Traffic;

  private constructor(
    private readonly source: DataSource,
    private readonly pool: pg.Pool,
    traffic: Traffic,
  ) {
    this.traffic = traffic;
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const traffic = new Traffic();
    const source = new DataSource({
      type: 'postgres',
      driver: pg,
      url: options.url,
      entities: options.entities as (EntitySchema | (new () => object))[],
      poolSize: options.poolSize ?? 10,
      applicationName: options.applicationName ?? 'send',
      connectTimeoutMS: 10_000,
      synchronize: false,
      installExtensions: false,
      // An idle connection that the server dropped is replaced by the pool; the next statement reports a server that is gone.
      poolErrorHandler: () => undefined,
      extra: { Client: countedClient(traffic), types: rowTypes },
    });
    await source.initialize();
    return new Database(source, poolOf(source), traffic);
  }

  get roundTrips(): number {
    return this.traffic.roundTrips;
  }

  get commits(): number {
    return this.traffic.commits;
  }

  /** All or nothing, under one identity, which ends with the transaction. */
  async transaction<T>(identity: Identity, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.source.transaction(async (manager) => {
      await manager.query("select set_config('app.authority', $1, true), set_config('app.actor', $2, true)", [
        identity.authority,
        identity.actor,
      ]);
      return work(new Tx(manager, identity));
    });
  }

  /**
   * One statement, one round trip, no BEGIN and no COMMIT around it. Prepared once per connection under its name, so the
   * same name must always carry the same text. There is no identity here: the SQL function that is called sets its own.
   */
  async one<T extends object = Row>(name: string, sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const result = await this.pool.query<T & pg.QueryResultRow>({ name, text: sql, values: [...params] });
    return result.rows;
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

/** The five-character code that PostgreSQL gave for a failure, however it was wrapped: '23505' is a repeated key. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error === 'object' && error !== null && 'driverError' in error) return codeOf(error.driverError);
  return codeOf(error);
}

const oid = { int8: 20, date: 1082 };

/** A civil date stays the string it is, never a moment in some time zone; counts and versions are numbers. */
const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') => {
    if (id === oid.date) return (value: string) => value;
    if (id === oid.int8) return Number;
    return pg.types.getTypeParser(id, format) as (value: string) => unknown;
  }) as typeof pg.types.getTypeParser,
};

/** TypeORM's pool serves the prepared statements too, so that one number bounds all connections of a process. */
function poolOf(source: DataSource): pg.Pool {
  const { driver } = source;
  if (!('master' in driver)) throw new Error('The PostgreSQL driver of TypeORM no longer shows its pool.');
  return driver.master as pg.Pool;
}
