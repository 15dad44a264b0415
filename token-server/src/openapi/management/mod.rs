//! The management API, a file for each resource.

mod api_keys;
mod audit;
mod campaigns;
mod invites;
mod participants;
mod sessions;
mod webhooks;

use super::operation::Operation;

/// Every operation, in the order of the document.
pub(super) fn all() -> Vec<Operation> {
    [
        api_keys::all(),
        campaigns::all(),
        invites::all(),
        sessions::all(),
        participants::all(),
        webhooks::all(),
        audit::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
