/** Holds the list of process groups of its parent and ends those left when the parent is gone. See stop.mjs. */

import { createInterface } from 'node:readline';

const groups = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) groups.add(pid);
    else groups.delete(pid);
  })
  .on('close', () => {
    signalAll('SIGTERM');
    if (groups.size > 0) setTimeout(() => signalAll('SIGKILL'), 5_000);
  });

function signalAll(signal) {
  for (const pid of groups) {
    try {
      process.kill(-pid, signal);
    } catch {
      groups.delete(pid);
    }
  }
}
