import { openTestDatabase, type TestDatabase } from '../../../test/database';

describe('the wall between authorities', () => {
  let test: TestDatabase;
  const levelshire = { authority: 'levelshire', actor: 'officer-1' };
  const harrowmoor = { authority: 'harrowmoor', actor: 'officer-2' };

  beforeAll(async () => {
    test = await openTestDatabase();
    await test.ownerQuery(`do $$ begin
      set local role send_owner;
      create table case_file.probe (id int primary key, authority_id text not null, written date, words text);
      perform public.protect('case_file.probe');
    end $$`);
    await test.ownerQuery(
      `insert into case_file.probe values (1, 'levelshire', '2027-05-04', 'ours'), (2, 'harrowmoor', null, 'theirs')`,
    );
  });
  afterAll(async () => test.close());

  it('hides the rows of another authority', async () => {
    const seen = await test.database.transaction(levelshire, (tx) =>
      tx.query('select id, written from case_file.probe'),
    );
    expect(seen).toEqual([{ id: 1, written: '2027-05-04' }]);
  });

  it('hides every row from whoever says no authority, also after another transaction on the same connection', async () => {
    expect(await test.database.one('all-notes', 'select id from case_file.probe')).toEqual([]);
  });

  it('refuses a row in another authority’s name', async () => {
    const write = test.database.transaction(levelshire, (tx) =>
      tx.run(`insert into case_file.probe values (3, 'harrowmoor', null, 'smuggled')`),
    );
    await expect(write).rejects.toThrow('row-level security');
  });

  it('changes nothing of another authority', async () => {
    const change = (tx: { run: (sql: string) => Promise<number> }) =>
      tx.run(`update case_file.probe set words = 'x' where id = 2`);
    expect(await test.database.transaction(levelshire, change)).toBe(0);
    expect(await test.database.transaction(harrowmoor, change)).toBe(1);
  });

  it('gives the application no right to delete unless a migration grants it', async () => {
    const remove = test.database.transaction(levelshire, (tx) => tx.run('delete from case_file.probe'));
    await expect(remove).rejects.toThrow('permission denied');
  });
});

describe('a connection that is cut', () => {
  it('between two statements ends that transaction, and not the process', async () => {
    const test = await openTestDatabase();
    const anybody = { authority: 'levelshire', actor: 'officer-1' };
    const cut = test.database.transaction(anybody, async (tx) => {
      const [mine] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await test.ownerQuery('select pg_terminate_backend($1)', [mine?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await tx.query('select 1');
    });
    await expect(cut).rejects.toThrow();
    expect(await test.database.transaction(anybody, (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
    await test.close();
  });
});
