//! Lists that are long: each row once, in order, however many pages there are.

use domain::{
    clock::Clock as _,
    invite::{Participant, StoredInvite},
    random::new_id,
};
use protocol::{Environment, ids::CampaignId, invite::InviteStatus};
use serde_json::{Map, json};

use crate::support::{TestServer, guides, organization::id_of};

const INVITES: usize = 20_000;

#[tokio::test]
async fn twenty_thousand_invites_are_listed_each_once_and_newest_first() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let campaign_id = CampaignId::parse(&campaign).unwrap();
    let (owner, entropy) = (organization.id.clone(), server.shared.entropy.clone());
    let now = server.clock.now();
    let mut stored = storage::write::<_, storage::StoreError, _>(server.shared.store.as_ref(), move |unit| {
        Box::pin(async move {
            let mut ids = Vec::with_capacity(INVITES);
            let participant = Participant {
                id: new_id(now, entropy.as_ref()),
                environment: Environment::Live,
                organization_id: owner.clone(),
                email: None,
                name: None,
                external_id: None,
                created_at: now,
            };
            let participant = unit.merge_participant(&participant).await?;
            for number in 0..INVITES {
                // Three to a second, as if they had come in over two hours.
                let created_at = now.plus_secs(i64::try_from(number / 3).unwrap_or(0));
                let invite = StoredInvite {
                    id: new_id(created_at, entropy.as_ref()),
                    environment: Environment::Live,
                    organization_id: owner.clone(),
                    campaign_id: campaign_id.clone(),
                    participant: participant.clone(),
                    api_key_id: None,
                    status: InviteStatus::Pending,
                    variables: Map::new(),
                    origin: None,
                    locale: None,
                    metadata: Map::new(),
                    expires_at: created_at.plus_secs(86_400),
                    created_at,
                    resumable_until: None,
                };
                unit.add_invite(&invite).await?;
                ids.push(invite.id.to_string());
            }
            Ok(ids)
        })
    })
    .await
    .unwrap();
    stored.sort_unstable_by(|one, other| other.cmp(one));

    for filter in ["", "&status=pending"] {
        let mut listed = Vec::with_capacity(INVITES);
        let mut cursor = String::new();
        loop {
            let page =
                organization.admin.get(&format!("/v1/invites?limit=100{filter}{cursor}")).await.expect(200);
            listed.extend(page["data"].as_array().unwrap().iter().map(id_of));
            if listed.len() == 100 {
                // What comes in meanwhile is newer, and moves nothing.
                server.clock.advance_secs(10_000);
                organization.invite(&campaign).await;
            }
            assert_eq!(page["has_more"], !page["next_cursor"].is_null());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let newer = listed.len() - INVITES;
        assert!(newer <= 1, "{newer}");
        assert_eq!(listed[newer..], stored, "{filter}");
    }
}
