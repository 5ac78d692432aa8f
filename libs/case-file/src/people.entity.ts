import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'case_file', name: 'person' })
export class Person {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('text') kind: 'child' | 'adult' | 'professional';
  @Column('text', { nullable: true }) title: string | null;
  @Column('text', { name: 'first_names' }) firstNames: string;
  @Column('text', { name: 'last_name' }) lastName: string;
  @Column('text', { name: 'previous_names', array: true, default: () => "'{}'" }) previousNames: string[];
  @Column('text', { nullable: true }) organisation: string | null;
  @Column('text', { name: 'job_title', nullable: true }) jobTitle: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' }) createdAt: Date;
}

@Entity({ schema: 'case_file', name: 'contact_point' })
export class ContactPoint {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('text') kind: 'phone' | 'email';
  @Column('text') value: string;
  @Column('date', { name: 'from_day' }) fromDay: string;
  /** The first day on which it no longer holds; so for every `untilDay`. */
  @Column('date', { name: 'until_day', nullable: true }) untilDay: string | null;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
}

@Entity({ schema: 'case_file', name: 'address' })
export class Address {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('text', { array: true }) lines: string[];
  @Column('text') postcode: string;
  @Column('date', { name: 'from_day' }) fromDay: string;
  @Column('date', { name: 'until_day', nullable: true }) untilDay: string | null;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
}

export const relationshipKinds = {
  self: 'The child or young person',
  parent: 'Parent',
  'step-parent': 'Step-parent',
  carer: 'Carer',
  guardian: 'Guardian',
  'foster-carer': 'Foster carer',
  'social-worker': 'Social worker',
  'virtual-school-head': 'Virtual school head',
  representative: 'Representative',
  supporter: 'Supporter',
  professional: 'Professional',
} as const;

export type RelationshipKind = keyof typeof relationshipKinds;
export type ParentalResponsibility = 'yes' | 'no' | 'not-known' | 'court-limited';
/** The only grounds on which somebody with parental responsibility is left out. */
export type LegalReason = 'court-order' | 'risk-assessment' | 'adoption';
export type SafeChannel = 'post' | 'email' | 'portal' | 'phone';
export type LetterFormat = 'standard' | 'large-print' | 'easy-read' | 'braille' | 'audio' | 'coloured-paper';

/** What one person is to one child. Rights belong to people, not households. */
@Entity({ schema: 'case_file', name: 'relationship' })
export class Relationship {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('text') kind: RelationshipKind;
  @Column('text', { name: 'parental_responsibility', default: 'not-known' })
  parentalResponsibility: ParentalResponsibility;
  /** What the court order limits, in words. */
  @Column('text', { nullable: true }) limits: string | null;
  @Column('date', { name: 'order_date', nullable: true }) orderDate: string | null;
  @Column('text', { name: 'evidence_seen', nullable: true }) evidenceSeen: string | null;
  @Column('uuid', { name: 'evidence_seen_by', nullable: true }) evidenceSeenBy: string | null;
  /** Since when, and until when, what is recorded of parental responsibility holds; not the period of this row. */
  @Column('date', { name: 'responsibility_from', nullable: true }) responsibilityFrom: string | null;
  @Column('date', { name: 'responsibility_until', nullable: true }) responsibilityUntil: string | null;
  @Column('date', { name: 'from_day' }) fromDay: string;
  @Column('date', { name: 'until_day', nullable: true }) untilDay: string | null;
  /** Letters decided on for this person: `all`, a letter's id, or the first part of ids (`assessment`). Null: nothing decided. */
  @Column('jsonb', { nullable: true }) receives: string[] | null;
  @Column('text', { name: 'receives_refused_reason', nullable: true }) receivesRefusedReason: LegalReason | null;
  @Column('text', { name: 'receives_refused_evidence', nullable: true }) receivesRefusedEvidence: string | null;
  @Column('uuid', { name: 'receives_refused_by', nullable: true }) receivesRefusedBy: string | null;
  /** Over compulsory school age: the young person agrees that this person has copies. */
  @Column('boolean', { name: 'young_person_agrees', default: false }) youngPersonAgrees: boolean;
  @Column('text', { name: 'safe_channel', default: 'post' }) safeChannel: SafeChannel;
  @Column('text', { name: 'safe_hours', nullable: true }) safeHours: string | null;
  /** Who else may pick up the phone or open the post, in words. */
  @Column('text', { name: 'may_answer', nullable: true }) mayAnswer: string | null;
  @Column('text', { default: 'en' }) language: string;
  /** The language of the interpreter, where one is needed. */
  @Column('text', { nullable: true }) interpreter: string | null;
  @Column('text', { default: 'standard' }) format: LetterFormat;
  @Column('boolean', { name: 'email_agreed', default: false }) emailAgreed: boolean;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
  /** The second person. Until there is one, what is recorded about a member of the family opens nothing. */
  @Column('uuid', { name: 'confirmed_by', nullable: true }) confirmedBy: string | null;
  @Column('timestamptz', { name: 'recorded_at', default: () => 'clock_timestamp()' }) recordedAt: Date;
  /** The end that somebody asked for. For a member of the family it has effect when a second person has agreed. */
  @Column('date', { name: 'end_on', nullable: true }) endOn: string | null;
  @Column('text', { name: 'end_reason', nullable: true }) endReason: string | null;
  @Column('text', { name: 'end_asked_by', nullable: true }) endAskedBy: string | null;
  @Column('uuid', { name: 'end_confirmed_by', nullable: true }) endConfirmedBy: string | null;
}
