import { openTestDatabase, type TestDatabase } from '../../../test/database';
import type { Actor } from './actor';
import { accessEntities, auditOfChild, identityOf, sealAudit, verifyAudit, writeAudit } from './index';

describe('the audit', () => {
  let test: TestDatabase;
  const actor: Actor = { staffId: 'officer', name: 'Ada Marsh', authority: 'levelshire', roles: ['CW'], team: 'North' };
  const other: Actor = { ...actor, authority: 'harrowmoor' };
  const child = '01890000-0000-7000-8000-000000000001';

  const write = (count: number, by = actor) =>
    test.database.transaction(identityOf(by), async (tx) => {
      for (let n = 0; n < count; n += 1) {
        await writeAudit(tx, by, {
          action: 'openCaseOverview',
          outcome: 'done',
          childId: child,
          object: `page ${n}`,
          fields: ['name'],
        });
      }
    });

  beforeEach(async () => {
    test = await openTestDatabase({ entities: accessEntities });
  });
  afterEach(async () => test.close());

  it('is sealed in one chain for each authority, and read back by child', async () => {
    await write(1_205);
    await write(3, other);
    expect(await sealAudit(test.database, 'levelshire')).toMatchObject({ sealed: 1_205, head: { position: 1_205 } });
    expect(await sealAudit(test.database, 'harrowmoor')).toMatchObject({ sealed: 3, head: { position: 3 } });
    await write(2);
    const { sealed, head } = await sealAudit(test.database, 'levelshire');
    expect([sealed, head?.position]).toEqual([2, 1_207]);
    expect(await sealAudit(test.database, 'levelshire')).toMatchObject({ sealed: 0 });
    expect(await verifyAudit(test.database, 'levelshire', head)).toEqual([]);
    const rows = await test.database.transaction(identityOf(other), (tx) => auditOfChild(tx, child));
    expect(rows.map((row) => row.object)).toEqual(['page 2', 'page 1', 'page 0']);
  });

  it('names the row that was altered, taken away or slipped in', async () => {
    await write(5);
    const { head } = await sealAudit(test.database, 'levelshire');
    const ids = (await test.ownerQuery<{ id: string }>('select id from access.audit order by id')).map((row) => row.id);
    await test.ownerQuery(`update access.audit set object = 'nothing' where id = $1`, [ids[1]]);
    await test.ownerQuery('delete from access.audit where id = $1', [ids[3]]);
    await test.ownerQuery(
      `insert into access.audit (id, authority_id, actor, action, outcome) values (uuidv7(interval '-3 days'), 'levelshire', 'x', 'y', 'done')`,
    );
    const faults = await verifyAudit(test.database, 'levelshire', head);
    expect(faults.slice(0, 2)).toEqual([
      { auditId: ids[1], position: 2, fault: 'altered' },
      { auditId: ids[3], position: 4, fault: 'missing' },
    ]);
    expect(faults.slice(2)).toMatchObject([{ fault: 'never-sealed' }]);
  });

  it('finds a chain that was rewritten or cut short, by the head kept outside', async () => {
    await write(4);
    const { head } = await sealAudit(test.database, 'levelshire');
    await test.ownerQuery('delete from access.audit_seal where position = 4');
    expect(await verifyAudit(test.database, 'levelshire', head)).toMatchObject([{ fault: 'missing', position: 4 }]);
    await test.ownerQuery('delete from access.audit_seal');
    await test.ownerQuery(`update access.audit set actor = 'somebody else'`);
    await sealAudit(test.database, 'levelshire');
    expect(await verifyAudit(test.database, 'levelshire')).toEqual([]);
    expect(await verifyAudit(test.database, 'levelshire', head)).toMatchObject([
      { fault: 'chain-broken', position: 4 },
    ]);
  });

  it('takes one sealer at a time, however many call', async () => {
    await write(50);
    const all = await Promise.all([1, 2, 3, 4].map(() => sealAudit(test.database, 'levelshire')));
    expect(all.reduce((sum, one) => sum + one.sealed, 0)).toBe(50);
    expect(await verifyAudit(test.database, 'levelshire')).toEqual([]);
  });

  it.each([
    'update access.audit set actor = $$x$$',
    'delete from access.audit',
    'update access.audit_seal set hash = $$x$$',
    'delete from access.audit_seal',
  ])('refuses the application: %s', async (sql) => {
    await write(1);
    await expect(test.database.transaction(identityOf(actor), (tx) => tx.run(sql))).rejects.toThrow(
      'permission denied',
    );
  });

  it('keeps one entry on one line', async () => {
    await test.database.transaction(identityOf(actor), (tx) =>
      writeAudit(tx, actor, {
        action: 'breakGlass',
        outcome: 'done',
        childId: child,
        reason: 'urgent\n2027-01-01 admin signIn done',
      }),
    );
    const rows = await test.database.transaction(identityOf(actor), (tx) => auditOfChild(tx, child));
    expect(rows[0]?.reason).toBe('urgent 2027-01-01 admin signIn done');
  });
});
