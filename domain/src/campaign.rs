//! Campaigns: their life cycle, and what their settings may be.

use protocol::{
    Environment, Timestamp,
    campaign::{Campaign, CampaignSettings, CampaignStatus, Counters},
    ids::{CampaignId, OrganizationId},
};
use serde_json::{Map, Value};
use url::{Host, Url};

use crate::{
    fault::{Fault, check_locale, check_metadata, check_text},
    invite::check_ttl,
};

/// A step in a campaign's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignMove {
    /// Start, or go on after a pause.
    Activate,
    /// Stop for a while.
    Pause,
    /// Stop for good.
    Complete,
    /// Put away.
    Archive,
}

/// Why a step is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoveRefused {
    /// The life cycle has no such step from this status.
    #[error("a campaign that is {} cannot take that step", .0.as_str())]
    NoSuchStep(CampaignStatus),
    /// Nothing was published, so there is nothing to ask.
    #[error("publish the guide before activating the campaign")]
    NothingPublished,
}

/// How far a campaign's invites have come, as far as it is counted with each step. How many sessions were abandoned only
/// the time tells: whoever shows that has them counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoredCounters {
    /// Invites minted.
    pub invited: u64,
    /// Sessions started.
    pub started: u64,
    /// Sessions completed.
    pub completed: u64,
}

impl StoredCounters {
    /// Together with the sessions that were abandoned by now.
    pub const fn with(self, abandoned: u64) -> Counters {
        let Self { invited, started, completed } = self;
        Counters { invited, started, completed, abandoned }
    }
}

/// A campaign, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCampaign {
    /// Its id; unique within its environment.
    pub id: CampaignId,
    /// Which environment.
    pub environment: Environment,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Where it stands.
    pub status: CampaignStatus,
    /// How it behaves.
    pub settings: CampaignSettings,
    /// The customer's own data.
    pub metadata: Map<String, Value>,
    /// How far its invites have come.
    pub counters: StoredCounters,
    /// The guide's version that new interviews begin with.
    pub published_version: Option<u32>,
    /// Grows with each change; the `ETag`.
    pub revision: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl StoredCampaign {
    /// The status after a step: draft → active ⇄ paused → completed → archived.
    ///
    /// A draft can also be archived, and a step to where it stands already changes nothing.
    ///
    /// # Errors
    /// [`MoveRefused`] says why not.
    pub fn after(&self, step: CampaignMove) -> Result<CampaignStatus, MoveRefused> {
        use CampaignStatus::{Active, Archived, Completed, Draft, Paused};
        let next = match (step, self.status) {
            (CampaignMove::Activate, Draft | Active | Paused) => Active,
            (CampaignMove::Pause, Active | Paused) => Paused,
            (CampaignMove::Complete, Active | Paused | Completed) => Completed,
            (CampaignMove::Archive, Draft | Completed | Archived) => Archived,
            (_, status) => return Err(MoveRefused::NoSuchStep(status)),
        };
        if next == Active && self.published_version.is_none() {
            return Err(MoveRefused::NothingPublished);
        }
        Ok(next)
    }

    /// As the management API shows it, with the number of its sessions that were abandoned by now.
    pub fn view(&self, abandoned: u64) -> Campaign {
        Campaign {
            id: self.id.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            status: self.status,
            environment: self.environment,
            settings: self.settings.clone(),
            metadata: self.metadata.clone(),
            counters: self.counters.with(abandoned),
            published_version: self.published_version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// What is wrong with its name, description, settings and metadata.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/name", &self.name, 1, 100);
        if self.description.chars().count() > 500 {
            faults.push(Fault::new("/description", "too_long", "Must have at most 500 characters."));
        }
        check_metadata(&mut faults, "/metadata", &self.metadata);
        check_settings(&mut faults, &self.settings);
        faults
    }
}

fn check_settings(faults: &mut Vec<Fault>, settings: &CampaignSettings) {
    const MAX_ORIGINS: usize = 100;
    const MAX_RESUME_S: u32 = 90 * 86_400;
    check_locale(faults, "/settings/locale", &settings.locale);
    check_ttl(faults, "/settings/invite_ttl_s", settings.invite_ttl_s);
    if settings.allowed_origins.len() > MAX_ORIGINS {
        faults.push(Fault::new("/settings/allowed_origins", "too_many", "At most 100 origins."));
    }
    for (index, origin) in settings.allowed_origins.iter().enumerate() {
        if !is_origin(origin) {
            faults.push(invalid_origin(format!("/settings/allowed_origins/{index}")));
        }
    }
    if !(60..=MAX_RESUME_S).contains(&settings.resume_window_s) {
        faults.push(Fault::new(
            "/settings/resume_window_s",
            "out_of_range",
            "Must be 60 seconds to 90 days.",
        ));
    }
    check_metadata(faults, "/settings/theme", &settings.theme);
}

/// Whether the text is an origin exactly as browsers send it (RFC 6454 §6.2), such as `https://example.com`. Nothing that
/// is one can end a header, a policy or an attribute.
pub fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some_and(|host| is_host(&host))
            && url.origin().ascii_serialization() == text
    })
}

/// Whether it is an address, or a name as it could be in DNS. URLs allow more, such as `*`, `"` and `;` (WHATWG URL §3.5).
fn is_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte)),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    }
}

/// The fault of a text that [`is_origin`] refuses.
pub fn invalid_origin(pointer: impl Into<String>) -> Fault {
    let message = "Must be an origin as browsers send it: http or https, the name or address of a host, and the port unless \
                   it is the default, such as https://example.com. Write a name beyond ASCII as xn--…, and each subdomain by \
                   itself, as there are no wildcards.";
    Fault::new(pointer, "invalid_origin", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(status: CampaignStatus, published_version: Option<u32>) -> StoredCampaign {
        StoredCampaign {
            id: CampaignId::parse("camp_1").unwrap(),
            environment: Environment::Test,
            organization_id: OrganizationId::parse("org_1").unwrap(),
            name: "Name".to_owned(),
            description: String::new(),
            status,
            settings: CampaignSettings::default(),
            metadata: Map::new(),
            counters: StoredCounters::default(),
            published_version,
            revision: 1,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn the_life_cycle_has_these_steps_and_no_others() {
        use CampaignMove::{Activate, Archive, Complete, Pause};
        use CampaignStatus::{Active, Archived, Completed, Draft, Paused};
        let table = [
            (Draft, [Some(Active), None, None, Some(Archived)]),
            (Active, [Some(Active), Some(Paused), Some(Completed), None]),
            (Paused, [Some(Active), Some(Paused), Some(Completed), None]),
            (Completed, [None, None, Some(Completed), Some(Archived)]),
            (Archived, [None, None, None, Some(Archived)]),
        ];
        for (from, row) in table {
            for (step, expected) in [Activate, Pause, Complete, Archive].into_iter().zip(row) {
                assert_eq!(campaign(from, Some(1)).after(step).ok(), expected, "{from:?} {step:?}");
            }
        }
    }

    #[test]
    fn nothing_is_activated_before_it_is_published() {
        assert_eq!(
            campaign(CampaignStatus::Draft, None).after(CampaignMove::Activate),
            Err(MoveRefused::NothingPublished)
        );
    }

    #[test]
    fn only_what_a_browser_sends_is_an_origin() {
        for good in [
            "https://example.com",
            "http://localhost:3000",
            "https://xn--bcher-kva.example",
            "https://my_app.example.com",
            "http://127.0.0.1:8080",
            "http://[::1]:3000",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "https://example.com/",
            "https://example.com:443",
            "example.com",
            "*",
            "null",
            "ftp://a.b",
            "https://a.b/c",
            "HTTPS://a.b",
            "https://u@a.b",
            "https://*.example.com",
            "https://*",
            "https://bücher.example",
            "https://a\"onload=alert(1)b",
            "https://a;sandbox",
            "https://a,b",
            "https://a'b",
            "https://a&quot;b",
            "https://a b",
            "https://a{}b",
            "https://a$b",
            "https://a.b\n",
            "https://%61.b",
            "http://127.1",
            "http://[::0:1]",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn each_bad_setting_is_told_with_its_place() {
        let mut bad = campaign(CampaignStatus::Draft, None);
        bad.name = " ".to_owned();
        bad.description = "x".repeat(501);
        bad.settings.locale = "english please".to_owned();
        bad.settings.allowed_origins = vec!["https://ok.example".to_owned(), "nope".to_owned()];
        bad.settings.invite_ttl_s = 59;
        bad.settings.resume_window_s = 0;
        let faults = bad.faults();
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/name",
                "/description",
                "/settings/locale",
                "/settings/invite_ttl_s",
                "/settings/allowed_origins/1",
                "/settings/resume_window_s"
            ]
        );
    }
}
