/** Who acts. The codes are those of the access table: CW caseworker ... AU auditor. */
export const roles = {
  CW: 'Caseworker',
  SM: 'Senior caseworker or manager',
  PC: 'Panel chair',
  PM: 'Panel member',
  AV: 'Adviser',
  SE: 'SENCO or head teacher',
  PA: 'Parent or carer',
  YP: 'Young person',
  IA: 'SENDIASS adviser',
  AD: 'Administrator',
  AU: 'Auditor',
} as const;

export type Role = keyof typeof roles;

export const roleCodes = Object.keys(roles) as Role[];

/**
 * One cell of the access table. Scopes are alternatives, whichever is met first: `A` any case of the authority, `T` own
 * team's, `C` with a live relationship, `P` on their panel, `S` and `own` their own data, child, advice or letter,
 * `own+C` their own on a case they still have to do with, `own file` the record of who looked at their own file,
 * `S*` as `S` unless the child asked for privacy. `ask` may only ask for it, `consent` may allow it for what is theirs.
 * Conditions come on top: `R` a reason, `2` a second person. A cell of conditions alone is for any case.
 */
type Scope = 'A' | 'T' | 'C' | 'S' | 'P' | 'own';
export type Cell =
  | '-'
  | Scope
  | 'R'
  | '2'
  | 'S*'
  | 'own+C'
  | 'own file'
  | 'ask'
  | 'consent'
  | 'C,T'
  | 'T,A'
  | 'C,R'
  | 'C,2'
  | 'A,2'
  | 'R,2';

type Cells = readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell];

interface Line {
  /** The words of the access table, as a refusal says them: "You cannot {words}." */
  readonly words: string;
  readonly cells: Cells;
}

const line = (words: string, ...cells: Cells): Line => ({ words, cells });

/** Every action against every role, in the order CW SM PC PM AV SE PA YP IA AD AU. */
// prettier-ignore
const table = {
  searchCases: line('search cases', 'T', 'A', 'P', 'P', 'C', 'C', '-', '-', 'C', '-', 'R'),
  openCaseOverview: line('open case overview', 'C,T', 'A', 'P', 'P', 'C', 'C', 'S', 'S', 'C', '-', 'R'),
  openRestrictedCase: line('open restricted case', 'C', 'R', 'P', '-', 'C', 'C', 'S', 'S', 'C', '-', 'R'),
  seeRestrictedCaseExists: line('see that a restricted case exists', 'C', 'A', 'P', '-', 'C', 'C', 'S', 'S', 'C', '-', 'R'),
  readStaffNotes: line('read staff notes', 'C,T', 'A', 'P', '-', '-', '-', '-', '-', '-', '-', 'R'),
  writeStaffNotes: line('write staff notes', 'C', 'A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  readAdvice: line('read advice reports', 'C,T', 'A', 'P', 'P', 'own+C', 'C', 'S', 'S', 'C', '-', 'R'),
  submitAdvice: line('submit advice', '-', '-', '-', '-', 'C', 'C', '-', '-', '-', '-', '-'),
  readFamilyViews: line('read family views', 'C,T', 'A', 'P', 'P', 'C', 'C', 'S', 'S', 'C', '-', 'R'),
  writeFamilyViews: line('write family views', 'C', 'A', '-', '-', '-', '-', 'S', 'S', 'C', '-', '-'),
  readChildsOwnViews: line("read child's own views", 'C,T', 'A', 'P', 'P', 'C', 'C', 'S*', 'S', 'C', '-', 'R'),
  readContact: line('read normal address and contact', 'C,T', 'A', '-', '-', '-', 'C', 'S', 'S', '-', '-', 'R'),
  readProtectedAddress: line('read address not to be shared', 'C,R', 'R', '-', '-', '-', '-', 'own', 'own', '-', '-', 'R'),
  changeContact: line('change contact details', 'C', 'A', '-', '-', '-', '-', 'own', 'own', '-', '-', '-'),
  protectAddress: line('set or lift "do not share"', 'C,2', '2', '-', '-', '-', '-', 'ask', 'ask', '-', '-', '-'),
  recordParentalResponsibility: line('record parental responsibility or court order', 'C,2', '2', '-', '-', '-', '-', 'ask', '-', '-', '-', '-'),
  readDraftPlan: line('read draft plan', 'C,T', 'A', 'P', 'P', 'C', 'C', 'S', 'S', 'C', '-', 'R'),
  commentOnDraftPlan: line('comment on draft plan', 'C', 'A', '-', '-', 'C', 'C', 'S', 'S', 'C', '-', '-'),
  editPlan: line('edit plan', 'C', 'A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  signFinalPlan: line('sign final plan', '-', '2', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  recordEvent: line('record an event, move stage', 'C', 'A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  useException: line('use a legal exception', 'C,2', '2', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  undoEvent: line('undo an event (adds a reversing event)', '-', 'R,2', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  listForPanel: line('list a case for panel', 'C', 'A', 'P', '-', '-', '-', '-', '-', '-', '-', '-'),
  declareConflict: line('declare a conflict', 'C', 'A', 'P', 'P', '-', '-', '-', '-', '-', '-', '-'),
  recordRecommendation: line('record panel recommendation', '-', '-', 'P', '-', '-', '-', '-', '-', '-', '-', '-'),
  signDecision: line('sign a decision', '-', 'A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  draftLetter: line('draft a letter', 'C', 'A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  approveRightsLetter: line('approve a letter with appeal rights', '-', 'A,2', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  approveRoutineLetter: line('approve a routine letter', 'C', 'A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  releaseHeldLetter: line('release a held or unsure letter', '-', 'R,2', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  readLetters: line('read letters', 'C,T', 'A', 'P', '-', 'own', 'own', 'own', 'own', 'C', '-', 'R'),
  uploadDocument: line('upload a document', 'C', 'A', 'P', '-', 'C', 'C', 'S', 'S', 'C', '-', '-'),
  removeDocument: line('remove a document (kept, hidden, reasoned)', 'R', 'R', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  shareDocument: line('share a document with a person', 'C', 'A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  redactAndRelease: line('redact and release', 'C,2', '2', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  giveAccess: line('give or end access to a case', '-', 'A', '-', '-', '-', '-', 'consent', 'consent', '-', '-', '-'),
  allocateCases: line('allocate cases', '-', 'T,A', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  breakGlass: line('break-glass', 'R', 'R', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  exportCase: line('export a case (subject access)', '-', 'R,2', '-', '-', '-', '-', '-', '-', '-', '-', 'R'),
  readReports: line('reports with counts', 'T', 'A', '-', '-', '-', 'C', '-', '-', '-', '-', 'A'),
  manageUsers: line('manage users and roles', '-', '-', '-', '-', '-', '-', '-', '-', '-', '2', '-'),
  changeSettings: line('change settings or templates', '-', '-', '-', '-', '-', '-', '-', '-', '-', '2', '-'),
  readAudit: line('read audit log', 'own', 'T', '-', '-', '-', '-', 'own file', 'own file', '-', '-', 'A'),
  holdOrDeleteRecord: line('hold or delete a record', '-', 'R,2', '-', '-', '-', '-', '-', '-', '-', '2', '-'),
} as const satisfies Record<string, Line>;

export type Action = keyof typeof table;

export const actions = Object.keys(table) as Action[];

export const isAction = (name: string): name is Action => Object.hasOwn(table, name);

export const wordsOf = (action: Action): string => table[action].words;

export function cell(action: Action, role: Role): Cell {
  return table[action].cells[roleCodes.indexOf(role)] ?? '-';
}
