//! Mints: decided from memory, compared in the commit.

use domain::invite::{Participant, StoredInvite};
use futures_util::future::join_all;
use protocol::{campaign::CampaignStatus, ids::InviteId};
use storage::{Mint, Minted, Store};

use crate::fixtures::{Live, api_key, at, camp, campaign, id, invite, organization, participant};

pub(crate) async fn generation(store: &dyn Store) -> u64 {
    store.read().await.unwrap().generation().await.unwrap()
}

/// A mint for somebody with this address and name; the number is the invite's and the new participant's.
pub(crate) fn mint(generation: u64, number: u32, email: Option<&str>, name: Option<&str>) -> Mint {
    let participant = Participant {
        email: email.map(str::to_owned),
        name: name.map(str::to_owned),
        ..participant(Live, number)
    };
    Mint { generation, invite: StoredInvite { participant, ..invite(Live, number) }, event: id(Live, number) }
}

fn stored(minted: Minted) -> Participant {
    match minted {
        Minted::Stored(invite) => invite.participant,
        Minted::Stale => panic!("it must not be stale"),
    }
}

pub(crate) async fn invited(store: &dyn Store) -> u64 {
    let campaign = store.read().await.unwrap().find_campaign(Live, &camp(1)).await.unwrap();
    campaign.unwrap().counters.invited
}

pub(crate) async fn mints_of_one_moment_are_all_stored_and_counted(store: &dyn Store) {
    let now = generation(store).await;
    let mints = (100..230).map(|number| {
        let email = format!("p{number}@example.com");
        let email = (number % 3 != 0).then_some(email.as_str()).map(str::to_owned);
        async move { store.mint(mint(now, number, email.as_deref(), None)).await.unwrap() }
    });
    let people: Vec<_> = join_all(mints).await.into_iter().map(stored).collect();
    assert_eq!(invited(store).await, 130);
    let mut unit = store.read().await.unwrap();
    for (number, person) in (100..230).zip(people) {
        let found = unit.find_invite(Live, &id::<InviteId>(Live, number)).await.unwrap().unwrap();
        let expected = invite(Live, number);
        assert_eq!(found.participant, person);
        assert_eq!(StoredInvite { participant: expected.participant.clone(), ..found }, expected, "{number}");
    }
}

pub(crate) async fn a_mint_knows_people_by_their_address_as_merging_does(store: &dyn Store) {
    let now = generation(store).await;
    let first = stored(store.mint(mint(now, 100, Some("Zoë@Example.com"), None)).await.unwrap());
    let again = stored(store.mint(mint(now, 101, Some("zoë@example.com"), Some("Zoë"))).await.unwrap());
    assert_eq!(again.id, first.id);
    assert_eq!((again.email.as_deref(), again.name.as_deref()), (Some("zoë@example.com"), Some("Zoë")));
    let same = stored(store.mint(mint(now, 102, Some("zoë@example.com"), None)).await.unwrap());
    assert_eq!(same, again, "what is not given stays");
    let twins = (103..123).map(|number| async move {
        stored(store.mint(mint(now, number, Some("twin@example.com"), None)).await.unwrap()).id
    });
    let twins = join_all(twins).await;
    assert!(twins.iter().all(|twin| *twin == twins[0]), "one commit makes one person");
    let (one, other) = (mint(now, 130, None, None), mint(now, 131, None, None));
    assert_ne!(stored(store.mint(one).await.unwrap()).id, stored(store.mint(other).await.unwrap()).id);
}

pub(crate) async fn what_decides_a_mint_makes_earlier_decisions_stale(store: &dyn Store) {
    let key = api_key(Live, 7);
    let added = key.clone();
    commit!(store, unit => unit.add_api_key(&added).await).unwrap();
    let mut number = 100;
    let mut before = generation(store).await;
    macro_rules! check {
        ($what:literal, $unit:ident => $body:expr) => {
            commit!(store, $unit => $body).unwrap();
            assert_eq!(store.mint(mint(before, number, None, None)).await.unwrap(), Minted::Stale, $what);
            before = generation(store).await;
            number += 1;
        };
    }
    check!("a campaign is paused", unit => {
        let paused = domain::campaign::StoredCampaign { status: CampaignStatus::Paused, revision: 2, ..campaign(Live, 1) };
        unit.update_campaign(&paused).await
    });
    check!("a plan changes", unit => unit.set_plan(&organization(1).id, domain::organization::Plan::Free).await);
    check!("a key is revoked", unit => unit.revoke_api_key(Live, &key.id, at(9_000)).await);
    check!("a campaign goes", unit => unit.delete_campaign(Live, &camp(2)).await);
    assert_eq!(invited(store).await, 0, "nothing of a stale mint is stored");
    stored(store.mint(mint(before, number, None, None)).await.unwrap());
}

pub(crate) async fn what_decides_nothing_leaves_decisions_as_they_are(store: &dyn Store) {
    let key = api_key(Live, 7);
    let added = key.clone();
    commit!(store, unit => unit.add_api_key(&added).await).unwrap();
    let before = generation(store).await;
    commit!(store, unit => {
        unit.touch_api_keys(&[(key.id, at(9_000))]).await?;
        unit.add_invite(&invite(Live, 99)).await
    })
    .unwrap();
    stored(store.mint(mint(before, 100, None, None)).await.unwrap());
    assert_eq!(generation(store).await, before);
}

pub(crate) async fn a_revocation_in_the_same_commit_goes_before_the_mint(store: &dyn Store) {
    let key = api_key(Live, 7);
    let added = key.clone();
    commit!(store, unit => unit.add_api_key(&added).await).unwrap();
    let before = generation(store).await;
    let revoke = async {
        commit!(store, unit => unit.revoke_api_key(Live, &key.id, at(9_000)).await).unwrap();
        // Told after the commit: whatever is decided from now on is decided on the new state.
        store.mint(mint(before, 500, None, None)).await.unwrap()
    };
    let mints = join_all((100..140).map(|number| store.mint(mint(before, number, None, None))));
    let (after, during) = futures_util::future::join(revoke, mints).await;
    assert_eq!(after, Minted::Stale);
    let kept = during.into_iter().filter(|minted| matches!(minted, Ok(Minted::Stored(_)))).count() as u64;
    assert_eq!(invited(store).await, kept, "each is stored and counted, or stale");
}
