import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A child who moves between two authorities of one installation crosses as a delivery: the sender’s outbox, the
 * receiver’s intake. An authority that we write to may be one of this installation; what came from it is kept as it came,
 * once for each delivery.
 */
export class CarryBetweenAuthorities implements MigrationInterface {
  name = 'CarryBetweenAuthorities1790000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table case_file.adviser
        add column in_installation text references access.authority (id),
        add constraint only_authorities_are_here check (in_installation is null or kind = 'other-authority'),
        add constraint not_ourselves check (in_installation <> authority_id);

      create table case_file.crossing (
        delivery uuid not null,
        authority_id text not null,
        from_authority text not null,
        what text not null check (what in ('plan', 'assessment')),
        received_on date not null,
        parcel jsonb not null,
        child_id uuid not null,
        run_id uuid not null,
        taken_at timestamptz not null default clock_timestamp(),
        primary key (authority_id, delivery),
        foreign key (authority_id, child_id) references case_file.child (authority_id, id)
      );
    `);
    await runner.query(`select public.protect('case_file.crossing'::regclass)`);
    await runner.query(`
      revoke all on case_file.crossing from send_app;
      grant select, insert on case_file.crossing to send_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup to go back.');
  }
}
