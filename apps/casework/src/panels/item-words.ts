/** Where a case before a panel stands, on lists. */
export const positionsInWords: Readonly<Record<string, string>> = {
  referred: 'Waiting for a panel',
  onAgenda: 'On an agenda',
  heard: 'Heard',
  recommended: 'The panel has recommended',
  deferred: 'Deferred',
  decided: 'Decided',
  decidedWithout: 'Decided without the panel',
  withdrawn: 'Withdrawn',
  ended: 'Ended',
};
