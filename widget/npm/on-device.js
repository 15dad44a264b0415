// What the device has of an interview, as far as the first screen has to know it; the wasm keeps it there
// (widget/src/device.rs and outbox.rs) and reads it too, only later.

/** Where nothing is kept, or nothing can be. */
const NOTHING = { isAhead: false, drafts: [] };

/**
 * Gives `{isAhead, drafts}`: whether answers are kept that lead further than the server knows, and what is typed. Where the
 * browser does not answer it never settles.
 */
export async function onDevice(inviteToken) {
  try {
    const { iss, jti } = JSON.parse(atob(inviteToken.trim().split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    const owner = `${iss} ${jti}\n`;
    // Most people come for the first time: to ask what there is takes half as long as to open what is not.
    const databases = await indexedDB.databases?.();
    if (databases?.every(({ name }) => name !== "interview-relay")) return NOTHING;
    const database = await settled(indexedDB.open("interview-relay"), (request) => {
      // Nothing is kept, and this is not the place to make room for it.
      request.onupgradeneeded = () => request.transaction.abort();
    });
    const store = database.transaction("kept").objectStore("kept");
    const range = (name) => IDBKeyRange.bound(owner + name, `${owner}${name}\uffff`);
    const [answers, drafts] = await Promise.all([settled(store.count(range("answer "))), settled(store.getAll(range("draft ")))]);
    database.close();
    return { isAhead: answers > 0, drafts: drafts.map(([, draft]) => JSON.parse(draft)) };
  } catch {
    return NOTHING;
  }
}

function settled(request, prepare) {
  prepare?.(request);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
