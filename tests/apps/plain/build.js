import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';

const widget = 'node_modules/@interviewrelay/widget/dist';

await mkdir('dist', { recursive: true });
// All of the folder but what is for bundlers: the script finds the rest of itself beside it.
await cp(widget, 'dist', { recursive: true, filter: (path) => !/(inline\.js|integrity\.json)$/.test(path) });
await cp('main.js', 'dist/main.js');
const { 'interview-relay.js': integrity } = JSON.parse(await readFile(`${widget}/integrity.json`, 'utf8'));
const page = await readFile('index.html', 'utf8');
await writeFile('dist/index.html', page.replace('{integrity}', integrity));
