//! What is kept on the device: texts by name, for each invite, in one store of an `IndexedDB` of the page's origin.
//!
//! Straight from `web-sys`: the crates around `IndexedDB` made the widget 6.4 KB (brotli) larger, this file 3.1.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const DATABASE: &str = "interview-relay";
const STORE: &str = "kept";
/// What was kept longer ago than this for another invite is removed.
const KEEP_MS: f64 = 30.0 * 86_400_000.0;

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// A name and its text; without one the name is removed.
pub type Change = (String, Option<String>);

/// What is kept for this owner. What others have left behind too long ago is removed.
///
/// # Errors
/// Whatever the browser says where it has no storage for this page, here and below.
pub async fn read(owner: &str) -> Result<Vec<(String, String)>, JsValue> {
    let (_, store) = begin().await?;
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
    Ok(found)
}

/// Makes these changes, all or none; they are on the device when this is done.
///
/// # Errors
/// See [`read`]; also when there is no room left.
pub async fn write(owner: &str, changes: Vec<Change>) -> Result<(), JsValue> {
    let (transaction, store) = begin().await?;
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
    // Not when the browser gets round to it: the page may be gone by then, and with it what was written.
    #[expect(deprecated, reason = "in these bindings only: Indexed Database API 3.0 §4.9 has it")]
    let _ = transaction.commit();
    JsFuture::from(done).await.map(drop)
}

/// In the database that is open, if it still is: a page that goes away has no time to open one.
async fn begin() -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
    let kept = OPEN.with_borrow(Clone::clone);
    if let Some(begun) = kept.and_then(|database| begin_in(&database).ok()) {
        return Ok(begun);
    }
    let database = open().await?;
    let begun = begin_in(&database);
    OPEN.set(Some(database));
    begun
}

fn begin_in(database: &IdbDatabase) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
    let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
    let store = transaction.object_store(STORE)?;
    Ok((transaction, store))
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
    let database: IdbDatabase = settled(&request).await?.unchecked_into();
    // A later version of this page, or the person who clears the site's data, must not wait for this one.
    let ours = database.clone();
    let leave = Closure::once_into_js(move |_: Event| ours.close());
    database.set_onversionchange(Some(leave.unchecked_ref()));
    Ok(database)
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
