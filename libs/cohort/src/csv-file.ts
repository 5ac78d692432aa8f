import { type CsvError, parse } from 'csv-parse/sync';
import { type Day, isDay } from '@send/statute';
import { attendanceCodes, categories, type Category, elsewhereKinds, type ElsewhereKind, reasonCodes } from './codes';

/** What can be imported, and the columns of each file. Those with a question mark may be left out. */
export const fileKinds = {
  suspensions: {
    label: 'Suspensions and exclusions',
    columns: ['UPN', 'SchoolURN', 'Category', 'StartDate', 'EndDate?', 'Sessions', 'Reasons?', 'SENProvision?', 'Exam?', 'CancelledDate?'],
  },
  attendance: { label: 'Attendance', columns: ['UPN', 'SchoolURN', 'Date', 'AM', 'PM'] },
  'part-time': {
    label: 'Part-time timetables',
    columns: ['UPN', 'SchoolURN', 'StartDate', 'EndDate?', 'ReviewDate?', 'HoursPerWeek', 'ConsentBy?', 'ConsentDate?', 'Reason'],
  },
  elsewhere: { label: 'Off-site directions, managed moves, separations, sent home', columns: ['UPN', 'SchoolURN', 'Kind', 'StartDate', 'EndDate?'] },
} as const; // prettier-ignore
export type FileKind = keyof typeof fileKinds;

export interface Problem {
  /** As a spreadsheet counts: the line of column names is line 1. 0 where the whole file is meant. */
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

interface Named {
  readonly line: number;
  readonly upn: string;
  readonly urn: string;
  readonly firstDay: Day;
}
export interface ExclusionRow extends Named {
  readonly category: Category;
  readonly lastDay: Day | null;
  readonly sessions: number;
  readonly reasons: readonly string[];
  readonly senProvision: string | null;
  readonly exam: boolean;
  readonly cancelledOn: Day | null;
}
export interface AttendanceRow extends Named {
  readonly morning: string;
  readonly afternoon: string;
}
export interface PartTimeRow extends Named {
  readonly endsOn: Day | null;
  readonly reviewOn: Day | null;
  readonly hoursAWeek: number;
  readonly consentBy: string | null;
  readonly consentOn: Day | null;
  readonly why: string;
}
export interface ElsewhereRow extends Named {
  readonly kind: ElsewhereKind;
  readonly lastDay: Day | null;
}
export interface FileRows {
  readonly suspensions: ExclusionRow;
  readonly attendance: AttendanceRow;
  readonly 'part-time': PartTimeRow;
  readonly elsewhere: ElsewhereRow;
}

const mostRows = 200_000;

/** One line being read: each fault is named with its line and column, and none stops the next from being found. */
class Line {
  constructor(
    private readonly cells: Readonly<Record<string, string>>,
    readonly number: number,
    private readonly problems: Problem[],
    private readonly today: Day,
  ) {}

  say(column: string, message: string): void {
    this.problems.push({ line: this.number, column, message });
  }

  text(column: string): string {
    return (this.cells[column] ?? '').trim();
  }

  needed(column: string, max: number): string {
    const value = this.text(column);
    if (value === '') this.say(column, `${column} is empty`);
    if (value.length > max) this.say(column, `${column} must be ${max} characters or fewer`);
    return value;
  }

  /** As 2026-11-02 or 02/11/2026; a spreadsheet may give either. */
  day(column: string, options: { optional?: boolean; future?: boolean } = {}): Day | null {
    const value = this.text(column);
    if (value === '') {
      if (options.optional !== true) this.say(column, `${column} is empty. Give a date like 2026-11-02 or 02/11/2026`);
      return null;
    }
    const english = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(value);
    const day =
      english === null
        ? value
        : `${english[3]}-${(english[2] ?? '').padStart(2, '0')}-${(english[1] ?? '').padStart(2, '0')}`;
    if (!isDay(day) || day < '2000-01-01' || day > '2100-12-31') {
      this.say(column, `“${value.slice(0, 30)}” is not a date. Write it like 2026-11-02 or 02/11/2026`);
      return null;
    }
    if (options.future !== true && day > this.today) this.say(column, `${column} is in the future`);
    return day;
  }

  figure(column: string, min: number, max: number): number {
    const value = this.needed(column, 10);
    const number = /^\d{1,4}(\.\d)?$/.test(value) ? Number(value) : NaN;
    if (value !== '' && !(number >= min && number <= max))
      this.say(column, `${column} must be a number from ${min} to ${max}`);
    return number;
  }

  oneOf<T extends string>(column: string, options: readonly T[], what: string): T {
    const value = this.needed(column, 40);
    if (value !== '' && !options.includes(value as T))
      this.say(column, `“${value.slice(0, 30)}” is not ${what}. Use one of ${options.join(', ')}`);
    return value as T;
  }

  after(first: Day | null, column: string, day: Day | null): void {
    if (first !== null && day !== null && day < first) this.say(column, `${column} is before the start`);
  }

  named(column: string): Named {
    const upn = this.needed('UPN', 20).toUpperCase();
    if (upn !== '' && !/^[A-Z]\d{11}[0-9A-Z]$/.test(upn))
      this.say(
        'UPN',
        `“${upn.slice(0, 20)}” is not a unique pupil number: a letter, eleven digits, and a digit or letter`,
      );
    const urn = this.needed('SchoolURN', 10);
    if (urn !== '' && !/^\d{6}$/.test(urn)) this.say('SchoolURN', 'SchoolURN must be six digits');
    return {
      line: this.number,
      upn,
      urn,
      firstDay: this.day(column, { future: column === 'StartDate' }) ?? this.today,
    };
  }
}

const readers: { readonly [K in FileKind]: (line: Line) => FileRows[K] } = {
  suspensions: (line) => {
    const named = line.named('StartDate');
    const category = line.oneOf('Category', Object.keys(categories) as Category[], 'a category of the census');
    const lastDay = line.day('EndDate', { optional: true, future: true });
    line.after(named.firstDay, 'EndDate', lastDay);
    const sessions = category === 'PERM' && line.text('Sessions') === '' ? 0 : line.figure('Sessions', 0, 190);
    if (category !== 'PERM' && sessions === 0) line.say('Sessions', 'A suspension misses at least one session');
    const reasons = line.text('Reasons').split(/[;,\s]+/).filter((code) => code !== '');
    if (reasons.length > 3) line.say('Reasons', 'Up to three reasons can be given');
    for (const code of reasons) if (!Object.hasOwn(reasonCodes, code)) line.say('Reasons', `“${code.slice(0, 10)}” is not a reason code of the census`);
    const senProvision = line.text('SENProvision') || null;
    if (senProvision !== null && !['N', 'K', 'E'].includes(senProvision)) line.say('SENProvision', 'SENProvision must be N, K or E');
    const exam = line.text('Exam').toLowerCase();
    if (!['', 'yes', 'no', 'y', 'n'].includes(exam)) line.say('Exam', 'Exam must be yes or no');
    return { ...named, category, lastDay, sessions, reasons, senProvision, exam: exam.startsWith('y'), cancelledOn: line.day('CancelledDate', { optional: true }) };
  },
  attendance: (line) => {
    const named = line.named('Date');
    const code = (column: string): string => {
      const value = line.needed(column, 4).toUpperCase();
      if (value !== '' && !attendanceCodes.has(value)) line.say(column, `“${value.slice(0, 4)}” is not a national attendance code`);
      return value;
    };
    return { ...named, morning: code('AM'), afternoon: code('PM') };
  },
  'part-time': (line) => {
    const named = line.named('StartDate');
    const endsOn = line.day('EndDate', { optional: true, future: true });
    const reviewOn = line.day('ReviewDate', { optional: true, future: true });
    line.after(named.firstDay, 'EndDate', endsOn);
    line.after(named.firstDay, 'ReviewDate', reviewOn);
    const consentBy = line.text('ConsentBy').slice(0, 160) || null;
    const consentOn = line.day('ConsentDate', { optional: true });
    if ((consentBy === null) !== (consentOn === null)) line.say('ConsentDate', 'Give both who consented and when, or neither');
    return { ...named, endsOn, reviewOn, hoursAWeek: line.figure('HoursPerWeek', 0, 40), consentBy, consentOn, why: line.needed('Reason', 600) };
  },
  elsewhere: (line) => {
    const named = line.named('StartDate');
    const lastDay = line.day('EndDate', { optional: true, future: true });
    line.after(named.firstDay, 'EndDate', lastDay);
    return { ...named, kind: line.oneOf('Kind', Object.keys(elsewhereKinds) as ElsewhereKind[], 'a kind we know'), lastDay };
  },
}; // prettier-ignore

const columnsOf = (kind: FileKind): { name: string; optional: boolean }[] =>
  fileKinds[kind].columns.map((column) => ({ name: column.replace('?', ''), optional: column.endsWith('?') }));

/** Reads a file and finds every fault in it. Rows are given only where there is none. */
export function readFile<K extends FileKind>(
  kind: K,
  text: string,
  today: Day,
): { rows: FileRows[K][]; problems: Problem[] } {
  const problems: Problem[] = [];
  const whole = (message: string) => ({ rows: [], problems: [{ line: 0, column: '', message }] });
  if (text.includes('\u0000')) return whole('This is not a CSV file. Save it as “CSV UTF-8” and choose it again');
  let found: { record: Record<string, string>; info: { lines: number } }[];
  let header: string[] = [];
  try {
    found = parse(text, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      columns: (names: string[]) => (header = names.map((name) => name.trim())),
      max_record_size: 10_000,
    }) as unknown as typeof found;
  } catch (failure) {
    const { code, lines } = failure as CsvError & { lines?: number };
    return {
      rows: [],
      problems: [{ line: typeof lines === 'number' ? lines : 0, column: '', message: inWords(code) }],
    };
  }
  const columns = columnsOf(kind);
  for (const { name, optional } of columns)
    if (!optional && !header.includes(name))
      problems.push({
        line: 1,
        column: name,
        message: `The column ${name} is missing. The columns are ${columns.map((one) => one.name).join(', ')}`,
      });
  for (const name of header)
    if (!columns.some((one) => one.name === name))
      problems.push({
        line: 1,
        column: name.slice(0, 40),
        message: `The column “${name.slice(0, 40)}” is not known here. Leave it out`,
      });
  if (problems.length > 0) return { rows: [], problems };
  if (found.length === 0) return whole('The file has no rows under its column names');
  if (found.length > mostRows)
    return whole(`The file has more than ${mostRows.toLocaleString('en-GB')} rows. Send it in parts`);
  const rows = found.map(({ record, info }) => readers[kind](new Line(record, info.lines, problems, today)));
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = [row.upn, row.urn, row.firstDay, 'category' in row ? row.category : 'kind' in row ? row.kind : ''].join(
      ' ',
    );
    const before = seen.get(key);
    if (before === undefined) seen.set(key, row.line);
    else
      problems.push({ line: row.line, column: 'UPN', message: `The same as line ${before}: one row for each event` });
  }
  return { rows: problems.length === 0 ? rows : [], problems };
}

const inWords = (code: string): string =>
  code.startsWith('CSV_RECORD_INCONSISTENT')
    ? 'This line does not have as many cells as there are columns'
    : code.includes('QUOTE')
      ? 'A quotation mark is not closed, or stands where none may'
      : 'This is not a CSV file that can be read. Save it as “CSV UTF-8” and choose it again';
