import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The sections of a plan: SEND Regs 2014 reg 12. H is in two parts, as the Code of Practice sets it out. */
export const planSections = {
  A: 'Views, interests and aspirations',
  B: 'Special educational needs',
  C: 'Health care needs',
  D: 'Social care needs',
  E: 'Outcomes',
  F: 'Special educational provision',
  G: 'Health care provision',
  H1: 'Social care provision under the Chronically Sick and Disabled Persons Act 1970',
  H2: 'Other social care provision',
  I: 'Name or type of setting',
  J: 'Personal budget',
  K: 'Advice and information',
} as const;

export type PlanSection = keyof typeof planSections;

/** One thing that must be provided, said so that it can be counted. */
export interface ProvisionItem {
  readonly id: string;
  readonly section: 'F' | 'G' | 'H1' | 'H2';
  readonly what: string;
  readonly howOften: string;
  readonly howLong: string;
  readonly who: string;
  readonly where: string;
  /** What kind it is, such as 'Speech and language therapy'. Items of older versions have none of these four. */
  readonly type?: string;
  readonly starts?: string;
  /** Ids of the needs that it meets and of the outcomes that it works towards: Code 9.69. */
  readonly needs?: readonly string[];
  readonly outcomes?: readonly string[];
}

/** One need, in the section that the law has it in. */
export interface NeedItem {
  readonly id: string;
  readonly section: 'B' | 'C' | 'D';
  readonly need: string;
}

/** One outcome of section E. */
export interface OutcomeItem {
  readonly id: string;
  readonly outcome: string;
  /** By when, in the plan's own words. */
  readonly byWhen: string;
}

@Entity({ schema: 'case_file', name: 'plan_version' })
export class PlanVersion {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  @Column('text') kind: 'draft' | 'final' | 'amended';
  /** Counted from 1 for each child, over all kinds. */
  @Column('integer') number: number;
  @Column('jsonb', { default: {} }) sections: Partial<Record<PlanSection, string>>;
  @Column('jsonb', { default: [] }) provision: ProvisionItem[];
  @Column('jsonb', { default: [] }) needs: NeedItem[];
  @Column('jsonb', { default: [] }) outcomes: OutcomeItem[];
  @Column('uuid', { name: 'named_setting_id', nullable: true }) namedSettingId: string | null;
  @Column('text', { name: 'setting_type', nullable: true }) settingType: string | null;
  @Column('date', { name: 'issued_on', nullable: true }) issuedOn: string | null;
  @Column('integer', { default: 1 }) version: number;
  @Column('text', { name: 'created_by' }) createdBy: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' }) createdAt: Date;
  @Column('text', { name: 'frozen_by', nullable: true }) frozenBy: string | null;
  @Column('timestamptz', { name: 'frozen_at', nullable: true }) frozenAt: Date | null;
}

export type Sensitivity = 'standard' | 'medical' | 'third-party' | 'safeguarding';

@Entity({ schema: 'case_file', name: 'document' })
export class StoredDocument {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  @Column('text') type: string;
  @Column('text') title: string;
  @Column('text') author: string;
  @Column('date') dated: string;
  @Column('text', { default: 'standard' }) sensitivity: Sensitivity;
  @Column('text', { name: 'file_name' }) fileName: string;
  @Column('text', { name: 'media_type' }) mediaType: string;
  @Column('text') sha256: string;
  /** Read only where the file itself is wanted: a list of documents does not carry them. */
  @Column('bytea', { select: false }) bytes: Buffer;
  @Column('integer', { nullable: true }) pages: number | null;
  @Column('text', { default: 'waiting' }) scan: 'waiting' | 'clean' | 'infected';
  @Column('uuid', { name: 'replaces_id', nullable: true }) replacesId: string | null;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
  @Column('timestamptz', { name: 'recorded_at', default: () => 'clock_timestamp()' }) recordedAt: Date;
  @Column('text', { name: 'hidden_by', nullable: true }) hiddenBy: string | null;
  @Column('timestamptz', { name: 'hidden_at', nullable: true }) hiddenAt: Date | null;
  @Column('text', { name: 'hidden_reason', nullable: true }) hiddenReason: string | null;
}

/** What one adviser said: reg 6(2), the child's needs, the provision for them and the outcomes it should lead to. */
@Entity({ schema: 'case_file', name: 'advice' })
export class Advice {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  /** The fact by which it was sought. */
  @Column('uuid', { name: 'request_id' }) requestId: string;
  @Column('uuid', { name: 'adviser_id', nullable: true }) adviserId: string | null;
  @Column('uuid', { name: 'setting_id', nullable: true }) settingId: string | null;
  @Column('text', { name: 'advice_from' }) adviceFrom: string;
  @Column('text', { name: 'author_name' }) authorName: string;
  @Column('text', { name: 'author_role' }) authorRole: string;
  @Column('text', { name: 'summary_need' }) summaryNeed: string;
  @Column('text', { name: 'summary_provision' }) summaryProvision: string;
  @Column('text', { name: 'summary_outcome' }) summaryOutcome: string;
  @Column('uuid', { name: 'document_id', nullable: true }) documentId: string | null;
  @Column('date', { name: 'received_on' }) receivedOn: string;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
  @Column('timestamptz', { name: 'recorded_at', default: () => 'clock_timestamp()' }) recordedAt: Date;
}

@Entity({ schema: 'case_file', name: 'note' })
export class Note {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  @Column('text', { default: 'note' }) kind:
    'note' | 'call' | 'email' | 'meeting' | 'visit' | 'family-views' | 'child-views';
  @Column('text') text: string;
  @Column('date', { name: 'happened_on' }) happenedOn: string;
  @Column('date', { name: 'reply_due', nullable: true }) replyDue: string | null;
  @Column('text', { name: 'written_by' }) writtenBy: string;
  @Column('text', { name: 'on_behalf_of', nullable: true }) onBehalfOf: string | null;
  @Column('timestamptz', { name: 'written_at', default: () => 'clock_timestamp()' }) writtenAt: Date;
}

@Entity({ schema: 'case_file', name: 'notice' })
export class Notice {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('text') key: string;
  @Column('text') kind: 'task' | 'notice';
  @Column('uuid', { name: 'staff_id', nullable: true }) staffId: string | null;
  @Column('text', { nullable: true }) team: string | null;
  @Column('uuid', { name: 'child_id', nullable: true }) childId: string | null;
  @Column('uuid', { name: 'run_id', nullable: true }) runId: string | null;
  @Column('uuid', { name: 'reminder_id', nullable: true }) reminderId: string | null;
  @Column('text') text: string;
  @Column('date', { name: 'due_on', nullable: true }) dueOn: string | null;
  @Column('timestamptz', { name: 'made_at', default: () => 'clock_timestamp()' }) madeAt: Date;
  @Column('timestamptz', { name: 'done_at', nullable: true }) doneAt: Date | null;
  @Column('text', { name: 'done_by', nullable: true }) doneBy: string | null;
}
