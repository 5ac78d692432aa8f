import { readFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { answerDue, type DueAnswer, type DueQuestion } from '@send/statute';

const notAQuestion: DueAnswer = {
  id: null,
  dutyId: null,
  dueBy: null,
  law: null,
  why: null,
  error: 'A row must be an object.',
};

const isQuestion = (row: unknown): row is DueQuestion => typeof row === 'object' && row !== null && !Array.isArray(row);

/**
 * `due FILE.json`: prints the answers as one JSON array. Exit code 0 when every row was answered, 1 when any row has an
 * `error`, 2 when the file itself could not be used.
 */
export async function due(argv: readonly string[]): Promise<number> {
  const [file, ...rest] = argv;
  if (file === undefined || rest.length > 0) {
    console.error('Usage: npm run --silent due -- FILE.json');
    return 2;
  }
  let rows: unknown;
  try {
    rows = JSON.parse(await readFile(file, 'utf8'));
  } catch (problem) {
    const reason =
      problem instanceof SyntaxError ? `is not JSON: ${problem.message}` : 'cannot be read. Does it exist?';
    console.error(`${file} ${reason}`);
    return 2;
  }
  if (!Array.isArray(rows)) {
    console.error(`${file} must hold a JSON array of questions: [{"id", "dutyId", "asked"}, ...]`);
    return 2;
  }
  const answers = rows.map((row: unknown) => (isQuestion(row) ? answerDue(row) : notAQuestion));
  process.stdout.write(`${JSON.stringify(answers, null, 2)}\n`);
  return answers.some(({ error }) => error !== undefined) ? 1 : 0;
}

const [, script, ...argv] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href) {
  process.exitCode = await due(argv);
}
