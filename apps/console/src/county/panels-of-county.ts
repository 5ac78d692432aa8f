import { countyPanels, furtherPanels, type Represents } from '@send/panels';
import { addDays, type Day, weekday } from '@send/statute';
import type { Draw } from './draw';
import type { RowSheet } from './row-sheet';

/** Three county panels side by side with the same members, and the panels of other purposes; a sitting each fortnight. */
export function addPanels(
  sheet: RowSheet,
  draw: Draw,
  county: { id: string; teams: readonly string[]; firstDay: Day; today: Day },
  members: readonly { staffId: string; represents: Represents; chairs?: boolean }[],
): void {
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
  for (const [at, { id: kind }] of assessing.entries()) {
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
    for (const meetsOn of [-28, -14, 0, 14, 28].map((days) => addDays(next, days)))
      sheet.add('panels.sitting', {
        id: draw.id(meetsOn < today ? meetsOn : today),
        authority_id: authority,
        kind_id: kind,
        meets_on: meetsOn,
        time: '10am',
        place: 'County Hall, Committee Room 2',
        pack_ready_by: addDays(meetsOn, -7),
        arranged_by: members[0]?.staffId ?? 'seed',
      });
  }
}
