import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../../test/database';
import { makeOrganisation } from './organisation';
import { RowSheet } from './row-sheet';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
}, 60_000);
afterAll(() => test.close());

it('has three county panels, quorate when all their members come, with sittings past and next', async () => {
  const sheet = new RowSheet();
  const size = { id: 'levelshire', plans: 300 } as Parameters<typeof makeOrganisation>[0];
  makeOrganisation(size, '2026-11-22', 'seed', sheet);
  await sheet.write(test.database, 'levelshire');
  const kinds = await test.ownerQuery<{
    id: string;
    quorum: number;
    required_roles: string[];
    members: number;
    roles: string[];
  }>(
    `select k.id, k.quorum, k.required_roles, count(*)::int as members, array_agg(s.represents) as roles
     from panels.kind k join panels.seat s on s.kind_id = k.id group by k.authority_id, k.id order by k.id`,
  );
  expect(kinds.map(({ id }) => id)).toEqual(['assessment-east', 'assessment-mid', 'assessment-west']);
  for (const { quorum, members, roles, required_roles } of kinds) {
    expect(members).toBeGreaterThanOrEqual(quorum);
    expect(roles).toEqual(expect.arrayContaining(required_roles));
  }
  const [sittings] = await test.ownerQuery(
    `select count(*) filter (where meets_on < '2026-11-22')::int as past, count(*) filter (where meets_on > '2026-11-22')::int as next from panels.sitting`,
  );
  expect(sittings).toEqual({ past: expect.any(Number), next: expect.any(Number) });
  expect(Math.min(Number(sittings?.['past']), Number(sittings?.['next']))).toBeGreaterThanOrEqual(3);
});
