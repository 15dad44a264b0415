//! Mints in `SQLite`: those that wait together are looked up, inserted and counted together.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    sync::LazyLock,
};

use async_trait::async_trait;
use domain::invite::{Participant, StoredInvite};
use protocol::{
    Environment,
    ids::{CampaignId, OrganizationId},
};
use sqlx::sqlite::SqliteRow;

use super::{
    cells::{Cells, json, text},
    participants::{self, email_key},
    unit::{SqliteUnit, Statement},
};
use crate::{AuthorityRepository, Mint, Minted, StoreError};

/// Rows that one statement takes: each length is prepared once, and a batch is cut into few of them.
const LENGTHS: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

/// The same statement for each of [`LENGTHS`].
type Lengths = [String; LENGTHS.len()];

static INSERT_PARTICIPANTS: LazyLock<Lengths> = LazyLock::new(|| {
    insert("participants (id, environment, organization_id, email, email_key, name, created_at)", 7)
});
static INSERT_INVITES: LazyLock<Lengths> = LazyLock::new(|| {
    let columns = "invites (id, environment, organization_id, campaign_id, participant_id, api_key_id, status, \
        status_changed_at, variables, origin, locale, metadata, expires_at, created_at)";
    insert(columns, 14)
});
static FIND_PARTICIPANTS: LazyLock<Lengths> = LazyLock::new(|| {
    LENGTHS.map(|length| {
        format!(
            "SELECT * FROM participants WHERE environment = ? AND organization_id = ? AND email_key IN ({}) \
             ORDER BY external_id IS NOT NULL, created_at, id",
            places(length)
        )
    })
});

fn places(count: usize) -> String {
    vec!["?"; count].join(", ")
}

fn insert(columns: &str, count: usize) -> Lengths {
    LENGTHS.map(|length| {
        let mut statement = format!("INSERT INTO {columns} VALUES ");
        for row in 0..length {
            let _ = write!(statement, "{}({})", if row == 0 { "" } else { ", " }, places(count));
        }
        statement
    })
}

/// The items in pieces of the lengths that are prepared, each with its statement.
fn pieces<'i, T>(statements: &'static Lengths, mut items: &'i [T]) -> Vec<(&'static str, &'i [T])> {
    let mut pieces = Vec::new();
    while !items.is_empty() {
        let (length, statement) = LENGTHS
            .iter()
            .zip(statements)
            .find(|(length, _)| **length <= items.len())
            .unwrap_or((&1, &statements[LENGTHS.len() - 1]));
        let (piece, rest) = items.split_at(*length);
        pieces.push((statement.as_str(), piece));
        items = rest;
    }
    pieces
}

/// Whose participants.
type Owner = (Environment, OrganizationId);

/// The participants that a batch is about, by owner and address: those that are stored and those that it adds.
#[derive(Default)]
struct Known(HashMap<(Owner, String), Participant>);

impl SqliteUnit<'_> {
    /// Stores what is not stale. The outcomes are in the order of the mints.
    pub(super) async fn mint_all(&mut self, mints: Vec<Mint>) -> Result<Vec<Minted>, StoreError> {
        let generation = self.generation().await?;
        let mut known = self.find_known(mints.iter().filter(|mint| mint.generation == generation)).await?;
        let (mut invites, mut added) = (Vec::with_capacity(mints.len()), Vec::with_capacity(mints.len()));
        let mut outcomes = Vec::with_capacity(mints.len());
        for Mint { generation: decided_at, mut invite } in mints {
            if decided_at != generation {
                outcomes.push(Minted::Stale);
                continue;
            }
            invite.participant = self.settle(invite.participant, &mut known, &mut added).await?;
            outcomes.push(Minted::Stored(Box::new(invite.participant.clone())));
            invites.push(invite);
        }
        self.insert_participants(&added).await?;
        self.insert_invites(&invites).await?;
        self.count_invites(&invites).await?;
        Ok(outcomes)
    }

    async fn find_known(&mut self, mints: impl Iterator<Item = &Mint>) -> Result<Known, StoreError> {
        let mut wanted: BTreeMap<Owner, Vec<String>> = BTreeMap::new();
        for participant in mints.map(|mint| &mint.invite.participant) {
            if let Some(key) = email_key(participant.email.as_ref()) {
                let owner = (participant.environment, participant.organization_id.clone());
                wanted.entry(owner).or_default().push(key);
            }
        }
        let mut known = Known::default();
        for (owner, keys) in wanted {
            for (statement, keys) in pieces(&FIND_PARTICIPANTS, &keys) {
                let mut query = sqlx::query(statement).bind(owner.0.as_str()).bind(owner.1.to_string());
                for key in keys {
                    query = query.bind(key.clone());
                }
                for found in self.list(query, participants::read).await? {
                    let key = email_key(found.email.as_ref()).unwrap_or_default();
                    // The first is the one that merging would choose.
                    known.0.entry((owner.clone(), key)).or_insert(found);
                }
            }
        }
        Ok(known)
    }

    /// Who the participant is: one that is known, else a new one.
    async fn settle(
        &mut self,
        given: Participant,
        known: &mut Known,
        added: &mut Vec<Participant>,
    ) -> Result<Participant, StoreError> {
        let Some(key) = email_key(given.email.as_ref()) else {
            added.push(given.clone());
            return Ok(given);
        };
        let key = ((given.environment, given.organization_id.clone()), key);
        match known.0.get(&key) {
            None => {
                known.0.insert(key, given.clone());
                added.push(given.clone());
                Ok(given)
            }
            Some(same) if same.email == given.email && (given.name.is_none() || same.name == given.name) => {
                Ok(same.clone())
            }
            // A new spelling or name: rare enough for statements of its own, after those it may be about.
            Some(_) => {
                self.insert_participants(added).await?;
                added.clear();
                let merged = self.merge(&given).await?;
                known.0.insert(key, merged.clone());
                Ok(merged)
            }
        }
    }

    async fn insert_participants(&mut self, participants: &[Participant]) -> Result<(), StoreError> {
        for (statement, piece) in pieces(&INSERT_PARTICIPANTS, participants) {
            let mut query = sqlx::query(statement);
            for participant in piece {
                query = query
                    .bind(participant.id.as_str())
                    .bind(participant.environment.as_str())
                    .bind(participant.organization_id.as_str())
                    .bind(participant.email.as_deref())
                    .bind(email_key(participant.email.as_ref()))
                    .bind(participant.name.as_deref())
                    .bind(participant.created_at.as_millis());
            }
            self.change(query).await?;
        }
        Ok(())
    }

    async fn insert_invites(&mut self, invites: &[StoredInvite]) -> Result<(), StoreError> {
        for (statement, piece) in pieces(&INSERT_INVITES, invites) {
            let mut query = sqlx::query(statement);
            for invite in piece {
                query = bind_invite(query, invite)?;
            }
            self.change(query).await?;
        }
        Ok(())
    }

    async fn count_invites(&mut self, invites: &[StoredInvite]) -> Result<(), StoreError> {
        let mut counts: BTreeMap<(Environment, &CampaignId), i64> = BTreeMap::new();
        for invite in invites {
            *counts.entry((invite.environment, &invite.campaign_id)).or_default() += 1;
        }
        for ((environment, campaign), count) in counts {
            let statement =
                sqlx::query("UPDATE campaigns SET invited = invited + $3 WHERE environment = $1 AND id = $2")
                    .bind(environment.as_str())
                    .bind(campaign.as_str())
                    .bind(count);
            self.must_change(statement).await?;
        }
        Ok(())
    }
}

fn bind_invite<'q>(query: Statement<'q>, invite: &'q StoredInvite) -> Result<Statement<'q>, StoreError> {
    Ok(query
        .bind(invite.id.as_str())
        .bind(invite.environment.as_str())
        .bind(invite.organization_id.as_str())
        .bind(invite.campaign_id.as_str())
        .bind(invite.participant.id.as_str())
        .bind(text(invite.api_key_id.as_ref()))
        .bind(invite.status.as_str())
        .bind(invite.created_at.as_millis())
        .bind(json(&invite.variables)?)
        .bind(invite.origin.as_deref())
        .bind(invite.locale.as_deref())
        .bind(json(&invite.metadata)?)
        .bind(invite.expires_at.as_millis())
        .bind(invite.created_at.as_millis()))
}

fn read_generation(row: &SqliteRow) -> Result<u64, StoreError> {
    Cells::new(row, "authority", "only").count("generation")
}

#[async_trait]
impl AuthorityRepository for SqliteUnit<'_> {
    async fn generation(&mut self) -> Result<u64, StoreError> {
        let found = self.find(sqlx::query("SELECT only, generation FROM authority"), read_generation).await?;
        found.ok_or_else(|| StoreError::Corrupt {
            table: "authority",
            column: "generation",
            id: "1".to_owned(),
        })
    }
}
