import { createServer } from 'node:http';
import { Sessions, accessEntities } from '@send/access';
import { Database } from '@send/database';
import { londonDay } from '@send/statute';
import { readConfig } from './config';
import { signInStandIn } from './sign-in-stand-in';

const config = readConfig();
const database = await Database.open({
  url: config.databaseUrl,
  entities: accessEntities,
  poolSize: 2,
  applicationName: 'stand-ins',
});
const sessions = new Sessions(database);
const server = createServer(
  signInStandIn({
    sessions,
    secret: config.signInSecret,
    backTo: config.caseworkUrl,
    today: () => config.today ?? londonDay(new Date()),
  }),
);
server.listen(config.port);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void server.close(() => void database.close().finally(() => process.exit(0))));
