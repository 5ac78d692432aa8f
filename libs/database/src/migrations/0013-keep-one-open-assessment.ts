import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No limit for a plan runs any more, though a letter may still have to leave or an appeal come: a new request has its own. */
const over =
  "('refusedToAssess', 'refusedAtOutset', 'planRefused', 'withdrawn', 'movedAway', 'notResponsible', 'ended', 'appealTimeOver', 'planIssued')";

/**
 * A child has one open assessment: a second one would have its own clock, and one of the two would be out of sight. Whoever
 * begins waits for whoever else begins for the same child, on the child's row, and then sees what the other one began.
 */
export class KeepOneOpenAssessment implements MigrationInterface {
  name = 'KeepOneOpenAssessment1790000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function engine.keep_one_open() returns trigger language plpgsql as $$
        begin
          perform from case_file.child c where c.id = new.child_id for no key update;
          if exists (select from engine.run r where r.authority_id = new.authority_id and r.child_id = new.child_id
            and r.workflow = new.workflow and not r.closed and r.position not in ${over} and r.id <> new.id) then
            raise exception 'This child has an open run of this workflow.' using errcode = 'SE001';
          end if;
          return new;
        end $$;
      create trigger one_open before insert on engine.run
        for each row when (new.workflow = 'needs-assessment' and not new.closed) execute function engine.keep_one_open();
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}
