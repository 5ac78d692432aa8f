import type { Schema } from './command-schema';

const text: Schema = { type: 'string' };
const maybe: Schema = { type: ['string', 'null'] };
const day: Schema = { type: 'string', format: 'date' };
const id: Schema = { type: 'string', format: 'uuid' };
const count: Schema = { type: 'integer' };
const number: Schema = { type: ['integer', 'null'] };
const flag: Schema = { type: 'boolean' };
const open: Schema = { type: 'object' };
const part: Schema = { type: ['object', 'null'] };
const list = (items: Schema): Schema => ({ type: 'array', items });
const thing = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const item = thing({
  runId: id,
  childId: id,
  reference: text,
  name: text,
  settingName: maybe,
  kindId: maybe,
  question: text,
  position: text,
  sittingId: maybe,
  readyOn: maybe,
  legalDate: maybe,
  recommendation: maybe,
});
const rates = list(thing({ name: text, decided: number, agreed: number, rate: number, notFollowed: number }));

/** What the API answers about panels. */
export const panelSchemas: Readonly<Record<string, Schema>> = {
  PanelDone: thing({ done: { const: true } }),
  PanelMade: thing({ id }),
  PanelReferred: thing({ runId: id }),
  PanelCancelled: thing({ back: count }),
  PanelSigned: thing({ sha256: text }),
  Panels: thing({ kinds: list(open), sittings: list(open), runs: list(text) }),
  PanelSitting: thing({
    sitting: open,
    kind: open,
    agenda: thing({
      items: list(item),
      ready: list(item),
      notReady: list(item),
      warnings: list(thing({ item, why: text })),
    }),
    next: maybe,
    attendants: list(open),
    quorum: thing({ met: flag, present: count, needed: count, missingRoles: list(text) }),
    runs: flag,
    sits: flag,
    declared: list(id),
    closedToMe: count,
  }),
  PanelItem: thing({
    item,
    panel: part,
    legalTest: text,
    sitting: part,
    declared: text,
    paper: part,
    pack: part,
    said: list(open),
    declarations: list(open),
  }),
  PanelMinutes: thing({ sitting: open, minutes: open, runs: flag, complete: flag }),
  PanelRates: thing({ from: day, to: day, panels: rates, needs: rates, schools: rates }),
  AuditPlan: thing({ samples: list(open) }),
  AuditSample: thing({
    draw: open,
    cases: list(thing({ runId: id, reference: text, question: text, found: flag })),
  }),
  AuditedCase: thing({
    draw: open,
    runId: id,
    reference: text,
    question: text,
    said: list(open),
    finding: part,
    mayFind: flag,
  }),
};
