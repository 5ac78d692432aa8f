import { contact, hide, lift } from './contact-forms';
import type { PersonAct } from './person-act';
import { end, letters, responsibility } from './rights-forms';

const acts = { responsibility, letters, contact, protect: hide, lift, end } as const;

/** By the word in the page's address. */
export const personActs: ReadonlyMap<string, PersonAct> = new Map(Object.entries(acts));
