import 'reflect-metadata';
import { accessEntities } from '@send/access';
import { caseFileEntities } from '@send/case-file';
import { addressKeysFrom, CaseCorrespondence, LetterDesk } from '@send/correspondence';
import { Database } from '@send/database';
import { Engine, SetClock, systemClock } from '@send/engine';
import { processes, workflows } from '@send/workflows';
import { caseworkApp, pageWriter } from './casework-app';
import { readConfig } from './config';

const config = readConfig();
const clock = config.today === undefined ? systemClock : new SetClock(new Date(`${config.today}T09:00:00Z`));
const database = await Database.open({
  url: config.databaseUrl,
  entities: [...accessEntities, ...caseFileEntities],
  applicationName: 'casework',
});
const keys = addressKeysFrom(config.addressKeys, config.production);
const letterDesk = new LetterDesk({ database, workflows, keys, clock });
const engine = new Engine(database, processes, new CaseCorrespondence(database, letterDesk.catalogue), clock);
const app = await caseworkApp({ config, database, clock, engine, letterDesk, writer: pageWriter(), addressKeys: keys });
await app.listen(config.port);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(
    signal,
    () =>
      void app
        .close()
        .then(() => database.close())
        .finally(() => process.exit(0)),
  );
