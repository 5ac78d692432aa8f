import { typesetLetter, type TypesetJob } from './typeset';

/** The entry of a typesetting process: one job in, one answer out, until the parent goes. */
interface Question {
  id: number;
  job: TypesetJob;
}

process.on('message', ({ id, job }: Question) => {
  try {
    answer({ id, letter: typesetLetter(job) });
  } catch (error) {
    answer({ id, fault: error instanceof Error ? error.message : String(error) });
  }
});

/** A parent that was killed meanwhile wants no answer: its going is seen by the closed channel. */
function answer(message: object): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

// A parent that was killed closes the channel: then there is nobody to work for.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the parent decides when its work is done.
process.on('SIGINT', () => undefined);
