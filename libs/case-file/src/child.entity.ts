import { Column, Entity, PrimaryColumn } from 'typeorm';

/** SEN2's codes of the type of need. */
export const primaryNeeds = {
  SPLD: 'Specific learning difficulty',
  MLD: 'Moderate learning difficulty',
  SLD: 'Severe learning difficulty',
  PMLD: 'Profound and multiple learning difficulty',
  SEMH: 'Social, emotional and mental health',
  SLCN: 'Speech, language and communication needs',
  HI: 'Hearing impairment',
  VI: 'Vision impairment',
  MSI: 'Multi-sensory impairment',
  PD: 'Physical disability',
  ASD: 'Autistic spectrum disorder',
  DS: 'Down syndrome',
  OTH: 'Other difficulty or disability',
} as const;

export type PrimaryNeed = keyof typeof primaryNeeds;

@Entity({ schema: 'case_file', name: 'child' })
export class Child {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('text') reference: string;
  /** The child's own entry among the people: their address, and how to write to them. */
  @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('text', { name: 'known_as' }) knownAs: string;
  @Column('text', { name: 'first_names' }) firstNames: string;
  @Column('text', { name: 'last_name' }) lastName: string;
  @Column('text', { name: 'previous_names', array: true, default: () => "'{}'" }) previousNames: string[];
  @Column('date', { name: 'date_of_birth' }) dateOfBirth: string;
  @Column('text', { default: 'not-known' }) sex: 'F' | 'M' | 'not-known';
  @Column('text', { nullable: true }) ethnicity: string | null;
  @Column('text', { nullable: true }) upn: string | null;
  @Column('text', { name: 'upn_unknown_reason', nullable: true }) upnUnknownReason: string | null;
  @Column('text', { name: 'nhs_number', nullable: true }) nhsNumber: string | null;
  @Column('text', { name: 'primary_need', nullable: true }) primaryNeed: PrimaryNeed | null;
  @Column('uuid', { name: 'setting_id', nullable: true }) settingId: string | null;
  /** Only where the child is taught out of their year. */
  @Column('integer', { name: 'year_group', nullable: true }) yearGroup: number | null;
  /** Null is "not known", here and below. */
  @Column('boolean', { name: 'looked_after', nullable: true }) lookedAfter: boolean | null;
  @Column('boolean', { name: 'service_family', nullable: true }) serviceFamily: boolean | null;
  @Column('boolean', { name: 'own_views_private', default: false }) ownViewsPrivate: boolean;
  @Column('text', { default: 'standard' }) classification: 'standard' | 'private' | 'restricted';
  @Column('text', { nullable: true }) team: string | null;
  @Column('uuid', { name: 'caseworker_id', nullable: true }) caseworkerId: string | null;
  /** Invented, and shown as such on every page. */
  @Column('boolean', { default: false }) demo: boolean;
  @Column('text', { nullable: true }) seed: string | null;
  @Column('integer', { default: 1 }) version: number;
  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' }) createdAt: Date;
}

/** How the record of a new child was told from, or found to be, one that we had. */
@Entity({ schema: 'case_file', name: 'duplicate_check' })
export class DuplicateCheck {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  @Column('uuid', { array: true }) considered: string[];
  @Column('text') outcome: 'match' | 'new';
  @Column('jsonb') reasons: Record<string, string[]>;
  @Column('text') why: string;
  @Column('text', { name: 'confirmed_by' }) confirmedBy: string;
  @Column('timestamptz', { name: 'confirmed_at', default: () => 'clock_timestamp()' }) confirmedAt: Date;
}

/** A decision, for one matter, that a young person lacks the capacity to make it: Mental Capacity Act 2005; SEND Regs 2014 reg 64. */
@Entity({ schema: 'case_file', name: 'capacity_decision' })
export class CapacityDecision {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('uuid', { name: 'child_id' }) childId: string;
  @Column('text') decision: string;
  @Column('boolean', { name: 'lacks_capacity' }) lacksCapacity: boolean;
  @Column('date', { name: 'decided_on' }) decidedOn: string;
  @Column('text') assessor: string;
  @Column('date', { name: 'review_on' }) reviewOn: string;
  @Column('uuid', { name: 'representative_id', nullable: true }) representativeId: string | null;
  @Column('date', { name: 'until_day', nullable: true }) untilDay: string | null;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
}
