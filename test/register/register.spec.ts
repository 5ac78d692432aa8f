import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFolder } from '@send/database';
import { dutyCalled, dutyName, duties, isDutyId } from '@send/statute';
import { workflows } from '@send/workflows';
import { dutiesOwed, lettersOf, positionMeta, statesOf, transitionsOf } from './machine-reading';
import { notOwedHere, notSentHere } from './not-owed';

const owed = new Set(workflows.flatMap((workflow) => [...dutiesOwed(workflow)]));
const sent = new Set(workflows.flatMap((workflow) => [...lettersOf(workflow)]));
const templates = ['assessment', 'plan'].flatMap((subject) =>
  readdirSync(join(projectFolder(), 'templates/letters', subject))
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => `${subject}.${file.slice(0, -'.hbs'.length)}`),
);

describe('the register', () => {
  it('every duty of the assessment and the plan is owed by a position, or listed with its reason', () => {
    const ours = duties.map(({ id }) => id).filter((id) => /^(assessment|plan)\./.test(id));
    expect(ours.length).toBeGreaterThan(30);
    expect(ours.filter((id) => !owed.has(id) && !(id in notOwedHere))).toEqual([]);
    expect(Object.keys(notOwedHere).filter((id) => owed.has(id) || !isDutyId(id))).toEqual([]);
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
        .flatMap(({ says }) => says.flatMap((one) => [...(one.meets ?? []), ...(one.sends?.meets ?? [])])),
    );
    expect([...met].filter((id) => !owed.has(id))).toEqual([]);
  });

  it('every position that is not closed owes a duty, or says why none runs', () => {
    for (const { machine } of workflows) {
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
    }
  });

  it('every letter of the two subjects is sent by some transition, or listed with its reason', () => {
    expect(templates.filter((id) => !sent.has(id) && !(id in notSentHere))).toEqual([]);
    expect(Object.keys(notSentHere).filter((id) => sent.has(id) || !templates.includes(id))).toEqual([]);
  });

  it('every letter that a transition sends has its template', () => {
    expect([...sent].filter((id) => !templates.includes(id))).toEqual([]);
  });

  it('every event of a machine has its command, and every command its event', () => {
    for (const { machine, commands } of workflows) {
      const events = new Set(transitionsOf(machine).map(({ event }) => event));
      expect([...events].filter((event) => commands.forFact(event) === undefined)).toEqual([]);
      expect(
        Object.values(commands.table)
          .filter(({ fact }) => !events.has(fact))
          .map(({ fact }) => fact),
      ).toEqual([]);
    }
  });

  it('every fact has its own place within a day, so that a day’s facts have one legal order', () => {
    for (const { commands } of workflows) {
      const ranks = Object.values(commands.table).map(({ rank }) => rank);
      expect(new Set(ranks).size).toBe(ranks.length);
    }
  });

  it('says how much it has looked at', () => {
    for (const { id, machine } of workflows) {
      const states = statesOf(machine).filter((node) => Object.keys(node.states).length === 0);
      process.stdout.write(
        `register: ${id}: ${states.length} positions, ${transitionsOf(machine).length} transitions, ${owed.size} duties owed, ${sent.size} letters sent\n`,
      );
    }
    expect(workflows.length).toBeGreaterThan(0);
  });
});
