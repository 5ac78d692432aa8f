import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProvisionItem } from './papers.entity';
import { changedSections, type Comparable, comparePlans, missingLinks } from './plan-comparison';

const speech: ProvisionItem = {
  id: 'p1',
  section: 'F',
  what: 'Speech and language therapy',
  howOften: 'Weekly',
  howLong: '30 minutes',
  who: 'A speech and language therapist',
  where: 'At school',
  type: 'Therapy',
  starts: '2026-09-07',
  needs: ['n1'],
  outcomes: ['o1'],
};
const nurse: ProvisionItem = {
  ...speech,
  id: 'p2',
  section: 'G',
  what: 'A visit from the school nurse',
  needs: ['n2'],
};

const plan = (change: Partial<Comparable> = {}): Comparable => ({
  sections: { A: 'Likes trains', I: '' },
  needs: [
    { id: 'n1', section: 'B', need: 'Speaks in single words' },
    { id: 'n2', section: 'C', need: 'Has epilepsy' },
  ],
  outcomes: [{ id: 'o1', outcome: 'Asks for help in a sentence', byWhen: 'the end of Year 2' }],
  provision: [speech, nurse],
  namedSettingId: 's1',
  settingType: 'Mainstream school',
  ...change,
});

describe('two versions of a plan', () => {
  it('are the same where only spaces and capitals differ', () => {
    const again = plan({
      sections: { A: ' likes  trains ' },
      provision: [nurse, { ...speech, who: 'a Speech and language therapist' }],
    });
    expect(comparePlans(plan(), again)).toMatchObject({ same: true, changesFOrI: false });
  });

  it('differ field by field in an item that both have', () => {
    const found = comparePlans(
      plan(),
      plan({ provision: [{ ...speech, howOften: 'Monthly', who: 'A teaching assistant' }, nurse] }),
    );
    expect(found.provision.changed).toHaveLength(1);
    expect(found.provision.changed[0]?.fields).toEqual([
      { field: 'howOften', before: 'Weekly', after: 'Monthly' },
      { field: 'who', before: 'A speech and language therapist', after: 'A teaching assistant' },
    ]);
    expect(found).toMatchObject({ same: false, changesFOrI: true });
  });

  it('have items added and removed', () => {
    const ot: ProvisionItem = { ...speech, id: 'p3', what: 'Occupational therapy' };
    const found = comparePlans(plan(), plan({ provision: [ot, nurse] }));
    expect(found.provision.added.map(({ id }) => id)).toEqual(['p3']);
    expect(found.provision.removed.map(({ id }) => id)).toEqual(['p1']);
    expect(found.changesFOrI).toBe(true);
  });

  it('know an item that was typed anew by what it says', () => {
    const found = comparePlans(plan(), plan({ provision: [{ ...speech, id: 'new', howLong: '45 minutes' }, nurse] }));
    expect(found.provision).toMatchObject({ added: [], removed: [] });
    expect(found.provision.changed[0]?.fields).toEqual([
      { field: 'howLong', before: '30 minutes', after: '45 minutes' },
    ]);
  });

  it.each<[string, Partial<Comparable>, boolean]>([
    ['the text of F', { sections: { A: 'Likes trains', F: 'More' } }, true],
    ['the text of I', { sections: { A: 'Likes trains', I: 'A special school' } }, true],
    ['the named setting', { namedSettingId: 's2' }, true],
    ['the type of setting', { settingType: 'Special school' }, true],
    ['an item that moves out of F', { provision: [{ ...speech, section: 'H1' }, nurse] }, true],
    ['an item of G', { provision: [speech, { ...nurse, howOften: 'Daily' }] }, false],
    ['the views in A', { sections: { A: 'Likes buses' } }, false],
    ['an outcome', { outcomes: [] }, false],
    ['a need', { needs: [] }, false],
  ])('%s: whether F or I changed', (_what, change, expected) => {
    const found = comparePlans(plan(), plan(change));
    expect(found.same).toBe(false);
    expect(found.changesFOrI).toBe(expected);
  });

  it('name each section in which something is different, and no other', () => {
    const of = (change: Partial<Comparable>) => changedSections(comparePlans(plan(), plan(change)));
    expect(of({ provision: [speech, { ...nurse, howOften: 'Daily' }] })).toEqual(['G']);
    expect(of({ provision: [{ ...speech, section: 'H1' }, nurse] })).toEqual(['F', 'H1']);
    expect(of({ settingType: 'Special school', outcomes: [], sections: { A: 'Likes buses' } })).toEqual([
      'A',
      'E',
      'I',
    ]);
    expect(of({ provision: [nurse, speech] })).toEqual([]);
  });

  it('read the other way round turn added into removed, and before into after', () => {
    const item = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      what: fc.constantFrom('w1', 'w2', 'w3', 'w4', 'w5'),
    });
    const list = fc.uniqueArray(item, { selector: ({ id }) => id });
    fc.assert(
      fc.property(list, list, (one, two) => {
        const of = (rows: typeof one) => plan({ provision: rows.map((row) => ({ ...speech, ...row })) });
        const there = comparePlans(of(one), of(two)).provision;
        const back = comparePlans(of(two), of(one)).provision;
        expect(there.added).toHaveLength(back.removed.length);
        expect(there.removed).toHaveLength(back.added.length);
        expect(there.changed).toHaveLength(back.changed.length);
        expect(one.length + there.added.length - there.removed.length).toBe(two.length);
      }),
    );
  });
});

describe('links of a plan', () => {
  it('are missing where a need has no provision, and provision no need or outcome', () => {
    expect(missingLinks(plan())).toEqual({
      needsWithoutProvision: [],
      provisionWithoutNeed: [],
      provisionWithoutOutcome: [],
    });
    const { needs: _, outcomes: __, ...old } = speech;
    const found = missingLinks(plan({ provision: [old, { ...nurse, outcomes: ['gone'] }] }));
    expect(found.needsWithoutProvision.map(({ id }) => id)).toEqual(['n1']);
    expect(found.provisionWithoutNeed.map(({ id }) => id)).toEqual(['p1']);
    expect(found.provisionWithoutOutcome.map(({ id }) => id)).toEqual(['p1', 'p2']);
  });
});
