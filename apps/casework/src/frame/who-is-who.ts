import { type Authority, authorityOf, type Staff } from '@send/access';
import { Staff as StaffEntity } from '@send/access';
import { Database, type Tx } from '@send/database';
import { Injectable } from '@nestjs/common';

/** Names of colleagues and of the authority, for pages that hold only ids. */
@Injectable()
export class WhoIsWho {
  private readonly authorities = new Map<string, Authority>();

  constructor(private readonly database: Database) {}

  async authority(id: string): Promise<Authority> {
    const known = this.authorities.get(id);
    if (known !== undefined) return known;
    const found = await this.database.transaction({ authority: id, actor: 'pages' }, authorityOf);
    this.authorities.set(id, found);
    return found;
  }
}

/** Every name by its id; `system` and what was imported have none among the staff. */
export async function staffNames(tx: Tx): Promise<(id: string | null) => string> {
  const staff = await tx.repository<Staff>(StaffEntity).find();
  const names = new Map(staff.map((one) => [one.id, one.name]));
  return (id) =>
    id === null ? 'Nobody yet' : id === 'system' ? 'This service' : (names.get(id) ?? 'Somebody who has left');
}
