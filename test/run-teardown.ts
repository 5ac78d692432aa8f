import { endAbandonedRedis } from './redis';
import { sweepTestDatabases, testCluster } from './cluster';

/** After the last spec: no process of ours is left, unless another run of this clone still uses it. */
export default async function tearDown(): Promise<void> {
  endAbandonedRedis();
  const cluster = testCluster();
  if (cluster.pid() === undefined) return;
  await cluster.start();
  if (cluster.others().length === 0) await sweepTestDatabases(cluster);
  await cluster.stop();
}
