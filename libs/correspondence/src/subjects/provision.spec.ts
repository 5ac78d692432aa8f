import { addPlanVersion, freezePlan, type ProvisionItem } from '@send/case-file';
import { newId } from '@send/database';
import { CaseWorld, done, type Family } from '../../../../test/builders/case-with-family';

let world: CaseWorld;
let family: Family;
let version: string;
let runId: string;

const speech = newId();
const item = (id: string, section: ProvisionItem['section'], what: string): ProvisionItem => ({
  id,
  section,
  what,
  howOften: 'once a week',
  howLong: '30 minutes',
  who: 'A therapist',
  where: 'At school',
});

beforeAll(async () => {
  world = await CaseWorld.open('2026-10-12');
  family = await world.family();
  version = await world.as(world.caseworker, async (tx) => {
    const made = await addPlanVersion(tx, family.child.id, 'final', {
      provision: [
        item(speech, 'F', 'Speech and language therapy'),
        item(newId(), 'G', 'Help with epilepsy'),
        item(newId(), 'H1', 'Short breaks'),
      ],
    });
    await freezePlan(tx, made.id, new Date('2026-09-14T09:00:00Z'), '2026-09-14');
    return made.id;
  });
  runId = done(
    await world.engine.begin(
      'provision-check',
      family.child.id,
      { command: 'startCheckOfPlan', key: newId(), fields: { on: '2026-09-14', planVersion: version } },
      world.caseworker,
      { door: 'record' },
    ),
  ).runId;
}, 120_000);
afterAll(() => world.close());

/** The letters of one kind as they would leave now. */
async function written(kind: string): Promise<string[]> {
  const found = (await world.letters(runId)).filter(({ letter }) => letter === `provision.${kind}`);
  return Promise.all(
    found.map(async ({ id }) => {
      const preview = await world.as(world.caseworker, (tx) => world.desk.preview(tx, id));
      expect({ kind, problems: preview?.problems }).toEqual({ kind, problems: [] });
      return (preview?.html ?? '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    }),
  );
}

describe('letters of a provision check', () => {
  it('ask each about what is theirs', async () => {
    for (const command of ['askFamily', 'askSetting', 'askHealth', 'askSocialCare']) await world.act(runId, command);
    const [toFamily] = await written('check-family');
    for (const words of [
      'dated 14 September 2026',
      'Speech and language therapy, 30 minutes, once a week',
      'Help with epilepsy',
      'Short breaks',
      '26 October 2026',
      '7 December 2026',
    ])
      expect(toFamily).toContain(words);
    const [toHealth] = await written('check-health');
    expect(toHealth).toContain('Help with epilepsy');
    expect(toHealth).not.toMatch(/Speech and language|Short breaks/);
    const [toCare] = await written('check-social-care');
    expect(toCare).toContain('Short breaks');
    expect(toCare).not.toContain('epilepsy');
  });

  it('remind with a day of their own', async () => {
    await world.act(runId, 'remind', { contact: 'family' });
    expect((await written('reminder'))[0]).toContain('by 19 October 2026');
  });

  it('tell the provider and the family what is missing, who does what, and by when', async () => {
    const account = (contact: string, items: unknown[]) =>
      world.act(runId, 'recordAccount', { contact, channel: 'phone', attends: 'yes', items });
    await account('family', [{ item: speech, delivered: 'not', since: '2026-09-21' }]);
    await account('setting', [{ item: speech, delivered: 'not' }]);
    await world.act(runId, 'agreeGapAction', {
      item: speech,
      action: 'Find a therapist from another service',
      owner: 'Therapy lead',
      dueOn: '2026-11-16',
      provider: 'health',
    });
    const [toProvider] = await written('escalate-provider');
    expect(toProvider).toContain('Speech and language therapy, 30 minutes, once a week');
    expect(toProvider).toContain('by 16 November 2026 : Find a therapist from another service');
    await world.act(runId, 'tellFamilyOfGaps');
    const [toFamily] = await written('outcome-gaps');
    expect(toFamily).toContain('Therapy lead');
    expect(toFamily).toContain('16 November 2026');
  });

  it('print the date of the next review only as the child’s own review has it', async () => {
    await world.act(runId, 'closeGap', { item: speech, contact: 'family', evidence: 'Two sessions were given' });
    expect((await written('closed'))[0]).toContain('We will write to you with the date.');
    await world.engine.begin(
      'annual-review',
      family.child.id,
      { command: 'startFromPlan', key: newId(), fields: { on: '2026-09-14' } },
      world.caseworker,
      { door: 'record' },
    );
    expect((await written('closed'))[0]).toContain('We must review the plan with you by 13 September 2027');
  });
});
