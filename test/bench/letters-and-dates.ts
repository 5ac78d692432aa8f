import { compose, exampleValues, type LetterValues, typesetLetter } from '../../libs/letters/src/index';
import { readLetterHtml } from '../../libs/letters/src/html';
import { drawBlocks } from '../../libs/letters/src/typeset';
import { type Day, deadline, type Facts, isCannotCompute } from '../../libs/statute/src/index';
import { ownTime } from './processor-time';

const on: Day = '2026-12-10';
const templates = ['assessment.refuse', 'assessment.agree', 'plan.final'];

/** How many a second of processor: one thread computes, and what else the machine does meanwhile is not counted. */
function perSecond<T>(work: readonly T[], one: (piece: T) => void): number {
  const began = ownTime();
  for (const piece of work) one(piece);
  return work.length / ((ownTime() - began) / 1_000_000);
}

export interface LetterSpeed {
  /** Letters a second from values to PDF: template, checks, tagged PDF/UA. */
  readonly whole: number;
  /** The typesetter alone, on the same content. */
  readonly typesetter: number;
}

interface Job {
  readonly template: string;
  readonly values: LetterValues;
}

let families = 0;

/** Letters as they come: of every kind in turn, and each to another family about another child for its own reasons. */
function newLetters(count: number): Job[] {
  return Array.from({ length: count }, (_, index): Job => {
    const values = exampleValues('parent');
    const name = `Robin${String((families += 1))}`;
    values.ourReference = `LV-2026-${String(families).padStart(6, '0')}`;
    values.recipient = { ...values.recipient, name: `Ms Ash ${name}`, salutation: `Ms ${name}` };
    values.child = { ...values.child, firstName: name, fullName: `${name} Ash` };
    if (values.reasons)
      values.reasons = values.reasons.map((reason) => `${reason} We read page ${families} of the papers on ${name}.`);
    return { template: templates[index % templates.length] ?? '', values };
  });
}

const written = ({ template, values }: Job) => {
  const letter = compose(template, values, on);
  if (letter.problems.length > 0) throw new Error(`${template}: ${JSON.stringify(letter.problems)}`);
  return letter;
};

/** Each round sets as many letters of the same kinds both ways, one beside the other. */
export function lettersPerSecond(rounds: number, letters: number): LetterSpeed[] {
  const round = (): LetterSpeed => {
    const content = newLetters(letters)
      .map(written)
      .map(({ title, html }) => JSON.stringify({ title, blocks: readLetterHtml(html).blocks }));
    const jobs = newLetters(letters);
    return {
      typesetter: perSecond(content, (data) => drawBlocks(data, on)),
      whole: perSecond(jobs, (job) => typesetLetter(written(job))),
    };
  };
  round();
  return Array.from({ length: rounds }, round);
}

const facts: Facts = {
  requestReceived: '2027-01-12',
  decidedToAssess: '2027-02-09',
  adviceRequestReceived: '2027-02-10',
  draftPlanSent: '2027-04-20',
  draftPlanServed: '2027-04-22',
  decidedNotToAssess: '2027-02-09',
  decisionNoticeSent: '2027-02-09',
};

const duties = [
  'assessment.decide-whether-to-assess',
  'assessment.advice-due',
  'assessment.notify-no-plan',
  'plan.issue-final',
  'assessment.proceed-to-plan-by-week-16',
  'plan.representations-window',
];

/** Legal days a second, by every way of counting that an assessment uses, with explanations off. */
export function datesPerSecond(rounds: number, dates: number): number[] {
  const asked = Array.from({ length: dates }, (_, index) => duties[index % duties.length] ?? '');
  const round = (): number =>
    perSecond(asked, (duty) => {
      const found = deadline(duty, facts, undefined, { explain: false });
      if (isCannotCompute(found)) throw new Error(`${duty}: ${found.why}`);
    });
  round();
  return Array.from({ length: rounds }, round);
}
