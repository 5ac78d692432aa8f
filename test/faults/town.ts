import { accessEntities, actorFor, addStaff, beginSession, giveGrant, saveAuthority } from '@send/access';
import { addAdviser, addChild, addPerson, addPlanVersion, addSetting, caseFileEntities, relate } from '@send/case-file';
import { Database } from '@send/database';
import { addDays, type Day } from '@send/statute';
import { letterDetails } from '../builders/case-with-family';

export const authority = 'faultshire';

export interface Household {
  readonly childId: string;
  readonly settingId: string;
  readonly caseworkerId: string;
  /** Written beforehand: what a plan says is not what is tested. */
  readonly planVersionId: string;
}

/** Who works on the cases: the decision is one senior's, its second person the other. */
export interface Town {
  readonly households: readonly Household[];
  readonly seniors: readonly [first: string, second: string];
  /** In the order education, health, psychology, social care. */
  readonly advisers: readonly { readonly kind: string; readonly id: string }[];
}

const perCaseworker = 40;
const since = '2020-01-01';

/** An authority with invented children, each with one parent, and everybody whom an assessment writes to. */
export async function buildTown(database: Database, children: number, today: Day): Promise<Town> {
  const setUp = { authority, actor: 'set-up' };
  return database.transaction(setUp, async (tx) => {
    await saveAuthority(tx, {
      name: 'Faultshire County Council',
      number: '997',
      referencePrefix: 'FAU',
      letterDetails,
    });
    const staff = (name: string, role: 'CW' | 'SM') =>
      addStaff(tx, {
        name,
        email: `${name.toLowerCase().replace(/ /g, '.')}@faultshire.example`,
        roles: [role],
        team: 'North',
        activeFrom: since,
      });
    const seniors = [await staff('Sam Okafor', 'SM'), await staff('Robin Hale', 'SM')] as const;
    const caseworkers: string[] = [];
    for (let one = 0; one * perCaseworker < children; one += 1)
      caseworkers.push(await staff(`Dana Whitlock ${one + 1}`, 'CW'));
    const adviser = async (
      kind: string,
      as: 'health-commissioner' | 'social-care' | 'educational-psychology' | 'other',
      name: string,
    ) => ({
      kind,
      id: await addAdviser(tx, {
        kind: as,
        name,
        role: name.toLowerCase(),
        organisation: 'Faultham Services',
        addressLines: ['Mill Lane'],
        postcode: 'LV5 1AA',
        fromDay: since,
      }),
    });
    const advisers = [
      await adviser('education', 'other', 'Teaching service'),
      await adviser('health', 'health-commissioner', 'Health commissioner'),
      await adviser('psychology', 'educational-psychology', 'Psychology service'),
      await adviser('social-care', 'social-care', 'Social care team'),
    ];
    const settings: string[] = [];
    for (let one = 1; one <= 5; one += 1)
      settings.push(
        await addSetting(tx, {
          name: `Invented Primary ${one}`,
          kind: 'community school',
          addressLines: ['School Lane', 'Faultham'],
          postcode: 'LV2 2AA',
        }),
      );
    const households: Household[] = [];
    for (let number = 1; number <= children; number += 1) {
      const settingId = settings[number % settings.length] ?? '';
      const caseworkerId = caseworkers[Math.floor((number - 1) / perCaseworker)] ?? '';
      const lastName = `Invented${number}`;
      // Without an address of their own, so that what is for the child is a task and not one more letter to set in type.
      const child = await addChild(tx, {
        from: addDays(today, -400),
        firstNames: 'Rowan',
        lastName,
        dateOfBirth: addDays(today, -3_300 - number),
        settingId,
        caseworkerId,
        team: 'North',
        lookedAfter: false,
      });
      await giveGrant(tx, { staffId: caseworkerId, childId: child.id, kind: 'assigned', from: since });
      const personId = await addPerson(tx, {
        kind: 'adult',
        title: 'Ms',
        firstNames: 'Ruth',
        lastName,
        from: since,
        address: { lines: [`${number} Millbrook Close`, 'Faultham'], postcode: 'LV4 1QT' },
      });
      await relate(tx, {
        childId: child.id,
        personId,
        kind: 'parent',
        fromDay: since,
        parentalResponsibility: 'yes',
        confirmedBy: seniors[0],
      });
      const plan = await addPlanVersion(tx, child.id, 'draft', {
        sections: { A: 'She would like to read by herself.' },
        settingType: 'mainstream primary school',
        provision: [
          {
            id: 'f1',
            section: 'F',
            what: 'Reading with one adult',
            howOften: 'each school day',
            howLong: '20 minutes',
            who: 'the school',
            where: 'at school',
          },
        ],
      });
      households.push({ childId: child.id, settingId, caseworkerId, planVersionId: plan.id });
    }
    return { households, seniors, advisers };
  });
}

export const openTownDatabase = (url: string): Promise<Database> =>
  Database.open({
    url,
    entities: [...accessEntities, ...caseFileEntities],
    poolSize: 4,
    applicationName: 'send-faults',
  });

/** A session as the sign-in makes one. */
export async function signIn(database: Database, staffId: string, today: Day): Promise<string> {
  return database.transaction({ authority, actor: 'sign-in' }, async (tx) => {
    const actor = await actorFor(tx, staffId, today);
    if (actor === undefined) throw new Error('Nobody of that id works here.');
    return beginSession(tx, actor, new Date());
  });
}
