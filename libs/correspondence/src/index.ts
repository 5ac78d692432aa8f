export { addressKeysFrom } from './address-key-setting';
export { CaseCorrespondence } from './case-correspondence';
export { noteEarlierLetters, stillHeld, writeLettersOwed } from './earlier-letters';
export { FileDrop, type Manifest } from './file-drop';
export { HandOver, type HandedOver, type HandOverOptions, type HandOverStep, HandOverStopped } from './hand-over';
export { type Checked, type Desked, type DeskOptions, LetterDesk, type LetterToBe, type Preview } from './letter-desk';
export { type LetterRow, letterRow, type LetterStatus, lettersOfChild, lettersWaiting, type OwnWords } from './telling';
