//! Participants: who is the same person.

use domain::invite::Participant;
use protocol::Environment;
use storage::Store;

use crate::fixtures::{Live, Test, org, participant};

fn person(number: u32, external_id: Option<&str>, email: Option<&str>, name: Option<&str>) -> Participant {
    Participant {
        external_id: external_id.map(str::to_owned),
        email: email.map(str::to_owned),
        name: name.map(str::to_owned),
        ..participant(Live, number)
    }
}

async fn merge(store: &dyn Store, given: Participant) -> Participant {
    commit!(store, unit => unit.merge_participant(&given).await).unwrap()
}

pub(crate) async fn an_external_id_tells_who_it_is(store: &dyn Store) {
    let first = person(10, Some("crm-1"), Some("a@example.com"), Some("Ada"));
    assert!(merge(store, first.clone()).await == first);
    let again = merge(store, person(11, Some("crm-1"), Some("new@example.com"), Some("Ada L."))).await;
    assert!(
        again
            == Participant {
                id: first.id.clone(),
                ..person(10, Some("crm-1"), Some("new@example.com"), Some("Ada L."))
            }
    );
    assert_eq!(
        merge(store, person(12, None, Some("NEW@example.com"), None)).await.id,
        first.id,
        "the new address counts"
    );
    assert_ne!(
        merge(store, person(13, None, Some("a@example.com"), None)).await.id,
        first.id,
        "the old one does not"
    );
    assert_ne!(
        merge(store, person(14, Some("CRM-1"), None, None)).await.id,
        first.id,
        "letter case counts in ids"
    );
}

pub(crate) async fn without_an_external_id_the_address_tells_in_any_letter_case(store: &dyn Store) {
    let first = merge(store, person(10, None, Some("Zoë.ÄRGER@Example.com"), None)).await;
    let again = merge(store, person(11, None, Some("zoë.ärger@EXAMPLE.COM"), Some("Zoë"))).await;
    assert_eq!(again.id, first.id);
    assert_eq!(again.email.as_deref(), Some("zoë.ärger@EXAMPLE.COM"));
    assert_eq!(
        merge(store, person(12, None, Some("zoë.ärger@example.org"), None)).await.id,
        person(12, None, None, None).id
    );
}

pub(crate) async fn an_external_id_outweighs_the_address(store: &dyn Store) {
    let known = merge(store, person(10, Some("crm-1"), Some("other@example.com"), None)).await;
    let plain = merge(store, person(11, None, Some("a@example.com"), None)).await;
    let moved = merge(store, person(12, Some("crm-1"), Some("a@example.com"), None)).await;
    assert_eq!(moved.id, known.id);
    let other = merge(store, person(12, Some("crm-2"), Some("a@example.com"), None)).await;
    assert!(plain.id != known.id && known.id != other.id && plain.id != other.id);
    // Three share the address now: without an id it is the one who has none, though another came first.
    assert_eq!(merge(store, person(13, None, Some("a@example.com"), None)).await.id, plain.id);
}

pub(crate) async fn nobody_is_merged_without_either(store: &dyn Store) {
    let first = merge(store, person(10, None, None, Some("Ada"))).await;
    let second = merge(store, person(11, None, None, Some("Ada"))).await;
    assert_ne!(first.id, second.id);
}

pub(crate) async fn what_is_not_given_is_kept(store: &dyn Store) {
    let first = merge(store, person(10, Some("crm-1"), Some("a@example.com"), Some("Ada"))).await;
    let again = merge(
        store,
        Participant { created_at: crate::fixtures::at(9), ..person(11, Some("crm-1"), None, None) },
    )
    .await;
    assert!(again == first);
    assert!(
        merge(store, person(12, None, Some("A@example.com"), None)).await.external_id == first.external_id
    );
}

pub(crate) async fn environments_and_organizations_have_their_own_participants(store: &dyn Store) {
    let place = |number, environment: Environment, organization| Participant {
        environment,
        organization_id: org(organization),
        ..person(number, Some("crm-1"), Some("a@example.com"), None)
    };
    for (number, environment, organization) in [(10, Live, 1), (11, Live, 2), (12, Test, 1)] {
        let added = merge(store, place(number, environment, organization)).await;
        assert!(added == place(number, environment, organization));
        let by_email = Participant { external_id: None, ..place(20, environment, organization) };
        assert_eq!(merge(store, by_email).await.id, added.id);
    }
}
