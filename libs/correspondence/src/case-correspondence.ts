import { addressees, adviserOf, childOf, yearGroupOf, type Held, type LetterTo, settingOf } from '@send/case-file';
import type { Database, Tx } from '@send/database';
import type { Correspondence } from '@send/engine';
import { type Catalogue, letterCatalogue, templateInForce } from '@send/letters';
import type { Day } from '@send/statute';
import type { ChildNow } from '@send/workflow-kit';

/** The people of the case file and the letters of the catalogue, as the engine asks about them. */
export class CaseCorrespondence implements Correspondence {
  constructor(
    private readonly database: Database,
    private readonly catalogue: Catalogue = letterCatalogue(),
  ) {}

  async child(tx: Tx, childId: string, on: Day): Promise<ChildNow> {
    const child = await childOf(tx, childId);
    return {
      dateOfBirth: child.dateOfBirth,
      yearGroup: yearGroupOf(child, on),
      attends: child.settingId !== null,
      lookedAfter: child.lookedAfter === true,
    };
  }

  needsApproval(letter: string): boolean {
    return needsApproval(this.catalogue, letter);
  }

  async addressees(
    identity: { authority: string; actor: string },
    childId: string,
    letters: readonly { key: string; to: string; letter: string }[],
    on: Day,
    tx?: Tx,
  ): Promise<{ of: Record<string, string[]>; held: string[] }> {
    return tx === undefined
      ? this.database.transaction(identity, (own) => this.lookUp(own, childId, letters, on))
      : this.lookUp(tx, childId, letters, on);
  }

  private async lookUp(
    tx: Tx,
    childId: string,
    letters: readonly { key: string; to: string; letter: string }[],
    on: Day,
  ) {
    const of: Record<string, string[]> = {};
    const held = new Map<string, Held>();
    for (const { key, to, letter } of letters) {
      const template = templateInForce(this.catalogue, letter, on);
      const ids = new Set<string>();
      for (const one of await whom(tx, to)) {
        const found = await addressees(tx, childId, one, on, letter);
        for (const each of found.send) {
          // Partners are told only what is written for them: a letter for health and the setting goes to no other.
          if (!toSeveral(to) || template === undefined || template.to.includes(each.kind)) ids.add(each.id);
        }
        // A child without a setting has no setting to tell; a family without anybody to tell is a task.
        if (!(toSeveral(to) && one === 'setting'))
          for (const each of found.held) held.set(`${each.id}:${each.why}`, each);
      }
      of[key] = [...ids];
    }
    return { of, held: [...held.values()].map(({ text }) => text) };
  }
}

/** A second person reads every letter that carries rights. */
export const needsApproval = ({ templates }: Catalogue, letter: string): boolean =>
  templates.some(({ id, rights }) => id === letter && rights !== 'none');

const toSeveral = (to: string): boolean => to === 'partners' || to === 'family-and-partners';

async function whom(tx: Tx, to: string): Promise<LetterTo[]> {
  if (to === 'partners') return ['health', 'social-care', 'setting'];
  if (to === 'family-and-partners') return ['parent-or-young-person', 'health', 'social-care', 'setting'];
  const [kind = '', id = ''] = to.split(':', 2);
  if (!isId(id)) return kind === to ? [to as LetterTo] : [`setting:${nobodyId}`];
  // A setting may be asked for advice as it is, without an entry of its own among the advisers; another authority has one.
  if ((kind === 'adviser' || kind === 'authority') && (await adviserOf(tx, id)) !== null) return [`adviser:${id}`];
  if (kind === 'adviser' && (await settingOf(tx, id)) !== null) return [`setting:${id}`];
  return [to as LetterTo];
}

const isId = (id: string): boolean => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);
const nobodyId = '00000000-0000-0000-0000-000000000000';
