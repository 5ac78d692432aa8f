import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { templatesFolder } from './catalogue';
import { compose } from './compose';
import { typicalValues, worstValues } from './example-values';
import { readLetterHtml } from './html';
import { drawBlocks, typesetLetter } from './typeset';
import { Typesetter } from './typesetter';

const on = '2026-12-10';
const root = join(templatesFolder(), '..');
mkdirSync(join(root, '.data'), { recursive: true });
const folder = mkdtempSync(join(root, '.data', 'letters-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the PDF', () => {
  const letter = compose('assessment.refuse', typicalValues('parent'), on);
  const { pdf, sha256, pages } = typesetLetter(letter);
  const file = join(folder, 'letter.pdf');
  writeFileSync(file, pdf);
  const info = (...options: string[]): string =>
    execFileSync('pdfinfo', [...options, file], { encoding: 'utf8', stdio: 'pipe' });

  it('is tagged PDF/UA with its language and title', () => {
    const raw = pdf.toString('latin1');
    for (const mark of ['/StructTreeRoot', '/MarkInfo', '/Lang', 'en-GB', 'pdfuaid', '/DisplayDocTitle true']) {
      expect(raw).toContain(mark);
    }
    const said = info();
    expect(said).toMatch(/Title: +Our decision not to assess Rowan/);
    expect(said).toMatch(/Tagged: +yes/);
    expect(said).toMatch(/Page size: .*A4/);
    expect(said).toMatch(new RegExp(`Pages: +${pages}`));
    expect(said).toMatch(/JavaScript: +no/);
  });

  it('has its headings in order, lists, and a table with a header row', () => {
    const tree = info('-struct-text');
    const levels = [...tree.matchAll(/^ *H(\d)/gm)].map((match) => Number(match[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    });
    for (const tag of ['Table', 'THead', 'TH', 'TD', 'Caption', 'L', 'LI'])
      expect(tree).toMatch(new RegExp(`^ *${tag}\\b`, 'm'));
  });

  it('embeds its fonts, and no font of the machine', () => {
    writeFileSync(file, typesetLetter(compose('assessment.refuse', worstValues('parent'), on)).pdf);
    const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n').slice(2);
    expect(fonts.length).toBeGreaterThan(1);
    for (const font of fonts)
      expect(font).toMatch(/^[A-Z]{6}\+(SourceSans3|LibertinusSerif|DejaVuSansMono).* yes +yes +yes +\d/);
  });

  it('is the same bytes for the same letter', () => {
    const again = typesetLetter(letter);
    expect(again.pdf.equals(pdf)).toBe(true);
    expect(again.sha256).toBe(sha256);
    expect(typesetLetter({ ...letter, letterDate: '2026-12-11' }).sha256).not.toBe(sha256);
  });

  it('says which character it cannot print', () => {
    expect(() => typesetLetter({ ...letter, html: letter.html.replace('Dear', 'Dear 日') })).toThrow(
      /日.*could not be displayed/,
    );
  });
});

describe('the typesetter', () => {
  const letter = compose('plan.final', typicalValues('parent'), on);

  it('draws in this process where there is nothing to fork', async () => {
    const typesetter = new Typesetter();
    expect(await typesetter.typeset(letter)).toEqual(typesetLetter(letter));
    await typesetter.close();
    await expect(typesetter.typeset(letter)).rejects.toThrow('closed');
  });

  it('draws in processes of its own when built, says faults, and leaves no process behind', () => {
    const config: unknown = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: { paths: Record<string, string[]> };
    };
    const swcrc = config as { jsc: Record<string, unknown> };
    Object.assign(swcrc.jsc, { baseUrl: root, paths: compilerOptions.paths });
    writeFileSync(join(folder, 'swcrc.json'), JSON.stringify(swcrc));
    execFileSync(
      process.execPath,
      [
        ...[join(root, 'node_modules/@swc/cli/bin/swc.js'), 'libs/letters/src', '-d', join(folder, 'built')],
        ...['--config-file', join(folder, 'swcrc.json'), '--strip-leading-paths', '--ignore', '**/*.spec.ts'],
      ],
      { cwd: root, stdio: 'pipe' },
    );
    const script = join(folder, 'drive.mjs');
    const built = pathToFileURL(join(folder, 'built/letters/src/index.js')).href;
    writeFileSync(
      script,
      `import { Typesetter } from ${JSON.stringify(built)};
       import { execFileSync } from 'node:child_process';
       const children = () => execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
         .split('\\n').filter((line) => line.includes('typeset-process')).length;
       const letter = ${JSON.stringify(letter)};
       const typesetter = new Typesetter({ processes: 2 });
       const drawn = await Promise.all([1, 2, 3].map(() => typesetter.typeset(letter)));
       const fault = await typesetter.typeset({ ...letter, html: '<script>x</script>' }).catch((error) => error.message);
       const during = children();
       const cut = typesetter.typeset(letter).catch((error) => error.message);
       await typesetter.close();
       const idle = new Typesetter();
       await idle.typeset(letter); // and is never closed: it must not keep this process alive
       console.log(JSON.stringify({ hashes: drawn.map((one) => one.sha256), pages: drawn[0].pages, buffer: Buffer.isBuffer(drawn[0].pdf),
         fault, during, after: children() - 1, cut: await cut }));`,
    );
    const said: unknown = JSON.parse(
      execFileSync(process.execPath, [script], { cwd: folder, encoding: 'utf8', timeout: 30_000 }),
    );
    const { sha256, pages } = typesetLetter(letter);
    expect(said).toEqual({
      ...{ hashes: [sha256, sha256, sha256], pages, buffer: true, during: 2, after: 0 },
      fault: 'A letter may not have <script> in letter.',
      cut: 'The typesetting process ended before the letter was drawn.',
    });
  }, 60_000);
});

it('says how fast it is: the whole way against the bare typesetter', () => {
  const ids = ['assessment.refuse', 'plan.final', 'assessment.agree', 'plan.draft'];
  let serial = 0;
  const batch = (): { id: string; values: ReturnType<typeof typicalValues> }[] =>
    Array.from({ length: 40 }, (_, n) => {
      const values = typicalValues('parent');
      values.child.firstName = `Rowan${(serial += 1)}`;
      return { id: ids[n % ids.length] ?? '', values };
    });
  const perSecond = (work: () => void, letters: number): number => {
    const started = performance.now();
    work();
    return (letters * 1000) / (performance.now() - started);
  };
  for (const { id, values } of batch()) typesetLetter(compose(id, values, on));
  const rounds = [1, 2, 3].map(() => {
    const whole = batch();
    const bare = batch().map(({ id, values }) => {
      const { title, html } = compose(id, values, on);
      return JSON.stringify({ title, blocks: readLetterHtml(html).blocks });
    });
    return {
      whole: perSecond(() => whole.forEach(({ id, values }) => typesetLetter(compose(id, values, on))), whole.length),
      bare: perSecond(() => bare.forEach((data) => drawBlocks(data, on)), bare.length),
    };
  });
  const text = rounds.map(
    ({ whole, bare }) => `${whole.toFixed(0)}/s of ${bare.toFixed(0)}/s (${(whole / bare).toFixed(2)})`,
  );
  process.stdout.write(`letters: ${text.join(', ')}\n`);
  expect(Math.max(...rounds.map(({ whole }) => whole))).toBeGreaterThan(5);
}, 60_000);
