import { countyPanels, furtherPanels, type Represents } from '@send/panels';
import { addDays, type Day, weekday } from '@send/statute';
import type { Draw } from './draw';
import type { RowSheet } from './row-sheet';

/** A county panel as cases are put before it. */
export interface PanelOnRecord {
  readonly id: string;
  readonly teams: readonly string[];
  readonly legalTest: string;
  readonly criteriaVersion: string;
  readonly sittings: readonly { id: string; meetsOn: Day; time: string; place: string; packReadyBy: Day }[];
}

/** Three county panels side by side with the same members, and the panels of other purposes; a sitting each fortnight. */
export function addPanels(
  sheet: RowSheet,
  draw: Draw,
  county: { id: string; teams: readonly string[]; firstDay: Day; today: Day },
  members: readonly { staffId: string; represents: Represents; chairs?: boolean }[],
): PanelOnRecord[] {
  const { id: authority, firstDay, today } = county;
  const assessing = countyPanels(county.teams, firstDay);
  for (const kind of [...assessing, ...furtherPanels(firstDay)])
    sheet.add('panels.kind', {
      authority_id: authority,
      id: kind.id,
      name: kind.name,
      purpose: kind.purpose,
      quorum: kind.quorum,
      required_roles: kind.requiredRoles,
      routing: kind.routing,
      legal_test: kind.legalTest,
      criteria_version: kind.criteriaVersion,
      from_day: kind.fromDay,
    });
  return assessing.map(({ id: kind, routing, legalTest, criteriaVersion }, at) => {
    for (const { staffId, represents, chairs = false } of members)
      sheet.add('panels.seat', {
        id: draw.id(firstDay),
        authority_id: authority,
        kind_id: kind,
        staff_id: staffId,
        chairs,
        represents,
        from_day: firstDay,
      });
    // Each panel on a weekday of its own: Tuesday, Wednesday, Thursday.
    const next = addDays(today, ((at + 2 - weekday(today) + 7) % 7) + 7);
    const sittings = [-28, -14, 0, 14, 28].map((days) => {
      const meetsOn = addDays(next, days);
      const time = '10am';
      const place = 'County Hall, Committee Room 2';
      const packReadyBy = addDays(meetsOn, -7);
      return { id: draw.id(meetsOn < today ? meetsOn : today), meetsOn, time, place, packReadyBy };
    });
    const by = members[0]?.staffId ?? 'seed';
    for (const { id, meetsOn, time, place, packReadyBy } of sittings) {
      sheet.add('panels.sitting', {
        id,
        authority_id: authority,
        kind_id: kind,
        meets_on: meetsOn,
        time,
        place,
        pack_ready_by: packReadyBy,
        arranged_by: by,
      });
      if (meetsOn < today)
        for (const { staffId, represents } of members)
          sheet.add('panels.attendance', {
            sitting_id: id,
            authority_id: authority,
            staff_id: staffId,
            state: 'present',
            stands_for: null,
            represents,
            recorded_by: by,
          });
    }
    return { id: kind, teams: routing.teams ?? [], legalTest, criteriaVersion, sittings };
  });
}
