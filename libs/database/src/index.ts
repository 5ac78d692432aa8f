export { Database, sqlState, Tx, type DatabaseOptions, type Entity, type Identity, type Row } from './database';
export { dataFolder, projectFolder } from './data-folder';
export { EmbeddedPostgres, type ClusterRole, type EmbeddedPostgresOptions } from './embedded-postgres';
export { migrate } from './migrate';
export { migrations } from './migrations';
export { newId } from './new-id';
export { alone, isAlive } from './starter-lock';
export { Traffic } from './traffic';
