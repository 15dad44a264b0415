/** Results as lines for a terminal. */

const WIDTHS = [44, 10, 9, 9, 12, 9];
const number = (value, digits = 0) => (value === null || value === undefined ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
const row = (cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[at]))).join('');

/** The table of minting, and a word when the machine was busy with something else. */
export function printMint(mint, ratios) {
  console.log(`\n${row(['minting over HTTP (medians)', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/req', 'MiB'])}`);
  for (const [id, one] of Object.entries(mint)) {
    console.log(row([`${id}  ${one.title}`, number(one.rps), number(one.p50_ms, 2), number(one.p99_ms, 2), number(one.cpu_us, 1), number(one.mib)]));
  }
  const named = { rps_b: 'd ÷ b requests/s', cpu_b: 'd ÷ b CPU', p99_b: 'd ÷ b p99', same_rps_b: 'e ÷ b requests/s', same_cpu_b: 'e ÷ b CPU', rps_c1: 'd ÷ c1 requests/s', rps_c2: 'd ÷ c2 requests/s' };
  console.log();
  for (const [name, text] of Object.entries(named)) if (ratios[name] !== null) console.log(`${text.padEnd(24)}${number(ratios[name], 2)}`);
  const foreign = Math.max(...Object.values(mint).flatMap((one) => one.samples.map((sample) => sample.foreign ?? 0)));
  if (foreign > NOISY) console.log(`\nOther programs kept up to ${number(foreign, 2)} cores busy meanwhile: these figures are not quiet ones.`);
}

/** How many cores of others make a measurement a noisy one. */
export const NOISY = 0.15;
