import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from './policy';

export interface Contact {
  readonly name: string;
  readonly phone: string;
  readonly email: string;
}

/** What every letter of this authority says about where to turn. */
export interface LetterDetails {
  readonly serviceName: string;
  /** One to five lines, postcode last. */
  readonly addressLines: readonly string[];
  readonly phone: string;
  readonly email: string;
  readonly website: string;
  readonly localOfferUrl: string;
  readonly complaintsUrl: string;
  /** For example 'Monday to Friday, 9am to 5pm'. */
  readonly openingHours: string;
  readonly sendiass: Contact & { readonly website: string };
  readonly mediationAdviser: Contact;
  /** Whom at the authority a parent tells that they want mediation: reg 32. */
  readonly mediationContact: Contact;
  readonly disagreementResolution: { readonly name: string; readonly contact: string };
}

@Entity({ schema: 'access', name: 'authority' })
export class Authority {
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text') number: string;
  @Column('text', { name: 'reference_prefix' }) referencePrefix: string;
  @Column('jsonb', { name: 'letter_details' }) letterDetails: LetterDetails;
}

@Entity({ schema: 'access', name: 'staff' })
export class Staff {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('text') name: string;
  @Column('text') email: string;
  @Column('text', { array: true }) roles: Role[];
  @Column('text', { name: 'job_title', nullable: true }) jobTitle: string | null;
  @Column('text', { nullable: true }) team: string | null;
  @Column('text', { nullable: true }) phone: string | null;
  @Column('date', { name: 'active_from' }) activeFrom: string;
  @Column('date', { name: 'active_until', nullable: true }) activeUntil: string | null;
}

export type GrantKind = 'assigned' | 'team' | 'named' | 'excluded';

@Entity({ schema: 'access', name: 'case_grant' })
export class CaseGrant {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'staff_id' }) staffId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  @Column('text') kind: GrantKind;
  @Column('date', { name: 'from_day' }) fromDay: string;
  /** The first day on which it no longer counts. */
  @Column('date', { name: 'until_day', nullable: true }) untilDay: string | null;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { name: 'given_by' }) givenBy: string;
  @Column('text', { name: 'ended_by', nullable: true }) endedBy: string | null;
}

@Entity({ schema: 'access', name: 'session' })
export class Session {
  /** SHA-256 of the secret in the cookie: a copy of this table signs nobody in. */
  @PrimaryColumn('text', { name: 'id_hash' }) idHash: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'staff_id' }) staffId: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  /** The last time the person proved who they are: some acts ask for that again after ten minutes. */
  @Column('timestamptz', { name: 'signed_in_at' }) signedInAt: Date;
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
}
