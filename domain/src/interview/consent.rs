//! Consent: what was agreed to, and what follows from it.

use std::collections::HashSet;

use protocol::session::AcceptedConsent;

use crate::guide::CheckedGuide;

/// What became of the consent items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentState {
    /// Not asked yet, or not answered; means nothing where the guide has no consent items.
    Pending,
    /// Everything required was agreed to.
    Accepted,
    /// Something required was not.
    Declined,
}

/// An agreement to something that was never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentRefused {
    /// The guide has no such item.
    #[error("there is no consent item {id}")]
    UnknownItem {
        /// What was sent.
        id: String,
    },
    /// The wording is another one.
    #[error("consent item {id} is at version {current}, not {given}")]
    OtherVersion {
        /// The item.
        id: String,
        /// What was sent.
        given: u32,
        /// What the guide has.
        current: u32,
    },
}

/// What an agreement amounts to. What is left out was refused.
///
/// # Errors
/// When it names an item or a version that the guide does not have.
pub fn weigh_consent(
    guide: &CheckedGuide,
    accepted: &[AcceptedConsent],
) -> Result<ConsentState, ConsentRefused> {
    let items = &guide.guide().consent;
    let mut agreed = HashSet::new();
    for given in accepted {
        let Some(item) = items.iter().find(|item| item.id == given.id) else {
            return Err(ConsentRefused::UnknownItem { id: given.id.clone() });
        };
        if item.version != given.version {
            let (given, current) = (given.version, item.version);
            return Err(ConsentRefused::OtherVersion { id: item.id.clone(), given, current });
        }
        agreed.insert(item.id.as_str());
    }
    let complete = items.iter().all(|item| !item.required || agreed.contains(item.id.as_str()));
    Ok(if complete { ConsentState::Accepted } else { ConsentState::Declined })
}
