/** What Linux tells of processes and the machine; `null` elsewhere. */

import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { arch, cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';

/** The unit of time in /proc: Linux fixes it for programs at a hundredth of a second. */
const TICKS_PER_SECOND = 100;

const linux = process.platform === 'linux';
const fields = (path, from) => readFileSync(path, 'utf8').slice(from).trim().split(/\s+/).map(Number);

/** Seconds of processor time that a process has used, all threads, in user and system mode. */
export function cpuSeconds(pid) {
  if (!linux) return null;
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, second, may hold blanks; it ends with the last parenthesis. Then utime is the 12th and stime the 13th.
  const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(rest[11]) + Number(rest[12])) / TICKS_PER_SECOND;
}

/** Memory of a process that is in RAM. */
export function residentMib(pid) {
  if (!linux) return null;
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** Seconds in which the machine's cores did something, or were taken away by its host. */
export function busySeconds() {
  if (!linux) return null;
  const [user, nice, system, , , irq, softirq, steal] = fields('/proc/stat', 'cpu'.length);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** The machine in general words. */
export function describeMachine(folder) {
  const memory = Math.round(totalmem() / 2 ** 30);
  const system = type() === 'Darwin' ? 'macOS' : type();
  return `${cpus().length} cores (${arch()}), ${memory} GiB of memory, ${system}; a 4 KiB write and its sync take ${syncMicros(folder).toFixed(0)} µs on its disk`;
}

/** The median time of a small write that is synced. */
function syncMicros(folder) {
  const path = join(folder, 'sync');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4_096, 1);
  const times = [];
  for (let run = 0; run < 200; run += 1) {
    const began = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    times.push((performance.now() - began) * 1000);
  }
  closeSync(file);
  rmSync(path);
  return median(times);
}

/** The middle one; of an even number the mean of both. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
}
