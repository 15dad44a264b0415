//! Calls that are on their way, and who may have more of them: a slow receiver may keep only itself waiting.
//!
//! Each call takes one of a fixed number of places until it comes back, so whoever holds places for long takes them from others.
//! That is limited for each organization in an environment, and for each endpoint: the longer it takes, the fewer it has.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::webhook::StoredEndpoint;
use protocol::{
    Environment,
    ids::{OrganizationId, WebhookId},
};

/// Calls at once: each holds a connection.
pub(super) const MAX_CALLS: u32 = 1_024;
/// Of all organizations: however many of them have only slow endpoints, some places are left for the others.
const MAX_HELD: Held = Held { all: MAX_CALLS, unproven: 896, slow: 768 };
/// Of an organization in an environment: its new endpoint finds a place beside its slow ones, and its quick one beside both.
const MAX_HELD_BY_OWNER: Held = Held { all: 128, unproven: 112, slow: 96 };
/// Those of an endpoint that answers soon.
const MAX_CALLS_PER_ENDPOINT: u32 = 32;
/// Those of one that fails, is not known yet, or takes very long.
const MIN_CALLS_PER_ENDPOINT: u32 = 2;
/// What is soon. An endpoint that takes as long with 32 calls at once still takes 32 in a second; one that takes twice as long
/// has half of them at once.
const SOON: Duration = Duration::from_secs(1);
/// Of so many endpoints it is remembered how they were; then those that have no call on its way are forgotten.
const MAX_KNOWN: usize = 10_000;

/// How soon an endpoint answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Its last call took no longer than [`SOON`].
    Quick,
    /// None has come back, so nobody knows yet whether it hangs.
    Unknown,
    /// Its last call took longer, or it fails.
    Slow,
}

/// Whose an endpoint is.
type Owner = (Environment, OrganizationId);

/// The calls that are on their way.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls {
    held: Held,
    owners: HashMap<Owner, Held>,
    endpoints: HashMap<WebhookId, Known>,
    begun: u64,
}

/// Places: how many are held, or may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Held {
    all: u32,
    /// Of these, those of endpoints that are slow or not known yet.
    unproven: u32,
    /// Of these, those of slow ones.
    slow: u32,
}

impl Held {
    const fn of(calls: u32, pace: Pace) -> Self {
        let (unproven, slow) = match pace {
            Pace::Quick => (0, 0),
            Pace::Unknown => (calls, 0),
            Pace::Slow => (calls, calls),
        };
        Self { all: calls, unproven, slow }
    }

    const fn and(self, other: Self) -> Self {
        Self {
            all: self.all.saturating_add(other.all),
            unproven: self.unproven.saturating_add(other.unproven),
            slow: self.slow.saturating_add(other.slow),
        }
    }

    const fn without(self, other: Self) -> Self {
        Self {
            all: self.all.saturating_sub(other.all),
            unproven: self.unproven.saturating_sub(other.unproven),
            slow: self.slow.saturating_sub(other.slow),
        }
    }

    /// How many calls at such a pace find a place, when these are the places left.
    fn room(self, pace: Pace) -> u32 {
        match pace {
            Pace::Quick => self.all,
            Pace::Unknown => self.all.min(self.unproven),
            Pace::Slow => self.all.min(self.unproven).min(self.slow),
        }
    }
}

/// What is known of an endpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    calls: u32,
    /// How long its last call took, if one has come back.
    took: Option<Duration>,
    /// Which of all calls was its last one.
    last: u64,
}

impl Calls {
    /// How many there are.
    pub(super) const fn count(&self) -> u32 {
        self.held.all
    }

    /// One more is on its way. It counts as what its endpoint is now until it has come back.
    pub(super) fn begin(&mut self, endpoint: &StoredEndpoint) -> Pace {
        let pace = self.pace(endpoint);
        self.begun += 1;
        let one = Held::of(1, pace);
        self.held = self.held.and(one);
        let held = self.owners.entry(owner(endpoint)).or_default();
        *held = held.and(one);
        let known = self.endpoints.entry(endpoint.id.clone()).or_default();
        known.calls += 1;
        known.last = self.begun;
        pace
    }

    /// One has come back.
    pub(super) fn end(&mut self, endpoint: &StoredEndpoint, pace: Pace, duration: Duration) {
        let one = Held::of(1, pace);
        self.held = self.held.without(one);
        let owner = owner(endpoint);
        if let Some(held) = self.owners.get_mut(&owner) {
            *held = held.without(one);
            if held.all == 0 {
                self.owners.remove(&owner);
            }
        }
        if let Some(known) = self.endpoints.get_mut(&endpoint.id) {
            known.calls -= 1;
            known.took = Some(duration);
        }
        if self.endpoints.len() > MAX_KNOWN {
            self.endpoints.retain(|_, known| known.calls > 0);
        }
    }

    /// How many calls an endpoint may have at once.
    fn most(&self, endpoint: &StoredEndpoint) -> u32 {
        let took = self.known(endpoint).took.filter(|_| endpoint.failing_since.is_none());
        let share = took.map_or(0, |took| {
            u128::from(MAX_CALLS_PER_ENDPOINT) * SOON.as_millis() / took.as_millis().max(1)
        });
        u32::try_from(share).unwrap_or(u32::MAX).clamp(MIN_CALLS_PER_ENDPOINT, MAX_CALLS_PER_ENDPOINT)
    }

    fn pace(&self, endpoint: &StoredEndpoint) -> Pace {
        match self.known(endpoint).took {
            None if endpoint.failing_since.is_none() => Pace::Unknown,
            _ if self.most(endpoint) == MAX_CALLS_PER_ENDPOINT => Pace::Quick,
            _ => Pace::Slow,
        }
    }

    fn known(&self, endpoint: &StoredEndpoint) -> Known {
        self.endpoints.get(&endpoint.id).copied().unwrap_or_default()
    }
}

fn owner(endpoint: &StoredEndpoint) -> Owner {
    (endpoint.environment, endpoint.organization_id.clone())
}

/// What may be taken in one transaction, beside what is on its way.
#[derive(Debug)]
pub(super) struct Round {
    calls: Arc<Calls>,
    taken: Held,
    owners: HashMap<Owner, Held>,
}

impl Round {
    pub(super) fn new(calls: Arc<Calls>) -> Self {
        Self { calls, taken: Held::default(), owners: HashMap::new() }
    }

    /// Puts endpoints in the order of their last calls, the longest ago first: who got nothing for want of room comes first
    /// when there is some.
    pub(super) fn in_turn(&self, mut endpoints: Vec<StoredEndpoint>) -> Vec<StoredEndpoint> {
        endpoints.sort_by_cached_key(|endpoint| self.calls.known(endpoint).last);
        endpoints
    }

    /// How many calls of an endpoint may begin. Ask once for each, and [`take`](Self::take) before the next.
    pub(super) fn room(&self, endpoint: &StoredEndpoint) -> u32 {
        let (owner, pace) = (owner(endpoint), self.calls.pace(endpoint));
        let [before, now] =
            [&self.calls.owners, &self.owners].map(|held| held.get(&owner).copied().unwrap_or_default());
        let all = MAX_HELD.without(self.calls.held).without(self.taken);
        let its = MAX_HELD_BY_OWNER.without(before).without(now);
        let own = self.calls.most(endpoint).saturating_sub(self.calls.known(endpoint).calls);
        own.min(all.room(pace)).min(its.room(pace))
    }

    /// So many of them begin.
    pub(super) fn take(&mut self, endpoint: &StoredEndpoint, calls: usize) {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        let these = Held::of(calls, self.calls.pace(endpoint));
        self.taken = self.taken.and(these);
        let held = self.owners.entry(owner(endpoint)).or_default();
        *held = held.and(these);
    }
}

#[cfg(test)]
mod tests {
    use domain::webhook::MAX_ENDPOINTS;
    use protocol::{Timestamp, webhook::EndpointStatus};

    use super::*;

    const QUICKLY: Duration = Duration::from_millis(20);
    const SLOWLY: Duration = Duration::from_secs(13);

    fn endpoint(owner: usize, number: usize) -> StoredEndpoint {
        StoredEndpoint {
            id: WebhookId::parse(&format!("we_{owner}x{number}")).unwrap(),
            environment: Environment::Live,
            organization_id: OrganizationId::parse(&format!("org_{owner}")).unwrap(),
            url: "https://example.com/".to_owned(),
            description: String::new(),
            events: Vec::new(),
            secret: String::new(),
            previous_secrets: Vec::new(),
            status: EndpointStatus::Enabled,
            disabled_reason: None,
            failing_since: None,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }

    /// Endpoints with a call that took so long.
    fn known(calls: &mut Calls, endpoints: &[StoredEndpoint], duration: Duration) {
        for endpoint in endpoints {
            let pace = calls.begin(endpoint);
            calls.end(endpoint, pace, duration);
        }
    }

    /// Takes all that may be taken, when much is due for each. How many of each.
    fn take(calls: &mut Calls, endpoints: &[StoredEndpoint]) -> Vec<u32> {
        let mut round = Round::new(Arc::new(calls.clone()));
        let mut taken = HashMap::new();
        for endpoint in round.in_turn(endpoints.to_vec()) {
            let room = round.room(&endpoint);
            round.take(&endpoint, room as usize);
            for _ in 0..room {
                calls.begin(&endpoint);
            }
            taken.insert(endpoint.id, room);
        }
        endpoints.iter().map(|endpoint| taken[&endpoint.id]).collect()
    }

    #[test]
    fn an_endpoint_gets_few_calls_until_its_last_one_was_quick_and_taken() {
        let (mut calls, one) = (Calls::default(), endpoint(1, 1));
        let room = |calls: &Calls, one: &StoredEndpoint| Round::new(Arc::new(calls.clone())).room(one);
        assert_eq!(room(&calls, &one), 2, "nobody knows it");
        known(&mut calls, std::slice::from_ref(&one), SOON);
        assert_eq!(room(&calls, &one), 32);
        let failing = StoredEndpoint { failing_since: Some(Timestamp::from_millis(1)), ..one.clone() };
        assert_eq!(room(&calls, &failing), 2);
        known(&mut calls, std::slice::from_ref(&one), SLOWLY);
        assert_eq!(room(&calls, &one), 2);
        let pace = calls.begin(&one);
        assert_eq!((room(&calls, &one), calls.count()), (1, 1));
        calls.end(&one, pace, QUICKLY);
        assert_eq!((room(&calls, &one), calls.count()), (32, 0));
    }

    #[test]
    fn the_longer_an_endpoint_takes_the_fewer_calls_it_has_at_once() {
        for (millis, most) in
            [(0, 32), (1_000, 32), (1_001, 31), (2_000, 16), (4_000, 8), (13_000, 2), (60_000, 2)]
        {
            let (mut calls, one) = (Calls::default(), endpoint(1, 1));
            known(&mut calls, std::slice::from_ref(&one), Duration::from_millis(millis));
            assert_eq!(take(&mut calls, &[one]), [most], "{millis} ms");
        }
    }

    #[test]
    fn all_slow_endpoints_of_an_organization_leave_room_for_its_new_ones_and_its_quick_one() {
        let mut calls = Calls::default();
        let most = usize::try_from(MAX_ENDPOINTS).unwrap();
        let endpoints: Vec<_> = (0..most).map(|number| endpoint(1, number)).collect();
        let (quick, others) = endpoints.split_first().unwrap();
        let (new, slow) = others.split_at(9);
        known(&mut calls, std::slice::from_ref(quick), QUICKLY);
        for (endpoint, took) in slow.iter().zip([SLOWLY, SOON * 2].into_iter().cycle()) {
            known(&mut calls, std::slice::from_ref(endpoint), took);
        }
        assert_eq!(take(&mut calls, slow).iter().sum::<u32>(), 96);
        assert_eq!(take(&mut calls, new), [2, 2, 2, 2, 2, 2, 2, 2, 0]);
        assert_eq!(take(&mut calls, std::slice::from_ref(quick)), [16]);
    }

    #[test]
    fn an_organization_has_so_many_calls_in_an_environment_and_no_more() {
        let mut calls = Calls::default();
        let live: Vec<_> = (0..40).map(|number| endpoint(1, number)).collect();
        let test: Vec<_> = (40..80)
            .map(|number| StoredEndpoint { environment: Environment::Test, ..endpoint(1, number) })
            .collect();
        let other = [endpoint(2, 1)];
        for endpoints in [&live[..], &test[..], &other[..]] {
            known(&mut calls, endpoints, QUICKLY);
        }
        assert_eq!(take(&mut calls, &live).iter().sum::<u32>(), 128);
        assert_eq!(take(&mut calls, &live).iter().sum::<u32>(), 0);
        assert_eq!(take(&mut calls, &test).iter().sum::<u32>(), 128);
        assert_eq!(take(&mut calls, &other), [32]);
    }

    #[test]
    fn however_many_organizations_are_slow_there_is_room_for_those_that_are_quick() {
        let mut calls = Calls::default();
        let slow: Vec<_> =
            (0..20).flat_map(|owner| (0..50).map(move |number| endpoint(owner, number))).collect();
        known(&mut calls, &slow, SLOWLY);
        assert_eq!(take(&mut calls, &slow).iter().sum::<u32>(), MAX_HELD.slow);
        let quick: Vec<_> = (100..120).map(|owner| endpoint(owner, 1)).collect();
        known(&mut calls, &quick, QUICKLY);
        assert_eq!(take(&mut calls, &quick).iter().sum::<u32>(), MAX_CALLS - MAX_HELD.slow);
        assert_eq!(calls.count(), MAX_CALLS);
    }

    #[test]
    fn who_got_nothing_comes_first_when_there_is_room() {
        let mut calls = Calls::default();
        let endpoints: Vec<_> = (0..10).map(|number| endpoint(1, number)).collect();
        known(&mut calls, &endpoints, QUICKLY);
        let mut served = [0; 10];
        for _ in 0..10 {
            let taken = take(&mut calls, &endpoints);
            for (index, calls_taken) in taken.into_iter().enumerate() {
                served[index] += calls_taken;
                for _ in 0..calls_taken {
                    calls.end(&endpoints[index], Pace::Quick, QUICKLY);
                }
            }
        }
        assert_eq!(served, [128; 10]);
    }

    #[test]
    fn endpoints_without_a_call_are_forgotten_when_there_are_too_many() {
        let mut calls = Calls::default();
        let busy = endpoint(1, 0);
        calls.begin(&busy);
        for number in 1..=MAX_KNOWN {
            known(&mut calls, &[endpoint(1, number)], QUICKLY);
        }
        assert_eq!((calls.endpoints.len(), calls.known(&busy).calls), (1, 1));
    }
}
