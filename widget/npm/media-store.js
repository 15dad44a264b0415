// What is chosen or recorded and not yet through, kept on the device: a reload or a closed laptop loses nothing.
// Where a browser has no IndexedDB for this page, or no room in it, this page's memory has to do.

const NAME = "interview-relay-media";
/** An interview that is not gone on with in a week begins this question anew. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/** By the item's `clientId`, for what IndexedDB did not take. */
const memory = new Map();
let opening;
/** One after the other: what a question that is being left still writes is there for the one that reads. */
let turn = Promise.resolve();

const inTurn = (work) => (turn = turn.then(work, work));

/** What will be kept as soon as it has ended: recordings. */
const coming = new Set();

/** Counts a promise among what {@link settled} waits for. */
export function underWay(promise) {
  coming.add(promise);
  promise.finally(() => coming.delete(promise));
}

/** When all that has been recorded by now is kept. */
export async function settled() {
  await Promise.allSettled(coming);
  await turn;
}

/** Keeps an item: `{clientId, session, question, …}`. */
export const keep = (item) =>
  inTurn(async () => {
    const record = { ...item, keptAt: Date.now() };
    try {
      await run("readwrite", (store) => store.put(record));
      memory.delete(item.clientId);
    } catch {
      memory.set(item.clientId, record);
    }
  });

/** Forgets an item. */
export const forget = (clientId) =>
  inTurn(async () => {
    memory.delete(clientId);
    await run("readwrite", (store) => store.delete(clientId)).catch(() => {});
  });

/** All that is kept for a question of a session, in the order in which it came; what is too old is forgotten. */
export const kept = (session, question) =>
  inTurn(async () => {
    const records = [...(await run("readonly", (store) => store.getAll()).catch(() => [])), ...memory.values()];
    for (const { clientId, keptAt } of records) if (keptAt < Date.now() - KEEP_MS) forget(clientId);
    return records.filter((record) => record.session === session && record.question === question).sort((a, b) => a.order - b.order);
  });

function open() {
  return (opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("items", { keyPath: "clientId" });
    request.onsuccess = () => {
      // Another version of this page, or the person who clears the site's data, must not wait for this one.
      request.result.onversionchange = () => {
        request.result.close();
        opening = undefined;
      };
      request.result.onclose = () => (opening = undefined);
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  }).catch((error) => {
    opening = undefined;
    throw error;
  }));
}

async function run(mode, work, isAgain = false) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("items", mode);
      const request = work(transaction.objectStore("items"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } catch (error) {
    if (isAgain || error?.name === "QuotaExceededError") throw error;
    // The browser has closed the connection, as iOS does while nobody sees the page.
    database.close();
    opening = undefined;
    return run(mode, work, true);
  }
}
