import { createHash } from 'node:crypto';
import type { Database, Tx } from '@send/database';

export interface Seal {
  readonly position: number;
  readonly hash: string;
}

export interface Sealed {
  readonly sealed: number;
  /** The newest seal: to be kept outside the database, where nobody who can write here can write. */
  readonly head: Seal | undefined;
}

export interface ChainFault {
  /** The row at fault; for a missing seal, the row it should have covered. */
  readonly auditId: string;
  readonly position: number | null;
  readonly fault: 'altered' | 'missing' | 'chain-broken' | 'never-sealed';
}

interface Row {
  id: string;
  parts: (string | null)[];
}

const start = '0'.repeat(64);
const batch = 1_000;

/** Every column, as text that PostgreSQL will write the same for ever. */
const parts = `array[a.id::text, a.authority_id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), a.actor, a.role,
  a.on_behalf_of, a.action, a.child_id::text, a.run_id::text, a.object, array_to_json(a.fields)::text, a.outcome, a.reason, a.request_id]`;

/**
 * Seals what is not sealed yet. One sealer at a time for an authority (a lock in the database), apart from the commands
 * that wrote the rows, so that they never wait for each other. A row whose transaction ended late is simply sealed later;
 * a day's look back over the ids, which are in the order of time, finds it without reading the whole audit.
 */
export async function sealAudit(database: Database, authority: string): Promise<Sealed> {
  let sealed = 0;
  for (;;) {
    const step = await database.transaction({ authority, actor: 'sealer' }, (tx) => sealBatch(tx, authority));
    sealed += step.sealed;
    if (step.sealed < batch) return { sealed, head: step.head };
  }
}

async function sealBatch(tx: Tx, authority: string): Promise<Sealed> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('send.audit-seal'), hashtext($1))`, [authority]);
  const [last] = await tx.query<Seal>(
    'select position, hash from access.audit_seal where authority_id = $1 order by position desc limit 1',
    [authority],
  );
  const rows = await tx.query<Row>(
    `with newest as (
       select max(s.at) as at from (
         select uuid_extract_timestamp(audit_id) as at from access.audit_seal
         where authority_id = $1 order by position desc limit ${batch}) s)
     select a.id, ${parts} as parts from access.audit a
     where a.authority_id = $1
       and a.id >= coalesce((select uuidv7(at - now() - interval '1 day') from newest where at is not null),
                            '00000000-0000-0000-0000-000000000000')
       and not exists (select from access.audit_seal s where s.audit_id = a.id)
     order by a.id limit ${batch}`,
    [authority],
  );
  if (rows.length === 0) return { sealed: 0, head: last };
  let { position, hash } = last ?? { position: 0, hash: start };
  const seals = rows.map((row) => {
    const previous = hash;
    position += 1;
    hash = sealOf(previous, row.parts);
    return { position, audit_id: row.id, previous, hash };
  });
  await tx.run(
    `insert into access.audit_seal (authority_id, position, audit_id, previous, hash)
     select $1, position, audit_id, previous, hash
     from jsonb_to_recordset($2::jsonb) as s(position bigint, audit_id uuid, previous text, hash text)`,
    [authority, JSON.stringify(seals)],
  );
  return { sealed: seals.length, head: { position, hash } };
}

/**
 * Reads the whole chain again and names each row that does not agree with its seal. `anchor` is a head that was kept
 * outside: with it, a chain that was rewritten from some point on is found too.
 */
export async function verifyAudit(database: Database, authority: string, anchor?: Seal): Promise<ChainFault[]> {
  const faults: ChainFault[] = [];
  let position = 0;
  let hash = start;
  for (;;) {
    const rows = await database.transaction({ authority, actor: 'sealer' }, (tx) =>
      tx.query<{ position: number; auditId: string; previous: string; hash: string; parts: (string | null)[] | null }>(
        `select s.position, s.audit_id as "auditId", s.previous, s.hash, case when a.id is not null then ${parts} end as parts
         from access.audit_seal s left join access.audit a on a.id = s.audit_id
         where s.authority_id = $1 and s.position > $2 order by s.position limit ${batch}`,
        [authority, position],
      ),
    );
    for (const row of rows) {
      const at = { auditId: row.auditId, position: row.position };
      if (row.position !== position + 1 || row.previous !== hash) faults.push({ ...at, fault: 'chain-broken' });
      if (row.parts === null) faults.push({ ...at, fault: 'missing' });
      else if (sealOf(row.previous, row.parts) !== row.hash) faults.push({ ...at, fault: 'altered' });
      if (anchor?.position === row.position && anchor.hash !== row.hash) faults.push({ ...at, fault: 'chain-broken' });
      ({ position, hash } = row);
    }
    if (rows.length < batch) break;
  }
  const late = await database.transaction({ authority, actor: 'sealer' }, (tx) =>
    tx.query<{ id: string }>(
      // A row that looks old and has no seal was slipped in, or the sealer has stopped.
      `select a.id from access.audit a where a.authority_id = $1
         and uuid_extract_timestamp(a.id) < (select max(uuid_extract_timestamp(audit_id)) - interval '1 day' from access.audit_seal where authority_id = $1)
         and not exists (select from access.audit_seal s where s.audit_id = a.id) order by a.id limit ${batch}`,
      [authority],
    ),
  );
  faults.push(...late.map(({ id }): ChainFault => ({ auditId: id, position: null, fault: 'never-sealed' })));
  if (anchor && position < anchor.position) {
    faults.push({ auditId: '', position: anchor.position, fault: 'missing' });
  }
  return faults;
}

const sealOf = (previous: string, row: readonly (string | null)[]): string =>
  createHash('sha256')
    .update(JSON.stringify([previous, ...row]))
    .digest('hex');
