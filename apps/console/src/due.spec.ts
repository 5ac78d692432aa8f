import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { jest } from '@jest/globals';
import { answerDue as answer, type DueAnswer as Answer } from '@send/statute';
import { due } from './due';

describe('answer', () => {
  it.each([
    // Ombudsman 25 018 809: request 21 May 2025.
    [{ id: 1, dutyId: 'plan.issue-final', asked: '2025-05-21' }, '2025-10-08'],
    [{ id: 2, dutyId: 'assessment.notify-no-plan', asked: '2025-05-21' }, '2025-09-10'],
    // By its shorter name.
    [{ id: 3, duty: 'assessment.final-plan', asked: '2025-04-01' }, '2025-08-19'],
    // B1: the day before, whatever the phase.
    [
      {
        id: 4,
        dutyId: 'review.phase-transfer-31-march',
        asked: '2026-09-01',
        year: 2026,
        phases: ['secondary-to-post-16'],
      },
      '2026-03-30',
    ],
    [{ id: 5, duty: 'phase-transfer', asked: '2026-09-01', phases: ['secondary-to-post-16'] }, '2026-03-30'],
    [
      { id: 6, duty: 'phase-transfer', asked: '2026-09-01', phases: ['infant-to-junior', 'primary-to-secondary'] },
      '2026-02-14',
    ],
    [{ id: 7, dutyId: 'appeal.time-limit', limb: 'certificate', asked: '2026-01-31' }, '2026-02-28'],
    [{ id: 8, dutyId: 'appeal.time-limit', limb: 'notice', asked: '2024-10-01' }, '2024-12-01'],
    // Reg 18(3), spent: transfers of 1 September 2015 only.
    [{ id: 9, dutyId: 'review.phase-transfer-2015-transitional', asked: '2015-09-01' }, '2015-05-30'],
  ])('%j is due on %s', (question, dueBy) => {
    const found = answer(question);
    expect(found.error).toBeUndefined();
    expect(found.dueBy).toBe(dueBy);
    expect(found.law).toBeTruthy();
    expect(found.why).toContain(found.law);
  });

  it.each([
    [{ id: 1, dutyId: null, duty: 'other', asked: '1998-11-20' }, 'Unknown duty'],
    [{ id: 2, dutyId: 'plan.nonsense', asked: '2026-01-01' }, 'Unknown duty'],
    [{ id: 3, asked: '2026-01-01' }, 'Unknown duty'],
    [{ id: 4, dutyId: 'plan.issue-final', asked: null }, 'No date'],
    [{ id: 5, dutyId: 'plan.issue-final', asked: '2026-02-29' }, 'Impossible date'],
    [{ id: 6, dutyId: 'plan.issue-final', asked: '2026-2-9' }, 'Impossible date'],
    [{ id: 7, dutyId: 'plan.issue-final', asked: 20260209 }, 'Impossible date'],
    [{ id: 8, dutyId: 'plan.issue-final', asked: '1895-01-01' }, 'Impossible date'],
    [{ id: 9, dutyId: 'plan.issue-final', asked: '2014-08-31' }, 'not in force'],
    [
      { id: 10, dutyId: 'unopposed-appeal.assess-notify', asked: '2015-03-22' },
      'unopposed-appeal.as-made-version applied then',
    ],
    [{ id: 11, dutyId: 'appeal.time-limit', limb: 'other', asked: '2026-01-01' }, 'limb must be'],
    [{ id: 12, dutyId: 'review.phase-transfer-31-march', asked: '2026-09-01', year: 'soon' }, 'year must be'],
    [{ id: 13, dutyId: 'exclusion.board-permanent', asked: '2026-09-10' }, "setting's term dates"],
    [{ id: 14, dutyId: 'transfer.old-authority-sends-plan', asked: '2028-12-20' }, 'does not reach'],
    [
      { id: 15, duty: 'phase-transfer', asked: '2026-09-01', phases: ['infant-to-junior', 'secondary-to-post-16'] },
      'give dutyId',
    ],
  ])('%j has an error', (question, text) => {
    const found = answer(question);
    expect(found.id).toBe(question.id);
    expect(found.dueBy).toBeNull();
    expect(found.error).toContain(text);
  });

  it('a duty without a limit has no day and is no error', () => {
    const found = answer({ id: 1, dutyId: 'assessment.seek-advice', asked: '2026-11-02' });
    expect(found).toMatchObject({ dueBy: null, why: expect.stringContaining('As soon as practicable') });
    expect(found.error).toBeUndefined();
  });
});

describe('due FILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'due-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  async function run(content: string | null): Promise<{ code: number; out: string; err: string }> {
    const file = join(folder, 'cases.json');
    if (content !== null) writeFileSync(file, content);
    let out = '';
    let err = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
    jest.spyOn(console, 'error').mockImplementation((text) => void (err += String(text)));
    const code = await due(content === null ? [join(folder, 'absent.json')] : [file]);
    return { code, out, err };
  }

  it('prints the answers and exits 0', async () => {
    const { code, out } = await run('[{"id":"a","dutyId":"plan.issue-final","asked":"2026-11-02"}]');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([
      {
        id: 'a',
        dutyId: 'plan.issue-final',
        dueBy: '2027-03-22',
        law: 'SEND Regs 2014 reg 13(2)',
        why: '20 weeks from 2 November 2026, when the request was received: SEND Regs 2014 reg 13(2)',
      },
    ]);
  });

  it('answers the other rows when one is wrong, and exits 1', async () => {
    const { code, out } = await run(
      '[{"id":"a","dutyId":"nonsense","asked":"2026-11-02"},7,{"id":"c","dutyId":"plan.issue-final","asked":"2026-11-02"}]',
    );
    expect(code).toBe(1);
    expect((JSON.parse(out) as Answer[]).map(({ dueBy }) => dueBy)).toEqual([null, null, '2027-03-22']);
  });

  it.each([
    ['{"id":1}', 'must hold a JSON array'],
    ['not json', 'is not JSON'],
    [null, 'cannot be read'],
  ])('a file of %j cannot be used: exit 2', async (content, message) => {
    const { code, out, err } = await run(content);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});

/** The law pack is not part of the project; where it lies beside it, every published case is asked. */
const published = resolve(import.meta.dirname, '../../../../shared/law/worked-cases.json');

(existsSync(published) ? describe : describe.skip)('published cases', () => {
  interface Case {
    id: string;
    comparable: boolean;
    publishedDueDate: string | null;
    expectedByDefault?: string | null;
    inTimeUntil?: string;
  }
  const cases = existsSync(published) ? (JSON.parse(readFileSync(published, 'utf8')) as Case[]) : [];
  it.each(cases.map((row) => [row.id, row] as const))('%s', (_id, row) => {
    const found = answer(row);
    expect(found.dueBy).toBe(row.comparable ? row.publishedDueDate : (row.expectedByDefault ?? null));
    if (row.inTimeUntil !== undefined) expect(found.inTimeUntil).toBe(row.inTimeUntil);
  });
});
