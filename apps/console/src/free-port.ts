import { createServer } from 'node:net';

/** The first port from this one on that nobody listens on, at this machine's own address. */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + 100 && port <= 65_535; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port from ${first} to ${first + 99}: set PORT to another one.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    // Without an address: a server on any address of this machine counts.
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
