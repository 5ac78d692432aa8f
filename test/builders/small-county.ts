import { type Actor, addStaff, type GrantKind, giveGrant, saveAuthority } from '@send/access';
import {
  addAdviser,
  type AdviserKind,
  addChild,
  addPerson,
  addSetting,
  type Child,
  protectAddress,
  relate,
  setAddress,
} from '@send/case-file';
import type { Database, Tx } from '@send/database';
import { CaseWorld, letterDetails, testKeys } from './case-with-family';

export interface SmallCounty {
  readonly world: CaseWorld;
  /** Staff of the second authority, who may see nothing of the first. */
  readonly stranger: Actor;
  /** A second senior: whoever writes does not approve. */
  readonly otherSenior: Actor;
  readonly settingId: string;
  readonly otherSettingId: string;
  readonly advisers: Readonly<Partial<Record<AdviserKind, string>>>;
  readonly known: Child;
}

/** A handful of invented people: two authorities, settings, advisers of every needed kind, and one child with two parents. */
export async function smallCounty(at: string): Promise<SmallCounty> {
  const world = await CaseWorld.open(at);
  const stranger = await secondAuthority(world.test.database);
  const other = { name: 'Noor Adeyemi', authority: 'levelshire', roles: ['SM'] as const, team: 'North' };
  const otherSenior: Actor = {
    ...other,
    staffId: await world.as(world.administrator, (tx) =>
      addStaff(tx, {
        name: other.name,
        email: 'noor.adeyemi@levelshire.example',
        roles: ['SM'],
        team: 'North',
        activeFrom: '2020-01-01',
      }),
    ),
  };
  const made = await world.as(world.caseworker, async (tx) => {
    const settingId = await addSetting(tx, {
      name: 'Invented Meadow Primary School',
      kind: 'community school',
      addressLines: ['School Lane', 'Levelham'],
      postcode: 'LV2 2AA',
    });
    const otherSettingId = await addSetting(tx, {
      name: 'Invented Brook Special School',
      kind: 'community special school',
      addressLines: ['Brook Road', 'Levelham'],
      postcode: 'LV2 3AB',
      section41: false,
    });
    const advisers: Partial<Record<AdviserKind, string>> = {};
    const service = async (kind: AdviserKind, name: string, role: string) => {
      advisers[kind] = await addAdviser(tx, {
        kind,
        name,
        role,
        organisation: 'Levelshire services',
        addressLines: ['Service House', 'Levelham'],
        postcode: 'LV1 2AB',
        fromDay: '2020-01-01',
      });
    };
    await service('health-commissioner', 'Levelshire Health Board', 'Commissioner');
    await service('health-professional', 'Dr Ada Invented', 'Community paediatrician');
    await service('educational-psychology', 'Bo Invented', 'Educational psychologist');
    await service('social-care', 'Children with Disabilities Team', 'Social care');
    await service('sensory-teacher', 'Cy Invented', 'Specialist teacher');
    const known = await addKnownChild(tx, world, settingId);
    return { settingId, otherSettingId, advisers, known };
  });
  return { world, stranger, otherSenior, ...made };
}

async function addKnownChild(tx: Tx, world: CaseWorld, settingId: string): Promise<Child> {
  const { caseworker, senior } = world;
  const child = await addChild(tx, {
    from: '2020-01-01',
    firstNames: 'Marigold',
    lastName: 'Inventedname',
    dateOfBirth: '2016-05-04',
    settingId,
    caseworkerId: caseworker.staffId,
    team: caseworker.team,
    lookedAfter: false,
  });
  await setAddress(tx, child.personId, { lines: ['9 Home Street', 'Levelham'], postcode: 'LV3 1AB' }, '2020-01-01');
  const grant = (staffId: string, kind: GrantKind) =>
    giveGrant(tx, { staffId, childId: child.id, kind, from: '2020-01-01' });
  await grant(caseworker.staffId, 'assigned');
  await grant(senior.staffId, 'team');
  const mother = await addPerson(tx, {
    kind: 'adult',
    title: 'Ms',
    firstNames: 'Petra',
    lastName: 'Inventedname',
    from: '2020-01-01',
    phone: '+441632960123',
    address: { lines: ['9 Home Street', 'Levelham'], postcode: 'LV3 1AB' },
  });
  await relate(tx, {
    childId: child.id,
    personId: mother,
    kind: 'parent',
    fromDay: '2020-01-01',
    parentalResponsibility: 'yes',
    confirmedBy: senior.staffId,
  });
  const father = await addPerson(tx, {
    kind: 'adult',
    title: 'Mr',
    firstNames: 'Quill',
    lastName: 'Inventedname',
    from: '2020-01-01',
  });
  await relate(tx, {
    childId: child.id,
    personId: father,
    kind: 'parent',
    fromDay: '2020-01-01',
    parentalResponsibility: 'not-known',
  });
  const hidden = await protectAddress(tx, caseworker, testKeys, {
    personId: father,
    address: { lines: ['1 Quiet Row', 'Farham'], postcode: 'LV9 9ZZ' },
    reason: 'A court order of invented facts says so',
    confirmedBy: senior.staffId,
    on: '2020-01-01',
  });
  if (!hidden.done) throw new Error(hidden.refused);
  return child;
}

async function secondAuthority(database: Database): Promise<Actor> {
  const setUp = { authority: 'harrowmoor', actor: 'set-up' };
  return database.transaction(setUp, async (tx) => {
    await saveAuthority(tx, {
      name: 'Harrowmoor Council',
      number: '998',
      referencePrefix: 'HAR',
      letterDetails: { ...letterDetails, serviceName: 'SEND service of Harrowmoor' },
    });
    const add = (name: string, roles: Actor['roles']) =>
      addStaff(tx, {
        name,
        email: `${name.toLowerCase().replace(' ', '.')}@harrowmoor.example`,
        roles: [...roles],
        team: 'South',
        activeFrom: '2020-01-01',
      });
    await add('Kit Marlow', ['SM']);
    await add('Lou Farrow', ['AD']);
    return {
      staffId: await add('Ira Novak', ['CW']),
      name: 'Ira Novak',
      authority: 'harrowmoor',
      roles: ['CW'],
      team: 'South',
    };
  });
}
