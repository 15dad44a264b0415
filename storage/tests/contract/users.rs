//! Users, and the grants that come of their sign-ins.

use domain::{
    refresh_token::{REFRESH_TOKEN_LIFE_S, StoredRefreshToken},
    user::{Role, StoredUser, UserStatus},
};
use storage::{PageRequest, Store, StoreError};

use crate::fixtures::{Live, Test, at, id, org, page, refresh_token, user};

async fn add(
    store: &dyn Store,
    users: &[StoredUser],
    tokens: &[StoredRefreshToken],
) -> Result<(), StoreError> {
    let (users, tokens) = (users.to_vec(), tokens.to_vec());
    commit!(store, unit => {
        for user in &users {
            unit.add_user(user).await?;
        }
        for token in &tokens {
            unit.add_refresh_token(token).await?;
        }
        Ok(())
    })
}

async fn find(store: &dyn Store, token: &StoredRefreshToken) -> Option<StoredRefreshToken> {
    let mut unit = store.read().await.unwrap();
    unit.find_refresh_token(token.environment, &token.hash).await.unwrap()
}

async fn is_open(store: &dyn Store, token: &StoredRefreshToken) -> bool {
    let mut unit = store.read().await.unwrap();
    let found = unit.find_user_of_grant(token.environment, &token.grant_id, &token.user_id).await.unwrap();
    found.is_some()
}

pub(crate) async fn a_user_comes_back_as_they_were_stored(store: &dyn Store) {
    let plain = user(1);
    let full = StoredUser {
        role: Role::Owner,
        status: UserStatus::Disabled,
        last_signed_in_at: Some(at(3)),
        email: "ÄDA@example.com".to_owned(),
        ..user(2)
    };
    add(store, &[plain.clone(), full.clone()], &[]).await.unwrap();
    let mut unit = store.read().await.unwrap();
    for stored in [plain, full] {
        assert_eq!(unit.find_user(&stored.id).await.unwrap(), Some(stored.clone()));
        let by_email = unit.find_user_by_email(&org(1), &stored.email.to_lowercase()).await.unwrap();
        assert_eq!(by_email, Some(stored.clone()));
        assert_eq!(unit.find_user_by_email(&org(2), &stored.email).await.unwrap(), None);
    }
    assert_eq!(unit.find_user(&user(9).id).await.unwrap(), None);
}

pub(crate) async fn an_address_is_taken_once_in_an_organization_whatever_its_letter_case(store: &dyn Store) {
    add(store, &[user(1)], &[]).await.unwrap();
    let again = StoredUser { email: user(1).email.to_uppercase(), ..user(2) };
    let refused = add(store, std::slice::from_ref(&again), &[]).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "e-mail address of a user" })), "{refused:?}");
    let elsewhere = StoredUser { organization_id: org(2), ..again };
    add(store, std::slice::from_ref(&elsewhere), &[]).await.unwrap();
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_user_by_email(&org(2), &user(1).email).await.unwrap(), Some(elsewhere));
}

pub(crate) async fn what_may_change_of_a_user_is_changed(store: &dyn Store) {
    add(store, &[user(1), user(2)], &[]).await.unwrap();
    let changed = StoredUser {
        password_hash: "$argon2id$other".to_owned(),
        role: Role::Admin,
        status: UserStatus::Disabled,
        last_signed_in_at: Some(at(9)),
        ..user(1)
    };
    let update = changed.clone();
    commit!(store, unit => unit.update_user(&update).await).unwrap();
    let absent = commit!(store, unit => unit.update_user(&user(9)).await);
    assert!(matches!(absent, Err(StoreError::Database(_))), "{absent:?}");
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_user(&changed.id).await.unwrap(), Some(changed));
    assert_eq!(unit.find_user(&user(2).id).await.unwrap(), Some(user(2)));
}

pub(crate) async fn users_are_listed_newest_first_and_pages_join_up(store: &dyn Store) {
    let foreign = StoredUser { organization_id: org(2), ..user(4) };
    add(store, &[user(2), user(5), foreign, user(1), user(3)], &[]).await.unwrap();
    let mut listed = Vec::new();
    let mut request = page(2);
    loop {
        let rows = store.read().await.unwrap().list_users(&org(1), &request).await.unwrap();
        let Some(last) = rows.last() else { break };
        request = PageRequest { before: Some(last.id.to_string()), limit: 2 };
        listed.extend(rows);
    }
    assert_eq!(listed, [user(5), user(3), user(2), user(1)]);
}

pub(crate) async fn a_refresh_token_comes_back_in_its_own_environment_only(store: &dyn Store) {
    let token = refresh_token(Live, 1, &user(1), 1);
    add(store, &[user(1)], std::slice::from_ref(&token)).await.unwrap();
    assert_eq!(find(store, &token).await, Some(token.clone()));
    assert!(is_open(store, &token).await);
    let elsewhere = StoredRefreshToken { environment: Test, ..token.clone() };
    assert_eq!(find(store, &elsewhere).await, None);
    assert!(!is_open(store, &elsewhere).await);
    let of_another = StoredRefreshToken { user_id: user(2).id, ..token.clone() };
    assert!(!is_open(store, &of_another).await);
    let unknown_user = add(store, &[], &[refresh_token(Live, 2, &user(9), 2)]).await;
    assert!(matches!(unknown_user, Err(StoreError::Database(_))), "{unknown_user:?}");
}

pub(crate) async fn a_refresh_token_is_used_once(store: &dyn Store) {
    let first = refresh_token(Live, 1, &user(1), 1);
    add(store, &[user(1)], std::slice::from_ref(&first)).await.unwrap();
    for (time, could_be_used) in [(9_000, true), (9_500, false)] {
        let used = commit!(store, unit => unit.use_refresh_token(&[1; 32], at(time)).await);
        assert_eq!(used.unwrap(), could_be_used);
    }
    assert_eq!(find(store, &first).await.unwrap().used_at, Some(at(9_000)));
    assert!(!is_open(store, &first).await, "until the next one is added, which is one transaction");
    add(store, &[], &[refresh_token(Live, 2, &user(1), 1)]).await.unwrap();
    assert!(is_open(store, &first).await);
}

pub(crate) async fn a_follower_that_nobody_has_used_makes_room_for_another(store: &dyn Store) {
    let first = refresh_token(Live, 1, &user(1), 1);
    let follower = |number: u8, of: u8| refresh_token(Live, number, &user(1), 1).following(vec![of; 32]);
    let replace = async |number: u8| {
        let token = refresh_token(Live, number, &user(1), 1);
        commit!(store, unit => unit.replace_follower(&token, at(9_100)).await).unwrap()
    };
    add(store, &[user(1)], std::slice::from_ref(&first)).await.unwrap();
    assert!(!replace(1).await, "it has none");
    commit!(store, unit => unit.use_refresh_token(&[1; 32], at(9_000)).await).unwrap();
    add(store, &[], &[follower(2, 1)]).await.unwrap();
    assert_eq!(find(store, &follower(2, 1)).await, Some(follower(2, 1)));
    let elsewhere = StoredRefreshToken { grant_id: id(Live, 2), ..first.clone() };
    assert!(!commit!(store, unit => unit.replace_follower(&elsewhere, at(9_100)).await).unwrap());
    assert!(replace(1).await && !replace(1).await && !is_open(store, &first).await);
    let replaced = find(store, &follower(2, 1)).await.unwrap();
    assert_eq!((replaced.used_at, replaced.revoked_at), (Some(at(9_100)), Some(at(9_100))));
    assert!(!commit!(store, unit => unit.use_refresh_token(&[2; 32], at(9_200)).await).unwrap());
    add(store, &[], &[follower(3, 1)]).await.unwrap();
    assert!(!replace(2).await, "what took its place was not given for it");
    commit!(store, unit => unit.use_refresh_token(&[3; 32], at(9_300)).await).unwrap();
    add(store, &[], &[follower(4, 3)]).await.unwrap();
    assert!(!replace(1).await, "its follower was used");
    assert!(is_open(store, &first).await && replace(3).await);
}

pub(crate) async fn a_grant_has_one_open_token_and_ends_with_it(store: &dyn Store) {
    let (one, other) = (refresh_token(Live, 1, &user(1), 1), refresh_token(Live, 3, &user(1), 2));
    add(store, &[user(1)], &[one.clone(), other.clone()]).await.unwrap();
    let second = add(store, &[], &[refresh_token(Live, 2, &user(1), 1)]).await;
    assert!(matches!(second, Err(StoreError::Conflict { .. })), "{second:?}");
    for (time, was_open) in [(9_000, true), (9_500, false)] {
        let revoked = commit!(store, unit => unit.revoke_grant(&id(Live, 1), at(time)).await);
        assert_eq!(revoked.unwrap(), was_open);
    }
    assert_eq!(find(store, &one).await.unwrap().revoked_at, Some(at(9_000)));
    assert!(!is_open(store, &one).await && is_open(store, &other).await);
    let used = commit!(store, unit => unit.use_refresh_token(&[1; 32], at(9_600)).await);
    assert!(!used.unwrap());
}

pub(crate) async fn all_grants_of_a_user_end_together(store: &dyn Store) {
    let own = [refresh_token(Live, 1, &user(1), 1), refresh_token(Test, 2, &user(1), 2)];
    let foreign = refresh_token(Live, 3, &user(2), 3);
    add(store, &[user(1), user(2)], &[own.as_slice(), std::slice::from_ref(&foreign)].concat())
        .await
        .unwrap();
    let ended = commit!(store, unit => unit.revoke_grants_of_user(&user(1).id, at(9_000)).await);
    assert_eq!(ended.unwrap(), 2);
    assert!(
        !is_open(store, &own[0]).await && !is_open(store, &own[1]).await && is_open(store, &foreign).await
    );
}

pub(crate) async fn refresh_tokens_that_have_expired_go_as_others_come(store: &dyn Store) {
    let tokens: Vec<_> =
        (0..15).map(|number| refresh_token(Live, number, &user(1), u32::from(number))).collect();
    add(store, &[user(1)], &tokens).await.unwrap();
    let later = at(8_000).plus_secs(REFRESH_TOKEN_LIFE_S);
    let next = |number: u8| StoredRefreshToken {
        issued_at: later,
        expires_at: later.plus_secs(1),
        ..refresh_token(Live, number, &user(1), u32::from(number))
    };
    add(store, &[], &[next(100)]).await.unwrap();
    add(store, &[], &[next(101)]).await.unwrap();
    for token in &tokens {
        assert_eq!(find(store, token).await, None, "{:?}", token.hash);
    }
    assert!(find(store, &next(100)).await.is_some() && find(store, &next(101)).await.is_some());
}
