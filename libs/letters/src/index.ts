export {
  type Catalogue,
  letterCatalogue,
  type LetterTemplate,
  loadCatalogue,
  type Rights,
  templateInForce,
} from './catalogue';
export { checkLetter, type CheckedLetter } from './check';
export { compose, type ComposedLetter, requiredValues } from './compose';
export { dayInWords } from './wording';
export { readability, type Readability } from './readability';
export { typesetLetter, type TypesetJob, type TypesetLetter } from './typeset';
export { Typesetter, type TypesetterOptions } from './typesetter';
export * from './values';
export { typicalValues as exampleValues } from './example-values';
