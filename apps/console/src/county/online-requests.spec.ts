import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { addressKeysFrom } from '@send/correspondence';
import { openTestDatabase, type TestDatabase } from '../../../../test/database';
import { sendOnlineRequests } from './online-requests';

let place: TestDatabase;
beforeAll(async () => {
  place = await openTestDatabase();
});
afterAll(() => place.close());

it('sends requests that wait to be opened, sealed and on the day they say', async () => {
  await place.ownerQuery(
    `insert into access.authority (id, name, number, reference_prefix) values ('levelshire', 'Levelshire', '997', 'LV')`,
  );
  const sent = await sendOnlineRequests(place.database, addressKeysFrom(undefined, false), 'levelshire', '2026-11-22');
  const rows = await place.ownerQuery<{ asked_by: string; received_on: string; hidden: boolean; readable: boolean }>(
    `select asked_by, received_on::text, address_protected as hidden, position('Inventley'::bytea in ciphertext) > 0 as readable
     from case_file.online_request where outcome is null order by received_on`,
  );
  expect(rows).toHaveLength(sent);
  expect(rows).toEqual([
    { asked_by: 'parent', received_on: '2026-11-18', hidden: true, readable: false },
    { asked_by: 'school', received_on: '2026-11-21', hidden: false, readable: false },
    { asked_by: 'young-person', received_on: '2026-11-22', hidden: false, readable: false },
  ]);
});
