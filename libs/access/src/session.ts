import { createHash, randomBytes } from 'node:crypto';
import type { Database, Tx } from '@send/database';
import { IsNull } from 'typeorm';
import type { Actor } from './actor';
import { writeAudit } from './audit';
import { Session } from './staff.entity';
import { actorFor } from './staff';

const minute = 60_000;
export const idleFor = 30 * minute;
export const atMost = 12 * 60 * minute;
/** Some acts (approve, sign, export, read a protected address) ask for a sign-in this fresh. */
export const freshFor = 10 * minute;

export interface SignedIn {
  readonly actor: Actor;
  /** Signed in within the last ten minutes. */
  readonly fresh: boolean;
  /** When it will end if nothing is done. */
  readonly endsAt: Date;
}

/**
 * The cookie's value: the authority, then 256 random bits. The authority is no secret; it says under which identity
 * the session is looked up, so that not even a sign-in reads over the wall.
 */
export async function beginSession(tx: Tx, actor: Actor, now: Date): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await tx.repository(Session).insert({
    idHash: hashOf(secret),
    authorityId: tx.identity.authority,
    staffId: actor.staffId,
    createdAt: now,
    signedInAt: now,
    lastSeenAt: now,
    endedAt: null,
  });
  await writeAudit(tx, actor, { action: 'signIn', outcome: 'done' });
  return `${tx.identity.authority}.${secret}`;
}

/** Who sends this cookie. Undefined for one that is unknown, ended, idle too long, too old, or of somebody who has left. */
export async function signedIn(
  database: Database,
  cookie: string,
  now: Date,
  today: string,
): Promise<SignedIn | undefined> {
  const read = readCookie(cookie);
  if (!read) return undefined;
  return database.transaction({ authority: read.authority, actor: 'sign-in' }, async (tx) => {
    const sessions = tx.repository(Session);
    const session = await sessions.findOneBy({ idHash: read.idHash, endedAt: IsNull() });
    if (!session) return undefined;
    const endsAt = Math.min(session.lastSeenAt.getTime() + idleFor, session.createdAt.getTime() + atMost);
    const actor = now.getTime() < endsAt ? await actorFor(tx, session.staffId, today) : undefined;
    if (!actor) {
      await sessions.update({ idHash: read.idHash }, { endedAt: now });
      return undefined;
    }
    // Once a minute is enough to keep it alive; a write on every request is not.
    const noted = now.getTime() - session.lastSeenAt.getTime() > minute;
    if (noted) await sessions.update({ idHash: read.idHash }, { lastSeenAt: now });
    const seenAt = noted ? now : session.lastSeenAt;
    return {
      actor,
      fresh: now.getTime() - session.signedInAt.getTime() <= freshFor,
      endsAt: new Date(Math.min(seenAt.getTime() + idleFor, session.createdAt.getTime() + atMost)),
    };
  });
}

/** Ends it here, so that a kept copy of the cookie is worth nothing. */
export async function endSession(database: Database, cookie: string, now: Date): Promise<void> {
  const read = readCookie(cookie);
  if (!read) return;
  await database.transaction({ authority: read.authority, actor: 'sign-in' }, async (tx) => {
    await tx.repository(Session).update({ idHash: read.idHash, endedAt: IsNull() }, { endedAt: now });
  });
}

/** An account that is closed ends all its sessions. */
export async function endSessionsOf(tx: Tx, staffId: string, now: Date): Promise<void> {
  await tx.repository(Session).update({ staffId, endedAt: IsNull() }, { endedAt: now });
}

function readCookie(cookie: string): { authority: string; idHash: string } | undefined {
  const read = /^([a-z][a-z0-9-]{1,39})\.([A-Za-z0-9_-]{43})$/.exec(cookie);
  return read?.[1] && read[2] ? { authority: read[1], idHash: hashOf(read[2]) } : undefined;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
