//! Participants.

use domain::invite::Participant;

use super::{cells::Cells, link::Row, statement::query, unit::Unit};
use crate::StoreError;

/// Adds one, unless the customer's own id is taken.
pub(crate) const ADD: &str = "INSERT INTO participants
     (id, environment, organization_id, email, email_key, name, external_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
/// Changes what may change.
pub(crate) const UPDATE: &str = "UPDATE participants SET email = $1, email_key = $2, name = $3 WHERE id = $4";
/// Finds one by address. Several of the customer's participants may share it: then it is the one without an id of the
/// customer's, or the first of them.
pub(crate) const BY_EMAIL: &str = "SELECT * FROM participants
     WHERE environment = $1 AND organization_id = $2 AND email_key = $3
     ORDER BY external_id IS NOT NULL, created_at, id LIMIT 1";
/// Finds one by the customer's own id.
pub(crate) const BY_EXTERNAL_ID: &str =
    "SELECT * FROM participants WHERE environment = $1 AND organization_id = $2 AND external_id = $3";

/// The form of an address in which letter case makes no difference.
pub(crate) fn email_key(email: Option<&String>) -> Option<String> {
    email.map(|email| domain::email::key(email))
}

pub(crate) fn read(row: &Row) -> Result<Participant, StoreError> {
    let cells = Cells::new(row, "participants", "id");
    Ok(Participant {
        id: cells.word("id")?,
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        email: cells.get("email")?,
        name: cells.get("name")?,
        external_id: cells.get("external_id")?,
        created_at: cells.time("created_at")?,
    })
}

/// Who is stored, with what is given now in place of what was known.
pub(crate) fn over(stored: &Participant, given: &Participant) -> Participant {
    Participant {
        email: given.email.clone().or_else(|| stored.email.clone()),
        name: given.name.clone().or_else(|| stored.name.clone()),
        external_id: given.external_id.clone().or_else(|| stored.external_id.clone()),
        ..stored.clone()
    }
}

impl Unit<'_> {
    /// Stores a participant: over the one they are already, else as a new one.
    pub(crate) async fn merge(&mut self, given: &Participant) -> Result<Participant, StoreError> {
        let Some(stored) = self.find_same(given).await? else {
            self.add_participant(given).await?;
            return Ok(given.clone());
        };
        let merged = over(&stored, given);
        if merged != stored {
            let statement = query(UPDATE)
                .bind(&merged.email)
                .bind(email_key(merged.email.as_ref()))
                .bind(&merged.name)
                .bind(merged.id.as_str());
            self.must_change(statement).await?;
        }
        Ok(merged)
    }

    async fn find_same(&mut self, given: &Participant) -> Result<Option<Participant>, StoreError> {
        let statement = match (&given.external_id, &given.email) {
            (Some(external_id), _) => query(BY_EXTERNAL_ID)
                .bind(given.environment.as_str())
                .bind(given.organization_id.as_str())
                .bind(external_id),
            (None, Some(_)) => query(BY_EMAIL)
                .bind(given.environment.as_str())
                .bind(given.organization_id.as_str())
                .bind(email_key(given.email.as_ref())),
            (None, None) => return Ok(None),
        };
        self.find(statement, read).await
    }

    async fn add_participant(&mut self, participant: &Participant) -> Result<(), StoreError> {
        let statement = query(ADD)
            .bind(participant.id.as_str())
            .bind(participant.environment.as_str())
            .bind(participant.organization_id.as_str())
            .bind(&participant.email)
            .bind(email_key(participant.email.as_ref()))
            .bind(&participant.name)
            .bind(&participant.external_id)
            .bind(participant.created_at.as_millis());
        self.insert(statement, "participant").await
    }
}
