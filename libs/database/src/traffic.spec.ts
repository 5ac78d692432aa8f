import { openTestDatabase, type TestDatabase } from '../../../test/database';

describe('what the database was asked for', () => {
  let test: TestDatabase;
  beforeAll(async () => (test = await openTestDatabase()));
  afterAll(async () => test.close());

  it('is one round trip and one commit for a prepared statement', async () => {
    test.database.traffic.reset();
    expect(await test.database.one('add', 'select $1::int + 1 as sum', [41])).toEqual([{ sum: 42 }]);
    await test.database.one('add', 'select $1::int + 1 as sum', [1]);
    expect({ ...test.database.traffic }).toEqual({ roundTrips: 2, commits: 2 });
  });

  it('is BEGIN, identity, work and COMMIT for a transaction', async () => {
    test.database.traffic.reset();
    const identity = { authority: 'levelshire', actor: 'officer-1' };
    const seen = await test.database.transaction(identity, (tx) =>
      tx.query(`select current_setting('app.authority') as authority, current_setting('app.actor') as actor`),
    );
    expect(seen).toEqual([identity]);
    expect({ ...test.database.traffic }).toEqual({ roundTrips: 4, commits: 1 });
  });

  it('counts no commit for work that failed', async () => {
    test.database.traffic.reset();
    const failing = test.database.transaction({ authority: 'levelshire', actor: 'x' }, () =>
      Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    expect(test.database.commits).toBe(0);
  });

  it('agrees with what PostgreSQL itself counted', async () => {
    test.database.traffic.reset();
    for (let i = 0; i < 20; i += 1) await test.database.one('tick', 'select txid_current()');
    const [row] = await test
      .ownerQuery<{ calls: number }>(`create extension if not exists pg_stat_statements`)
      .then(() =>
        test.ownerQuery<{ calls: number }>(
          `select sum(calls)::int as calls from pg_stat_statements s join pg_database d on d.oid = s.dbid
         where d.datname = current_database() and query like '%txid_current%' and query not like '%pg_stat%'`,
        ),
      );
    expect(test.database.roundTrips).toBe(row?.calls);
  });
});
