//! Mints in one transaction of `SQLite`, in the words of its plain driver: nothing here waits for anything but the disk.
//!
//! That driver numbers values in the order in which a statement first names them, so the statements that are shared with
//! the other one name `$1` before `$2`.

use std::collections::BTreeMap;

use domain::{
    invite::{Participant, StoredInvite},
    webhook::{StoredEvent, invite_created},
};
use protocol::{Environment, Timestamp, ids::CampaignId};
use rusqlite::{CachedStatement, OptionalExtension, Row, Transaction, params, types::Type};

use crate::{
    Mint, Minted, StoreError,
    repositories::{
        authority::GENERATION,
        cells::json,
        deliveries::FAN_OUT,
        events::{ADD as ADD_EVENT, IS_ANYBODY_TOLD},
        invites::{ADD, COUNT},
        participants::{ADD as ADD_PARTICIPANT, BY_EMAIL, UPDATE, email_key, over},
    },
};

/// Why a mint failed, and all others of its transaction with it.
#[derive(Debug)]
pub(super) enum Failure {
    /// The database's reason.
    Driver(rusqlite::Error),
    /// A value that could not be written down.
    Value(StoreError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Driver(error)
    }
}

/// Stores what is not stale. The outcomes are in the order of the mints.
pub(super) fn mint_all(transaction: &Transaction<'_>, mints: Vec<Mint>) -> Result<Vec<Minted>, Failure> {
    let generation: i64 =
        transaction.prepare_cached(GENERATION)?.query_row([], |row| row.get("generation"))?;
    let mut statements = Statements::prepare(transaction)?;
    let mut counts: BTreeMap<(Environment, CampaignId), i64> = BTreeMap::new();
    let mut outcomes = Vec::with_capacity(mints.len());
    for Mint { generation: decided_at, mut invite, event } in mints {
        if i64::try_from(decided_at) != Ok(generation) {
            outcomes.push(Minted::Stale);
            continue;
        }
        statements.settle(&mut invite.participant)?;
        statements.add(&invite)?;
        statements.tell(&invite_created(event, &invite))?;
        *counts.entry((invite.environment, invite.campaign_id.clone())).or_default() += 1;
        outcomes.push(Minted::Stored(Box::new(invite)));
    }
    let mut count = transaction.prepare_cached(COUNT)?;
    for ((environment, campaign), invites) in counts {
        if count.execute(params![invites, environment.as_str(), campaign.as_str()])? == 0 {
            return Err(rusqlite::Error::QueryReturnedNoRows.into());
        }
    }
    Ok(outcomes)
}

struct Statements<'t> {
    add: CachedStatement<'t>,
    add_event: CachedStatement<'t>,
    /// None where nobody is told of anything.
    fan_out: Option<CachedStatement<'t>>,
    add_participant: CachedStatement<'t>,
    find_participant: CachedStatement<'t>,
    update_participant: CachedStatement<'t>,
}

impl<'t> Statements<'t> {
    fn prepare(transaction: &'t Transaction<'_>) -> Result<Self, Failure> {
        let is_anybody_told: bool =
            transaction.prepare_cached(IS_ANYBODY_TOLD)?.query_row([], |row| row.get("told"))?;
        let fan_out = is_anybody_told.then(|| transaction.prepare_cached(FAN_OUT)).transpose()?;
        Ok(Self {
            add: transaction.prepare_cached(ADD)?,
            add_event: transaction.prepare_cached(ADD_EVENT)?,
            fan_out,
            add_participant: transaction.prepare_cached(ADD_PARTICIPANT)?,
            find_participant: transaction.prepare_cached(BY_EMAIL)?,
            update_participant: transaction.prepare_cached(UPDATE)?,
        })
    }

    /// Makes of a participant who they are: one that is known by the address, else a new one.
    fn settle(&mut self, participant: &mut Participant) -> Result<(), Failure> {
        let key = email_key(participant.email.as_ref());
        let Some(stored) = self.find(participant, key.as_deref())? else {
            self.add_participant.execute(params![
                participant.id.as_str(),
                participant.environment.as_str(),
                participant.organization_id.as_str(),
                participant.email,
                key,
                participant.name,
                participant.external_id,
                participant.created_at.as_millis(),
            ])?;
            return Ok(());
        };
        let merged = over(&stored, participant);
        if merged != stored {
            self.update_participant.execute(params![merged.email, key, merged.name, merged.id.as_str()])?;
        }
        *participant = merged;
        Ok(())
    }

    fn find(&mut self, like: &Participant, key: Option<&str>) -> Result<Option<Participant>, Failure> {
        let Some(key) = key else { return Ok(None) };
        let whose = params![like.environment.as_str(), like.organization_id.as_str(), key];
        let found = self.find_participant.query_row(whose, |row| read(row, like)).optional()?;
        Ok(found)
    }

    /// Adds the event, and a delivery of it for each endpoint that is to be told.
    fn tell(&mut self, StoredEvent(event): &StoredEvent) -> Result<(), Failure> {
        self.add_event.execute(params![
            event.environment.as_str(),
            event.organization_id.as_str(),
            event.id.as_str(),
            event.kind.as_str(),
            event.timestamp.as_millis(),
            json(&event.data).map_err(Failure::Value)?,
        ])?;
        if let Some(fan_out) = &mut self.fan_out {
            fan_out.execute(params![
                event.id.as_str(),
                event.kind.as_str(),
                event.timestamp.as_millis(),
                event.environment.as_str(),
                event.organization_id.as_str(),
                event.kind.is_opt_in(),
            ])?;
        }
        Ok(())
    }

    fn add(&mut self, invite: &StoredInvite) -> Result<(), Failure> {
        self.add.execute(params![
            invite.id.as_str(),
            invite.environment.as_str(),
            invite.organization_id.as_str(),
            invite.campaign_id.as_str(),
            invite.participant.id.as_str(),
            invite.api_key_id.as_ref().map(protocol::ids::ApiKeyId::as_str),
            invite.status.as_str(),
            invite.created_at.as_millis(),
            json(&invite.variables).map_err(Failure::Value)?,
            invite.origin,
            invite.locale,
            json(&invite.metadata).map_err(Failure::Value)?,
            invite.expires_at.as_millis(),
        ])?;
        Ok(())
    }
}

/// A participant of the same organization.
fn read(row: &Row<'_>, like: &Participant) -> rusqlite::Result<Participant> {
    let id: String = row.get("id")?;
    let misfit = |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
    Ok(Participant {
        id: id.try_into().map_err(misfit)?,
        environment: like.environment,
        organization_id: like.organization_id.clone(),
        email: row.get("email")?,
        name: row.get("name")?,
        external_id: row.get("external_id")?,
        created_at: Timestamp::from_millis(row.get("created_at")?),
    })
}
