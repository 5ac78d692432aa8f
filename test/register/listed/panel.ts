import type { ListedLetter } from './listed';

const inside = 'Read in the system only, never sent: ';

export const panelLettersListed: readonly ListedLetter[] = [
  { letter: 'panel.pack-cover', because: `${inside}the pack’s own page, and each view of it is noted` },
  { letter: 'panel.outcome-memo', because: `${inside}the page of the case before the panel, and the minutes` },
  { letter: 'panel.audit-sample', because: `${inside}the page of the sample` },
];
