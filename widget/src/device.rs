//! What is kept on the device: texts by name, for each invite, in one store of an `IndexedDB` of the page's origin.
//!
//! Straight from `web-sys`: the crates around `IndexedDB` made the widget 6.4 KB (brotli) larger, this file 3.1.

use js_sys::{Array, Date, Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const DATABASE: &str = "interview-relay";
const STORE: &str = "kept";
/// What was kept longer ago than this for another invite is removed.
const KEEP_MS: f64 = 30.0 * 86_400_000.0;

/// A name and its text; without one the name is removed.
pub type Change = (String, Option<String>);

/// What is kept for this owner. What others have left behind too long ago is removed.
///
/// # Errors
/// Whatever the browser says where it has no storage for this page, here and below.
pub async fn read(owner: &str) -> Result<Vec<(String, String)>, JsValue> {
    let database = open().await?;
    let (_, store) = begin(&database, IdbTransactionMode::Readwrite)?;
    // Both are asked for before the first is awaited: a transaction that has nothing to do is over.
    let (keys, values) = (store.get_all_keys()?, store.get_all()?);
    let keys: Array = settled(&keys).await?.unchecked_into();
    let values: Array = settled(&values).await?.unchecked_into();
    let oldest = Date::now() - KEEP_MS;
    let mut found = Vec::new();
    for (key, value) in keys.iter().zip(values.iter()) {
        let value: Array = value.unchecked_into();
        let name =
            key.as_string().and_then(|key| key.strip_prefix(owner)?.strip_prefix('\n').map(str::to_owned));
        match (name, value.get(1).as_string()) {
            (Some(name), Some(text)) => found.push((name, text)),
            _ if value.get(0).as_f64().is_none_or(|kept_at| kept_at < oldest) => drop(store.delete(&key)?),
            _ => {}
        }
    }
    database.close();
    Ok(found)
}

/// Makes these changes, all or none; they are on the device when this is done.
///
/// # Errors
/// See [`read`]; also when there is no room left.
pub async fn write(owner: &str, changes: Vec<Change>) -> Result<(), JsValue> {
    let database = open().await?;
    let (transaction, store) = begin(&database, IdbTransactionMode::Readwrite)?;
    for (name, text) in changes {
        let key = JsValue::from([owner, "\n", &name].concat());
        match text {
            Some(text) => store.put_with_key(&Array::of2(&Date::now().into(), &text.into()), &key)?,
            None => store.delete(&key)?,
        };
    }
    let done = promise(|resolve, reject| {
        transaction.set_oncomplete(Some(resolve));
        transaction.set_onabort(Some(reject));
    });
    let done = JsFuture::from(done).await;
    database.close();
    done.map(drop)
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let factory =
        web_sys::window().and_then(|window| window.indexed_db().ok().flatten()).ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let made = request.clone();
    let upgrade = Closure::once(move |_: Event| {
        if let Ok(database) = made.result() {
            database.unchecked_into::<IdbDatabase>().create_object_store(STORE).ok();
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    settled(&request).await.map(JsCast::unchecked_into)
}

fn begin(
    database: &IdbDatabase,
    mode: IdbTransactionMode,
) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
    let transaction = database.transaction_with_str_and_mode(STORE, mode)?;
    let store = transaction.object_store(STORE)?;
    Ok((transaction, store))
}

async fn settled(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let done = promise(|resolve, reject| {
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(reject));
    });
    JsFuture::from(done).await?;
    request.result()
}

fn promise(mut listen: impl FnMut(&Function, &Function)) -> Promise {
    Promise::new(&mut |resolve, reject| listen(&resolve, &reject))
}
