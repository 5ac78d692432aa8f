import { TestRedis } from './redis';

it('keeps a real Redis that can be killed and come back', async () => {
  const redis = await TestRedis.open();
  const first = redis.pid;
  await redis.kill();
  await redis.start();
  expect(redis.pid).not.toBe(first);
  await redis.close();
}, 30_000);
