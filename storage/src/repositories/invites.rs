//! Invites.

use async_trait::async_trait;
use domain::invite::{Participant, StoredInvite};
use protocol::{
    Environment, Timestamp,
    ids::{ApiKeyId, InviteId, OrganizationId},
    invite::InviteStatus,
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, json, text},
    link::Row,
    statement::{query, sql, when},
    unit::Unit,
};
use crate::{EndedInvite, InviteFilter, InviteRepository, PageRequest, StoreError};

/// Adds an invite. Until when a session can be resumed is not in it: that follows from the sessions.
pub(crate) const ADD: &str =
    "INSERT INTO invites (id, environment, organization_id, campaign_id, participant_id,
         api_key_id, status, status_changed_at, variables, origin, locale, metadata, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $8) ON CONFLICT DO NOTHING";
/// Counts invites of a campaign.
pub(crate) const COUNT: &str =
    "UPDATE campaigns SET invited = invited + $1 WHERE environment = $2 AND id = $3";

/// An invite with its participant, and until when a session that it opened can be resumed.
const COLUMNS: &str = "SELECT i.*, p.email, p.name, p.external_id, p.created_at AS participant_created_at, (
         SELECT max(s.resumable_until) FROM sessions s
         WHERE s.invite_id = i.id AND s.status IN ('active', 'paused')
     ) AS resumable_until";

/// Whether neither the token nor a session can go on at `$6` (see `StoredInvite::status_at`). A pending invite has no
/// session, and its expiry is in the index.
const PENDING_OVER: &str = "AND i.expires_at <= $6";
const PENDING_OPEN: &str = "AND i.expires_at > $6";
const STARTED_OVER: &str = "AND i.expires_at <= $6 AND NOT EXISTS (SELECT 1 FROM sessions o
     WHERE o.invite_id = i.id AND o.status IN ('active', 'paused') AND o.resumable_until > $6)";
const STARTED_OPEN: &str = "AND (i.expires_at > $6 OR EXISTS (SELECT 1 FROM sessions o
     WHERE o.invite_id = i.id AND o.status IN ('active', 'paused') AND o.resumable_until > $6))";

/// A stored status, and what the time must make of it.
type Part = (InviteStatus, &'static str);

/// What together has this status, or any.
const fn parts(status: Option<InviteStatus>) -> &'static [Part] {
    use InviteStatus::{Cancelled, Completed, Expired, Pending, Started};
    match status {
        None => &[(Pending, ""), (Started, ""), (Completed, ""), (Cancelled, "")],
        Some(Pending) => &[(Pending, PENDING_OPEN)],
        Some(Started) => &[(Started, STARTED_OPEN)],
        Some(Expired) => &[(Pending, PENDING_OVER), (Started, STARTED_OVER)],
        Some(Completed) => &[(Completed, "")],
        Some(Cancelled) => &[(Cancelled, "")],
    }
}

/// The statement that lists invites. Each part comes out of its index in order, so the database merges them and reads no
/// more of each than is shown. The index is named, as the planner has no numbers to choose it by.
pub(crate) fn list_sql(filter: &InviteFilter, page: &PageRequest) -> AssertSqlSafe<String> {
    let index = match (&filter.external_id, &filter.campaign_id) {
        (Some(_), _) => "FROM invites i INDEXED BY invites_by_participant",
        (None, Some(_)) => "FROM invites i INDEXED BY invites_by_campaign_status",
        (None, None) => "FROM invites i INDEXED BY invites_by_status",
    };
    let mut text = Vec::new();
    for (stored, over) in parts(filter.status) {
        text.extend([
            when(!text.is_empty(), "UNION ALL"),
            COLUMNS,
            index,
            "JOIN participants p ON p.id = i.participant_id WHERE i.environment = $1 AND i.organization_id = $2",
            when(filter.campaign_id.is_some(), "AND i.campaign_id = $3"),
            when(
                filter.external_id.is_some(),
                "AND i.participant_id = (SELECT q.id FROM participants q
                     WHERE q.environment = $1 AND q.organization_id = $2 AND q.external_id = $4)",
            ),
            match stored {
                InviteStatus::Pending => "AND i.status = 'pending'",
                InviteStatus::Started => "AND i.status = 'started'",
                InviteStatus::Completed => "AND i.status = 'completed'",
                InviteStatus::Cancelled => "AND i.status = 'cancelled'",
                // It follows from the time, and is stored nowhere.
                InviteStatus::Expired => "AND false",
            },
            over,
            when(page.before.is_some(), "AND i.id < $7"),
        ]);
    }
    text.push("ORDER BY id DESC LIMIT $8");
    sql(&text)
}

/// The statement that cancels what a key minted, `$4` at most, in the words of the index that finds it.
pub(crate) const CANCEL_OF_KEY: &str = "UPDATE invites SET status = 'cancelled', status_changed_at = $3
     WHERE environment = $1 AND id IN (SELECT id FROM invites
         WHERE environment = $1 AND api_key_id = $2 AND status IN ('pending', 'started') LIMIT $4)
     RETURNING id, environment, organization_id, campaign_id, participant_id";

fn read(row: &Row) -> Result<StoredInvite, StoreError> {
    let cells = Cells::new(row, "invites", "id");
    let environment = cells.word("environment")?;
    let organization_id: OrganizationId = cells.word("organization_id")?;
    Ok(StoredInvite {
        id: cells.word("id")?,
        environment,
        organization_id: organization_id.clone(),
        campaign_id: cells.word("campaign_id")?,
        participant: Participant {
            id: cells.word("participant_id")?,
            environment,
            organization_id,
            email: cells.get("email")?,
            name: cells.get("name")?,
            external_id: cells.get("external_id")?,
            created_at: cells.time("participant_created_at")?,
        },
        api_key_id: cells.optional_word("api_key_id")?,
        status: cells.word("status")?,
        variables: cells.json("variables")?,
        origin: cells.get("origin")?,
        locale: cells.get("locale")?,
        metadata: cells.json("metadata")?,
        expires_at: cells.time("expires_at")?,
        created_at: cells.time("created_at")?,
        resumable_until: cells.optional_time("resumable_until")?,
    })
}

#[async_trait]
impl InviteRepository for Unit<'_> {
    async fn merge_participant(&mut self, participant: &Participant) -> Result<Participant, StoreError> {
        self.merge(participant).await
    }

    async fn add_invite(&mut self, invite: &StoredInvite) -> Result<(), StoreError> {
        let statement = query(ADD)
            .bind(invite.id.as_str())
            .bind(invite.environment.as_str())
            .bind(invite.organization_id.as_str())
            .bind(invite.campaign_id.as_str())
            .bind(invite.participant.id.as_str())
            .bind(text(invite.api_key_id.as_ref()))
            .bind(invite.status.as_str())
            .bind(invite.created_at.as_millis())
            .bind(json(&invite.variables)?)
            .bind(&invite.origin)
            .bind(&invite.locale)
            .bind(json(&invite.metadata)?)
            .bind(invite.expires_at.as_millis());
        self.insert(statement, "invite").await?;
        let counted =
            query(COUNT).bind(1_i64).bind(invite.environment.as_str()).bind(invite.campaign_id.as_str());
        self.must_change(counted).await
    }

    async fn find_invite(
        &mut self,
        environment: Environment,
        id: &InviteId,
    ) -> Result<Option<StoredInvite>, StoreError> {
        let statement = query(sql(&[
            COLUMNS,
            "FROM invites i JOIN participants p ON p.id = i.participant_id WHERE i.environment = $1 AND i.id = $2",
        ]))
        .bind(environment.as_str())
        .bind(id.as_str());
        self.find(statement, read).await
    }

    async fn list_invites(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &InviteFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Vec<StoredInvite>, StoreError> {
        let statement = query(list_sql(filter, page))
            .bind(environment.as_str())
            .bind(organization.as_str())
            .bind(text(filter.campaign_id.as_ref()))
            .bind(&filter.external_id)
            .bind(None::<String>)
            .bind(now.as_millis())
            .bind(&page.before)
            .bind(page.limit);
        self.list(statement, read).await
    }

    async fn move_invite(
        &mut self,
        environment: Environment,
        id: &InviteId,
        from: &[InviteStatus],
        to: InviteStatus,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut statement = query(
            "UPDATE invites SET status = $3, status_changed_at = $4
             WHERE environment = $1 AND id = $2 AND status IN ($5, $6, $7, $8, $9)",
        )
        .bind(environment.as_str())
        .bind(id.as_str())
        .bind(to.as_str())
        .bind(now.as_millis());
        for status in InviteStatus::ALL {
            statement = statement.bind(from.contains(&status).then_some(status.as_str()));
        }
        self.change(statement).await
    }

    async fn cancel_invites_of_key(
        &mut self,
        environment: Environment,
        key: &ApiKeyId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<EndedInvite>, StoreError> {
        let statement = query(CANCEL_OF_KEY)
            .bind(environment.as_str())
            .bind(key.as_str())
            .bind(now.as_millis())
            .bind(limit);
        self.list_ended(statement).await
    }

    async fn set_invite_expiry(
        &mut self,
        environment: Environment,
        id: &InviteId,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let statement = query("UPDATE invites SET expires_at = $3 WHERE environment = $1 AND id = $2")
            .bind(environment.as_str())
            .bind(id.as_str())
            .bind(expires_at.as_millis());
        self.must_change(statement).await
    }
}
