// Subresource Integrity (W3C SRI) of what the script build fetches after itself: a page that holds the script to its digest means
// all of it. The script has the digest of `files.json`, and that has those of all other files.

/**
 * Gives `{fetch, import}`, both of the name of a file beside `source` and the address to have it from. Where `pin` is the
 * digest of `files.json` they give only what is in it; without one they ask for nothing more.
 */
export function filesBeside(source, pin) {
  const addressOf = (name) => new URL(name, source);
  let reading;
  const digestOf = async (name) => {
    reading ??= fetch(addressOf("files.json"), { integrity: pin })
      .then((response) => response.json())
      .catch((error) => {
        reading = undefined;
        throw error;
      });
    const { [name]: digest } = await reading;
    if (!digest) throw new Error(`files.json has no digest of ${name}`);
    return digest;
  };
  // Asked for at once, as all else waits for it. Who needs a digest hears of a failure.
  if (pin) digestOf("engine.js").catch(() => {});
  return {
    fetch: async (name, address = addressOf(name), signal) => fetch(address, { signal, ...(pin && { integrity: await digestOf(name) }) }),
    import: async (name, address = addressOf(name)) => {
      if (pin) await vouch(address, await digestOf(name));
      return import(address);
    },
  };
}

/** Has the browser hold a module to its digest: what is imported from that address afterwards is what it has read here. */
async function vouch(address, integrity) {
  const link = document.createElement("link");
  if (!link.relList.supports("modulepreload")) {
    // An older browser: it asks for the file a second time, most often from its cache.
    await fetch(address, { integrity }).then((response) => response.text());
    return;
  }
  await new Promise((resolve, reject) => {
    const onerror = () => reject(new Error(`${address} is not what its digest says, or could not be loaded`));
    document.head.append(Object.assign(link, { rel: "modulepreload", crossOrigin: "anonymous", integrity, onload: resolve, onerror, href: address }));
  }).finally(() => link.remove());
}
