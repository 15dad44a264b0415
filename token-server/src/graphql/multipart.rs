//! Files beside a document. They are written to disk as they come, and only after the document was found to be allowed.
//! Source: <https://github.com/jaydenseric/graphql-multipart-request-spec>

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Poll, ready},
};

use async_graphql::Context;
use axum::{
    BoxError,
    body::{Body, Bytes},
    http::HeaderMap,
};
use futures_util::{Stream, StreamExt as _, stream};
use multer::Field;
use protocol::{ErrorCode, ids::UploadId};
use serde_json::Value;

use super::{
    body::{Asked, bad_request, length, parse, too_large},
    limits::{MAX_BODY_BYTES, MAX_FILE_BYTES, MAX_FILES, MAX_MAP_BYTES, MAX_MAP_ENTRIES},
    scalars::Upload,
};
use crate::{
    error::{ApiError, PlainError},
    uploads::{Staged, Uploads, disk},
};

/// What a request may have in all: its files, its document and what is between them.
const MAX_BYTES: u64 = MAX_FILES as u64 * MAX_FILE_BYTES + 2 * MAX_BODY_BYTES as u64;

/// Bytes that may come before there is a part in them, or between two pieces of what is in one: they are held in memory.
const MAX_UNREAD: usize = 1_024 * 1_024;

/// How much has come since something of it could be used.
#[derive(Debug, Clone, Default)]
struct Unread(Arc<AtomicUsize>);

impl Unread {
    /// The pieces of a body, as long as they are of use, and one at a time: whoever takes all that is there at once has much
    /// that it could not use yet.
    fn limit(&self, body: Body) -> impl Stream<Item = Result<Bytes, BoxError>> + Send + use<> {
        let (unread, mut pieces, mut rests) = (self.clone(), body.into_data_stream(), false);
        stream::poll_fn(move |context| {
            if std::mem::take(&mut rests) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let Some(piece) = ready!(pieces.poll_next_unpin(context)) else { return Poll::Ready(None) };
            rests = true;
            let piece = piece?;
            let before = unread.0.fetch_add(piece.len(), Ordering::Relaxed);
            Poll::Ready(Some(if before > MAX_UNREAD {
                Err("nothing in it can be used".into())
            } else {
                Ok(piece)
            }))
        })
    }

    /// Something was used.
    fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// A request whose files have not come yet.
pub(super) struct Multipart {
    parts: multer::Multipart<'static>,
    unread: Unread,
    /// The parts with files by name, each with its place among the files.
    map: BTreeMap<String, usize>,
}

impl Multipart {
    /// Reads `operations` and `map`.
    ///
    /// # Errors
    /// 400 and 413.
    pub(super) async fn begin(
        headers: &HeaderMap,
        body: Body,
        boundary: &str,
    ) -> Result<(Asked, Self), PlainError> {
        let too_long =
            || too_large(format!("The request is too large. At most {MAX_FILES} files are accepted."));
        if length(headers).is_some_and(|length| length > MAX_BYTES) {
            return Err(too_long());
        }
        let limits = multer::SizeLimit::new().whole_stream(MAX_BYTES).per_field(MAX_FILE_BYTES);
        let constraints = multer::Constraints::new().size_limit(limits);
        let unread = Unread::default();
        let mut parts = multer::Multipart::with_constraints(unread.limit(body), boundary, constraints);
        let operations = text_of(&mut parts, &unread, "operations", MAX_BODY_BYTES).await?;
        let mut asked = parse(&operations)?;
        let map = text_of(&mut parts, &unread, "map", MAX_MAP_BYTES).await?;
        let map = read_map(&map, &mut asked.variables)?;
        Ok((asked, Self { parts, unread, map }))
    }

    /// Writes the files.
    ///
    /// # Errors
    /// 400 for a file too few or too many, 413 for one that is too large, what [`disk`] tells when the disk fails. Nothing is left then.
    pub(super) async fn receive(
        mut self,
        uploads: &Uploads,
        new_id: impl Fn() -> UploadId,
    ) -> Result<Files, PlainError> {
        let mut files: BTreeMap<usize, Staged> = BTreeMap::new();
        while let Some(mut field) = self.parts.next_field().await.map_err(|error| fault(&error))? {
            self.unread.reset();
            let place = field.name().and_then(|name| self.map.get(name)).copied();
            let place = place.ok_or_else(|| bad_request("There is a part that the map does not name."))?;
            if files.contains_key(&place) {
                return Err(bad_request("There are two parts of the same name."));
            }
            let mut file = uploads
                .stage(new_id(), filename(&field), content_type(&field))
                .await
                .map_err(|error| disk(&error))?;
            while let Some(chunk) = field.chunk().await.map_err(|error| fault(&error))? {
                self.unread.reset();
                file.write(&chunk).await.map_err(|error| disk(&error))?;
            }
            files.insert(place, file.finish().await.map_err(|error| disk(&error))?);
        }
        if files.len() == self.map.len() {
            Ok(Files(Mutex::new(files)))
        } else {
            Err(bad_request("There is a file in the map that was not sent."))
        }
    }
}

/// The files of a request. Those that no resolver takes are removed with it.
#[derive(Debug, Default)]
pub(super) struct Files(Mutex<BTreeMap<usize, Staged>>);

impl Files {
    /// The file at this place.
    ///
    /// # Errors
    /// 400 when it is not there, or was taken already.
    pub(super) fn take(context: &Context<'_>, place: usize) -> Result<Staged, ApiError> {
        let files = context.data_opt::<Self>();
        let taken = files.and_then(|Self(files)| files.lock().ok()?.remove(&place));
        taken.ok_or_else(|| {
            let message = "Send the file as a part of a multipart request, and use it once.";
            ApiError::with_message(ErrorCode::InvalidRequest, message)
        })
    }
}

/// The bytes of the next part, which must be of that name.
async fn text_of(
    parts: &mut multer::Multipart<'static>,
    unread: &Unread,
    name: &'static str,
    max: usize,
) -> Result<Vec<u8>, PlainError> {
    let field = parts.next_field().await.map_err(|error| fault(&error))?;
    let mut field = field.filter(|field| field.name() == Some(name)).ok_or_else(|| {
        bad_request(format!(
            "The part {name} is missing. Send operations, map and then the files, in this order."
        ))
    })?;
    let mut bytes = Vec::new();
    unread.reset();
    while let Some(chunk) = field.chunk().await.map_err(|error| fault(&error))? {
        unread.reset();
        if bytes.len() + chunk.len() > max {
            return Err(too_large(format!(
                "The part {name} is too large. At most {max} bytes are accepted."
            )));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Puts each file in its place in the variables, which must be `null` before.
fn read_map(bytes: &[u8], variables: &mut Value) -> Result<BTreeMap<String, usize>, PlainError> {
    let wrong = || {
        bad_request("The part map must be an object of lists of paths, such as {\"0\":[\"variables.file\"]}.")
    };
    let map: BTreeMap<String, Vec<String>> = serde_json::from_slice(bytes).map_err(|_| wrong())?;
    if map.len() > MAX_MAP_ENTRIES {
        return Err(bad_request(format!(
            "The part map has too many entries. At most {MAX_MAP_ENTRIES} are accepted."
        )));
    }
    if map.len() > MAX_FILES {
        return Err(bad_request(format!("There are too many files. At most {MAX_FILES} are accepted.")));
    }
    let mut places = BTreeMap::new();
    for (place, (name, paths)) in map.into_iter().enumerate() {
        let [path] = &paths[..] else { return Err(bad_request("Each file in the map must have one path.")) };
        let slot = path.strip_prefix("variables.").and_then(|path| slot(variables, path));
        match slot {
            Some(slot @ Value::Null) => *slot = Upload::variable(place),
            _ => return Err(bad_request("Each path in the map must name a variable that is null.")),
        }
        places.insert(name, place);
    }
    Ok(places)
}

fn slot<'a>(variables: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    path.split('.').try_fold(variables, |value, step| match value {
        Value::Object(members) => members.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

fn filename(field: &Field<'_>) -> String {
    // Some browsers once sent whole paths.
    let given = field.file_name().unwrap_or_default();
    given.rsplit(['/', '\\']).next().filter(|name| !name.is_empty()).unwrap_or("file").to_owned()
}

fn content_type(field: &Field<'_>) -> String {
    field.content_type().map_or("application/octet-stream".to_owned(), |kind| kind.essence_str().to_owned())
}

fn fault(error: &multer::Error) -> PlainError {
    match error {
        multer::Error::FieldSizeExceeded { .. } => {
            too_large(format!("A file is too large. At most {MAX_FILE_BYTES} bytes are accepted."))
        }
        multer::Error::StreamSizeExceeded { .. } => too_large("The request is too large."),
        _ => bad_request("The body is not valid multipart/form-data."),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn of_a_body_without_a_part_in_it_little_is_held() {
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&taken);
        let endless = stream::repeat_with(move || {
            counter.fetch_add(65_536, Ordering::Relaxed);
            Ok::<_, BoxError>(Bytes::from(vec![b'a'; 65_536]))
        });
        let begun = Multipart::begin(&HeaderMap::new(), Body::from_stream(endless), "x").await;
        let Err(refused) = begun else { panic!("there is no part in it") };
        assert_eq!(refused.status.as_u16(), 400);
        assert!(taken.load(Ordering::Relaxed) <= MAX_UNREAD + 2 * 65_536, "{taken:?}");
    }

    #[test]
    fn each_file_takes_the_place_of_a_null() {
        let mut variables = json!({"one": null, "many": [null, null], "text": "x"});
        let map = json!({"a": ["variables.many.1"], "b": ["variables.one"]}).to_string();
        let places = read_map(map.as_bytes(), &mut variables).unwrap();
        assert_eq!(places.len(), 2);
        assert_eq!(variables, json!({"one": {"file": 1}, "many": [null, {"file": 0}], "text": "x"}));
        for wrong in [
            json!([]),
            json!({"a": "variables.one"}),
            json!({"a": []}),
            json!({"a": ["variables.one", "variables.text"]}),
            json!({"a": ["variables.text"]}),
            json!({"a": ["variables.none"]}),
            json!({"a": ["one"]}),
            json!({"a": ["variables.many.2"]}),
            json!({"a": ["variables.one"], "b": ["variables.one"]}),
        ] {
            let mut variables = json!({"one": null, "many": [null], "text": "x"});
            let refused = read_map(wrong.to_string().as_bytes(), &mut variables);
            assert_eq!(refused.unwrap_err().status.as_u16(), 400, "{wrong}");
        }
    }
}
