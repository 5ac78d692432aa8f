import { change, type Command, type RunContext } from '@send/workflow-kit';
import { recommendations } from './panel-decision/panel-decision.workflow';

/** What a process that asked a panel is told. It stands in its history and moves nothing: the panel only advises. */
export const panelToldCommands = {
  notePanelRecommendation: {
    fact: 'panelRecommended',
    law: 'Local practice: a panel advises, and delays no date (R-PAN-01)',
    label: 'The panel recommended',
    happened: 'The panel recommended',
    action: 'recordEvent',
    system: true,
    doors: ['record'],
    region: 'path',
    rank: 130,
    fields: {
      recommendation: { kind: 'choice', label: 'What the panel recommends', options: recommendations },
      reasons: { kind: 'paragraphs', label: 'The reasons' },
    },
  },
} as const satisfies Record<string, Command>;

/** For the `on` of the `path` region. */
export const panelTold = <C extends RunContext>() => ({ panelRecommended: { actions: change<C>(() => ({})) } });
