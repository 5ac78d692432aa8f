import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFolder } from '@send/database';
import { dutyCalled, dutyInForce, dutyName, duties, isDutyId } from '@send/statute';
import { splitKey } from '@send/workflow-kit';
import { workflows } from '@send/workflows';
import { listed, listedLetters } from './listed/index';
import { grounds, type Listed } from './listed/listed';
import { dutiesOwed, lettersOf, positionMeta, statesOf, transitionsOf } from './machine-reading';

const owed = new Set(workflows.flatMap((workflow) => [...dutiesOwed(workflow)]));
const sent = new Set(workflows.flatMap((workflow) => [...lettersOf(workflow)]));
const subjectOf = (id: string): string => id.split('.')[0] ?? id;
const subjects = [...new Set(duties.map(({ id }) => subjectOf(id)))];
const ids = [...new Set(duties.map(({ id }) => id))];
const listedAs = new Map(listed.map((one) => [one.duty, one] as const));
const isAnswered = (id: string): boolean => owed.has(id) || listedAs.has(id);

const letterSubjects = readdirSync(join(projectFolder(), 'templates/letters'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const templatesOf = (subject: string): string[] =>
  readdirSync(join(projectFolder(), 'templates/letters', subject))
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => `${subject}.${file.slice(0, -'.hbs'.length)}`);
const templates = letterSubjects.flatMap(templatesOf);
/** Every letter of the catalogue, also those that are still to be written. */
const catalogue = Object.keys(
  (
    JSON.parse(readFileSync(join(projectFolder(), 'templates/letters/required-blocks.json'), 'utf8')) as {
      letters: object;
    }
  ).letters,
);

describe('the register of duties', () => {
  it.each(subjects)('every duty of %s is owed by a position, or listed with its ground', (subject) => {
    expect(ids.filter((id) => subjectOf(id) === subject && !isAnswered(id))).toEqual([]);
  });

  it('is nobody’s invention: what is listed is a duty, once, owed nowhere, with a sentence and its citation', () => {
    expect(listed.filter(({ duty }) => !isDutyId(duty)).map(({ duty }) => duty)).toEqual([]);
    expect(listed.filter(({ duty }) => owed.has(duty)).map(({ duty }) => duty)).toEqual([]);
    expect(listedAs.size).toBe(listed.length);
    const bare = (one: Listed) => !/^[A-Z].{20,}\.$/s.test(one.because) || one.citation.trim().length < 6;
    expect(listed.filter(bare).map(({ duty }) => duty)).toEqual([]);
  });

  it('takes each ground at its word', () => {
    const today = '2026-11-22';
    const of = (ground: Listed['ground']) => listed.filter((one) => one.ground === ground).map(({ duty }) => duty);
    // Nothing that binds today may be put away as no law.
    expect(of('not-in-force').filter((id) => dutyInForce(id, today) !== undefined)).toEqual([]);
    // What the authority owes is not another body's.
    const owners = (id: string) => dutyCalled(id)?.owner ?? '';
    expect(
      of('another-bodys').filter((id) => /^(local|home-local|new-local|old-local)-authority$/.test(owners(id))),
    ).toEqual([]);
  });

  it('says how many are owed, listed and missing', () => {
    const kinds = ['statute', 'guidance', 'case-law', 'policy'] as const;
    const columns = ['owed', ...(Object.keys(grounds) as Listed['ground'][]), 'missing'] as const;
    const columnOf = (id: string) => (owed.has(id) ? 'owed' : (listedAs.get(id)?.ground ?? 'missing'));
    const rows = kinds.map((kind) => {
      const ofKind = ids.filter((id) => dutyCalled(id)?.kind === kind);
      const counts = columns.map((column) => ofKind.filter((id) => columnOf(id) === column).length);
      return [kind, ofKind.length, ...counts] as const;
    });
    const total = rows[0]?.slice(1).map((_, at) => rows.reduce((sum, row) => sum + Number(row[at + 1]), 0)) ?? [];
    const table = [['kind', 'duties', ...columns], ...rows, ['all', ...total]]
      .map((row) =>
        row
          .map((cell, at) =>
            String(cell)
              .padStart(at === 0 ? 0 : 18)
              .padEnd(10),
          )
          .join(''),
      )
      .join('\n');
    process.stdout.write(`register: the law pack\n${table}\n`);
    expect(total[0]).toBe(ids.length);
  });

  it('positions owe only duties that exist', () => {
    expect([...owed].filter((id) => dutyCalled(id) === undefined)).toEqual([]);
  });

  it('every duty that a position owes has an officer’s name', () => {
    expect([...owed].filter((id) => dutyName(id) === (dutyCalled(id)?.duty ?? id).replace(/\.$/, ''))).toEqual([]);
  });

  it('what a letter or a fact meets is a duty that exists and is owed', () => {
    const met = new Set(
      workflows
        .flatMap(({ machine }) => transitionsOf(machine))
        .flatMap(({ says }) => says.flatMap((one) => [...(one.meets ?? []), ...(one.sends?.meets ?? [])]))
        .map((key) => splitKey(key).name),
    );
    expect([...met].filter((id) => !owed.has(id))).toEqual([]);
  });
});

describe('the register of letters', () => {
  it.each(letterSubjects)('every letter of %s is sent by some transition, or listed with its reason', (subject) => {
    const kept = new Set(listedLetters.map(({ letter }) => letter));
    expect(templatesOf(subject).filter((id) => !sent.has(id) && !kept.has(id))).toEqual([]);
  });

  it('lists only letters that there are, that no transition sends', () => {
    expect(
      listedLetters
        .filter(({ letter }) => sent.has(letter) || ![...templates, ...catalogue].includes(letter))
        .map(({ letter }) => letter),
    ).toEqual([]);
    expect(listedLetters.filter(({ because }) => because.trim().length < 15)).toEqual([]);
  });

  it('every letter that a transition sends has its template', () => {
    expect([...sent].filter((id) => !templates.includes(id))).toEqual([]);
  });
});

describe.each(workflows.map((workflow) => [workflow.id, workflow] as const))('the machine of %s', (_, workflow) => {
  const { machine, commands } = workflow;

  it('owes a duty in every position, or says why none runs', () => {
    const silent = statesOf(machine).filter((node) => {
      const meta = positionMeta(node);
      return (
        Object.keys(node.states).length === 0 &&
        (meta?.owes?.length ?? 0) === 0 &&
        meta?.each === undefined &&
        meta?.noLimit === undefined
      );
    });
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('has a command for every event, and an event for every command', () => {
    const events = new Set(transitionsOf(machine).map(({ event }) => event));
    expect([...events].filter((event) => commands.forFact(event) === undefined)).toEqual([]);
    expect(
      Object.values(commands.table)
        .filter(({ fact }) => !events.has(fact))
        .map(({ fact }) => fact),
    ).toEqual([]);
  });

  it('gives every fact its own place within a day, so that a day’s facts have one legal order', () => {
    const ranks = new Map<number, Set<string>>();
    for (const { rank, fact } of Object.values(commands.table))
      ranks.set(rank, (ranks.get(rank) ?? new Set()).add(fact));
    expect([...ranks.values()].filter((facts) => facts.size > 1).map((facts) => [...facts])).toEqual([]);
  });

  it('says how much there is', () => {
    const states = statesOf(machine).filter((node) => Object.keys(node.states).length === 0);
    process.stdout.write(
      `register: ${workflow.id}: ${states.length} positions, ${transitionsOf(machine).length} transitions, ${dutiesOwed(workflow).size} duties owed, ${lettersOf(workflow).size} letters sent, ${Object.keys(commands.table).length} commands\n`,
    );
    expect(states.length).toBeGreaterThan(0);
  });
});
