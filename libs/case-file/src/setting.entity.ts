import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'case_file', name: 'setting' })
export class Setting {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) urn: string | null;
  /** For example 'community special school'. */
  @Column('text') kind: string;
  @Column('text', { nullable: true }) phase: string | null;
  @Column('integer', { name: 'age_from', nullable: true }) ageFrom: number | null;
  /** The age at which children leave: 11 where year 6 is the last. */
  @Column('integer', { name: 'age_to', nullable: true }) ageTo: number | null;
  @Column('text', { name: 'address_lines', array: true, default: () => "'{}'" }) addressLines: string[];
  @Column('text', { nullable: true }) postcode: string | null;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { nullable: true }) phone: string | null;
  /** Whom a letter addresses: head teacher, principal, manager. */
  @Column('text', { name: 'head_title', default: 'Head teacher' }) headTitle: string;
  @Column('text', { name: 'senco_name', nullable: true }) sencoName: string | null;
  /** Approved under CFA 2014 s 41, so that a family may ask for it by right. */
  @Column('boolean', { name: 'section_41', default: false }) section41: boolean;
  /** The authority that maintains it, by name; null where none does. */
  @Column('text', { name: 'maintained_by', nullable: true }) maintainedBy: string | null;
  @Column('date', { name: 'open_from', nullable: true }) openFrom: string | null;
  @Column('date', { name: 'open_until', nullable: true }) openUntil: string | null;
}

export const adviserKinds = {
  'health-commissioner': 'Health commissioner',
  'designated-clinical-officer': 'Designated clinical officer',
  'health-professional': 'Health professional',
  'social-care': 'Social care',
  'virtual-school': 'Virtual school',
  'educational-psychology': 'Educational psychology',
  'sensory-teacher': 'Teacher of children with sensory impairment',
  'preparation-for-adulthood': 'Preparation for adulthood',
  'other-authority': 'Another authority',
  other: 'Other',
} as const;

export type AdviserKind = keyof typeof adviserKinds;

/** A service or a person in one, whom the authority tells and asks. */
@Entity({ schema: 'case_file', name: 'adviser' })
export class Adviser {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'authority_id' }) authorityId: string;
  @Column('text') kind: AdviserKind;
  @Column('text') name: string;
  @Column('text') role: string;
  @Column('text', { nullable: true }) organisation: string | null;
  @Column('text', { name: 'address_lines', array: true, default: () => "'{}'" }) addressLines: string[];
  @Column('text', { nullable: true }) postcode: string | null;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { nullable: true }) phone: string | null;
  @Column('date', { name: 'from_day' }) fromDay: string;
  @Column('date', { name: 'until_day', nullable: true }) untilDay: string | null;
  /** An authority of this installation: its id there. What is sent to it crosses by the outbox. */
  @Column('text', { name: 'in_installation', nullable: true }) inInstallation: string | null;
}
