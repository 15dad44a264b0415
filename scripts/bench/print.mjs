/** Results as lines for a terminal. */

/** How many cores of others make a measurement a noisy one. */
export const NOISY = 0.15;

/** A number with commas and so many digits after the point; a dash where there is none. */
export const fixed = (value, digits = 0) =>
  value === null || value === undefined || Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** How many cores other programs kept busy in the worst sample. */
export const disturbance = (mint) => Math.max(...Object.values(mint).flatMap((one) => one.samples.map((sample) => sample.foreign ?? 0)));

const RATIOS = {
  rps_b: 'd ÷ b requests/s',
  cpu_b: 'd ÷ b CPU',
  p99_b: 'd ÷ b p99',
  rps_c1: 'd ÷ c1 requests/s',
  rps_c2: 'd ÷ c2 requests/s',
  same_rps_b: 'e ÷ b requests/s',
  same_cpu_b: 'e ÷ b CPU',
};

/** The table of minting, and a word when the machine was busy with something else. */
export function printMint(mint, ratios) {
  print(
    ['minting over HTTP (medians)', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs', 'MiB', 'others'],
    Object.entries(mint).map(([id, one]) => [`${id}  ${one.title}`, fixed(one.rps), fixed(one.p50_ms, 2), fixed(one.p99_ms, 2), fixed(one.cpu_us, 1), fixed(one.mib), fixed(one.foreign, 2)]),
  );
  console.log('others: cores that other programs kept busy');
  const measured = Object.entries(RATIOS).filter(([name]) => ratios[name] !== null);
  if (measured.length > 0) print(['ratios', ''], measured.map(([name, text]) => [text, fixed(ratios[name], 2)]));
  const others = disturbance(mint);
  if (others > NOISY) console.log(`\nOther programs kept up to ${fixed(others, 2)} cores busy meanwhile: this was not a quiet run.`);
}

/** Minting beside guesses. */
export function printFloods(floods) {
  print(
    ['while keys are guessed (medians)', 'guesses/s', 'mints/s', 'p99 ms', '÷ quiet', 'p99 ms*', '÷ quiet'],
    Object.values(floods).map((one) => [
      one.title,
      fixed(one.guesses_per_s),
      fixed(one.rps),
      fixed(one.full_p99_ms, 2),
      fixed(one.full_p99_ms / floods.quiet.full_p99_ms, 2),
      fixed(one.paced_p99_ms, 2),
      fixed(one.paced_p99_ms / floods.quiet.paced_p99_ms, 2),
    ]),
  );
  console.log('* of valid callers at 1,000 requests a second');
}

/** What got through after a key was revoked. */
export function printRevocation(revocation) {
  print(
    ['revoking a key in use', 'keys', 'sent after', 'let in', 'first 401 ms', 'DELETE ms'],
    Object.values(revocation).map((one) => [
      one.rate ? `${one.rate} requests/s` : 'without a pause',
      one.keys,
      fixed(one.sent_after),
      one.got_through,
      fixed(one.first_refusal_ms, 2),
      fixed(one.delete_ms, 2),
    ]),
  );
}

/** Memory with sessions. */
export function printSessions({ sessions, before_mib, after_mib, seconds }) {
  console.log(`\n${fixed(sessions)} open participant sessions: ${fixed(before_mib)} → ${fixed(after_mib)} MiB, opened in ${fixed(seconds, 1)} s`);
}

/** What more rows change. */
export function printGrowth(growth) {
  print(
    ['invites stored before (medians)', 'start ms', 'mints/s', 'p99 ms', 'CPU µs', 'page 1 ms', 'last page ms', 'MiB'],
    growth.map((one) => [
      fixed(one.size),
      fixed(one.start_ms),
      fixed(one.rps),
      fixed(one.p99_ms, 2),
      fixed(one.cpu_us, 1),
      fixed(one.first_page_ms, 2),
      fixed(one.last_page_ms, 2),
      fixed(one.mib),
    ]),
  );
}

/** Webhooks beside a bare loop. */
export function printWebhooks({ ours, one, many, ratios }) {
  print(
    ['webhooks (medians)', 'deliveries/s', 'CPU µs', 'others'],
    [ours, one, many].map((sender) => [sender.title, fixed(sender.per_s), fixed(sender.cpu_us, 1), fixed(sender.foreign, 2)]),
  );
  print(['ratios', ''], [['ours ÷ one by one', fixed(ratios.one, 2)], ['ours ÷ 32 at once', fixed(ratios.many, 2)]]);
  const others = disturbance({ ours, one, many });
  if (others > NOISY) console.log(`\nOther programs kept up to ${fixed(others, 2)} cores busy meanwhile: this was not a quiet run.`);
}

/** The widget's first screen. */
export function printWidget({ sizes, runs, bare_ms, interview_ms }) {
  console.log(`\n${sizes}`);
  print([`first screen (medians of ${runs})`, 'ms'], [['bare page', fixed(bare_ms)], ['invite, widget and first screen', fixed(interview_ms)]]);
}

function print(head, rows) {
  const row = (cells) => cells.map((cell, at) => (at === 0 ? String(cell).padEnd(46) : String(cell).padStart(13))).join('');
  console.log(`\n${row(head)}\n${rows.map(row).join('\n')}`);
}
