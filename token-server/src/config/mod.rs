//! Settings: defaults < `interviewrelay.toml` < `INTERVIEWRELAY_*` variables < flags.

mod checks;
mod file;
mod settings;

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use ipnet::IpNet;
use protocol::Environment;

use crate::webhooks::Webhooks;
pub use settings::Settings;

/// Settings that were checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the data lies. It may hold a password: see [`Config::shown_database_url`].
    pub database_url: String,
    /// Folder of the files that customers and participants send.
    pub uploads_dir: PathBuf,
    /// The live environment.
    pub live: ListenerConfig,
    /// The sandbox.
    pub sandbox: ListenerConfig,
    /// Folder with the built widget.
    pub widget_dir: Option<PathBuf>,
    /// How callers are treated.
    pub callers: CallerRules,
    /// What webhook endpoints may be.
    pub webhooks: Webhooks,
    /// Where GraphQL tells its schema.
    pub graphql_introspection: Introspection,
    /// Largest file that a participant may send.
    pub max_upload_bytes: u64,
    /// Variables that look like settings and are none.
    pub unknown_variables: Vec<String>,
}

/// Largest file that a participant may send unless configured otherwise: 100 MiB.
pub const DEFAULT_MAX_UPLOAD_BYTES: u64 = 100 * 1_024 * 1_024;

/// Where GraphQL tells its schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Introspection {
    /// On the sandbox.
    #[default]
    Sandbox,
    /// In both environments.
    Always,
    /// Nowhere.
    Never,
}

impl Introspection {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// How callers are treated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerRules {
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Who may read `/metrics`. To others there is no such path.
    pub metrics_allowed_cidrs: Vec<IpNet>,
    /// Status of the answer to one request too many: 403 or 429.
    pub rate_limit_status: u16,
    /// Requests a minute on the enterprise plan.
    pub enterprise_requests_per_minute: Option<NonZeroU32>,
}

impl Default for CallerRules {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            metrics_allowed_cidrs: checks::loopback(),
            rate_limit_status: 403,
            enterprise_requests_per_minute: None,
        }
    }
}

/// Settings of one environment.
#[derive(Debug, Clone)]
pub struct ListenerConfig {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where browsers reach it, without a slash at its end; follows from the listening address when it is `None`.
    pub public_url: Option<String>,
}

impl ListenerConfig {
    /// Where browsers reach it when it listens on `address`.
    pub fn public_url_at(&self, address: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{address}"))
    }
}

/// Why the settings are of no use: every problem at once, but for those of a file that is no TOML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the configuration is not valid:\n{}", .0.iter().map(|problem| format!("  - {problem}")).collect::<Vec<_>>().join("\n"))]
pub struct InvalidConfig(pub Vec<String>);

impl Config {
    /// Lays flags and variables over the file, the file over the defaults, and checks the result.
    ///
    /// # Errors
    /// [`InvalidConfig`] with every problem. A file that was named must exist; the default one need not.
    pub fn load(file: Option<&Path>, given: Settings) -> Result<Self, InvalidConfig> {
        let (from_file, problems) = file::read_file(file);
        let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let unknown_variables = settings::unknown_variables(variables);
        Ok(Self { unknown_variables, ..Self::check(given.or(from_file), problems)? })
    }

    /// `problems` are those that were found before.
    fn check(settings: Settings, mut problems: Vec<String>) -> Result<Self, InvalidConfig> {
        let callers = checks::caller_rules(&settings, &mut problems);
        let graphql_introspection = checks::introspection(&settings, &mut problems);
        let max_upload_bytes = checks::max_upload_bytes(&settings, &mut problems);
        let mut listener =
            |listen: Option<SocketAddr>, port: u16, url: Option<String>, name: &str| ListenerConfig {
                listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], port))),
                public_url: url.and_then(|url| {
                    checks::public_url(&url, name).map_err(|problem| problems.push(problem)).ok()
                }),
            };
        let live = listener(settings.live_listen, 8080, settings.live_public_url, "live_public_url");
        let sandbox =
            listener(settings.sandbox_listen, 8081, settings.sandbox_public_url, "sandbox_public_url");
        if live.listen == sandbox.listen && live.listen.port() != 0 {
            problems.push(
                "live_listen and sandbox_listen are the same address; give the sandbox one of its own"
                    .to_owned(),
            );
        }
        problems.extend(checks::same_public_url(&live, &sandbox));
        problems.extend(settings.widget_dir.as_deref().and_then(checks::no_widget));
        let database_url =
            settings.database_url.unwrap_or_else(|| "sqlite://data/interviewrelay.db".to_owned());
        if let Err(error) = storage::check_url(&database_url) {
            problems.push(format!("database_url: {error}"));
        }
        let uploads_dir = checks::uploads_dir(settings.uploads_dir, &database_url, &mut problems);
        if !problems.is_empty() {
            return Err(InvalidConfig(problems));
        }
        let webhooks = Webhooks { sandbox_loopback: settings.sandbox_webhook_loopback.unwrap_or(false) };
        Ok(Self {
            database_url,
            uploads_dir,
            live,
            sandbox,
            widget_dir: settings.widget_dir,
            callers,
            webhooks,
            graphql_introspection,
            max_upload_bytes,
            unknown_variables: Vec::new(),
        })
    }

    /// Where the data lies, without a password.
    pub fn shown_database_url(&self) -> String {
        checks::without_secrets(&self.database_url)
    }

    /// The settings of one environment.
    pub const fn listener(&self, environment: Environment) -> &ListenerConfig {
        match environment {
            Environment::Live => &self.live,
            Environment::Test => &self.sandbox,
        }
    }

    /// What can be meant and seldom is.
    pub fn warnings(&self) -> Vec<String> {
        let unreachable = |(name, listener): (&str, &ListenerConfig)| {
            let is_unreachable = listener.public_url.is_none() && listener.listen.ip().is_unspecified();
            is_unreachable.then(|| {
                let address = listener.listen;
                format!(
                    "{name} is not set, so that tokens send browsers to http://{address}; set it to where they reach \
                     this server"
                )
            })
        };
        let listeners = [("live_public_url", &self.live), ("sandbox_public_url", &self.sandbox)];
        let unknown = self.unknown_variables.iter().map(|name| {
            format!("the variable {name} is passed over, as no setting is called so; is its name misspelt?")
        });
        listeners.into_iter().filter_map(unreachable).chain(unknown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_settings(settings: Settings) -> Result<Config, InvalidConfig> {
        Config::check(settings, Vec::new())
    }

    #[test]
    fn what_is_not_given_has_its_documented_default() {
        let config = from_settings(Settings::default()).unwrap();
        assert_eq!(config.database_url, "sqlite://data/interviewrelay.db");
        assert_eq!(config.uploads_dir, Path::new("data/uploads"));
        assert_eq!(config.live.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.sandbox.listen.to_string(), "127.0.0.1:8081");
        assert_eq!(config.callers, CallerRules::default());
        assert_eq!(config.callers.rate_limit_status, 403);
        assert_eq!(config.max_upload_bytes, 104_857_600);
    }

    #[test]
    fn a_trusted_proxy_is_a_block_or_a_single_address() {
        let list = ["10.0.0.0/8", " 192.0.2.1", "2001:db8::1", ""].map(str::to_owned);
        let given = Settings { trusted_proxies: Some(list.to_vec()), ..Settings::default() };
        let nets = from_settings(given).unwrap().callers.trusted_proxies;
        let nets: Vec<_> = nets.iter().map(ToString::to_string).collect();
        assert_eq!(nets, ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::1/128"]);
    }

    #[test]
    fn metrics_are_for_this_machine_unless_told_otherwise() {
        let readers = |given: Option<&[&str]>| {
            let list = given.map(|list| list.iter().copied().map(str::to_owned).collect());
            let given = Settings { metrics_allowed_cidrs: list, ..Settings::default() };
            let nets = from_settings(given).unwrap().callers.metrics_allowed_cidrs;
            nets.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(readers(None), ["127.0.0.0/8", "::1/128"]);
        assert_eq!(readers(Some(&["10.1.0.0/16", " 192.0.2.1"])), ["10.1.0.0/16", "192.0.2.1/32"]);
        // An empty list is nobody; a variable that is empty has one empty text.
        assert_eq!(readers(Some(&[])), [""; 0]);
        assert_eq!(readers(Some(&[""])), [""; 0]);
    }

    #[test]
    fn flags_go_before_the_file_and_the_file_before_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, "database_url = \"sqlite://from-file.db\"\nlive_listen = \"127.0.0.1:1\"\n")
            .unwrap();
        let given = Settings { live_listen: Some("127.0.0.1:2".parse().unwrap()), ..Settings::default() };
        let config = Config::load(Some(&file), given).unwrap();
        assert_eq!(config.database_url, "sqlite://from-file.db");
        assert_eq!(config.live.listen.port(), 2);
        assert_eq!(config.sandbox.listen.port(), 8081);
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_option() {
        let given = Settings {
            database_url: Some("mysql://user:pw@example.com/db".to_owned()),
            live_public_url: Some("nonsense".to_owned()),
            sandbox_public_url: Some("https://user:pw@example.com/".to_owned()),
            widget_dir: Some(PathBuf::from("/there/is/no/such/folder")),
            trusted_proxies: Some(vec!["10.0.0.0/8".to_owned(), "proxy.example".to_owned()]),
            metrics_allowed_cidrs: Some(vec!["everybody".to_owned()]),
            rate_limit_status: Some(418),
            enterprise_requests_per_minute: Some(0),
            graphql_introspection: Some("sometimes".to_owned()),
            max_upload_bytes: Some(0),
            ..Settings::default()
        };
        let InvalidConfig(problems) = from_settings(given).unwrap_err();
        assert_eq!(problems.len(), 10);
        assert!(!problems.iter().any(|problem| problem.contains("pw")), "{problems:?}");
        for name in [
            "database_url",
            "live_public_url",
            "sandbox_public_url",
            "widget_dir",
            "trusted_proxies",
            "metrics_allowed_cidrs",
            "rate_limit_status",
            "enterprise_requests_per_minute",
            "graphql_introspection",
            "max_upload_bytes",
        ] {
            assert!(problems.iter().any(|problem| problem.starts_with(name)), "{name}");
        }
    }

    #[test]
    fn both_environments_have_public_urls_of_their_own() {
        let settings = |live: &str, sandbox: Option<&str>| Settings {
            live_public_url: Some(live.to_owned()),
            sandbox_public_url: sandbox.map(str::to_owned),
            ..Settings::default()
        };
        for (live, sandbox) in [
            ("https://example.com", Some("https://EXAMPLE.com:443/")),
            // What follows from the address that it listens on.
            ("http://127.0.0.1:8081", None),
        ] {
            let InvalidConfig(problems) = from_settings(settings(live, sandbox)).unwrap_err();
            assert!(
                problems[0].starts_with("live_public_url and sandbox_public_url are both"),
                "{problems:?}"
            );
            assert_eq!(problems.len(), 1);
        }
        for (live, sandbox) in
            [("https://example.com/live", Some("https://example.com")), ("http://127.0.0.1:8080", None)]
        {
            from_settings(settings(live, sandbox)).unwrap();
        }
    }

    #[test]
    fn an_address_that_no_browser_can_reach_is_warned_of_unless_there_is_a_public_url() {
        for (listen, public_url, warnings) in [
            ("0.0.0.0:8080", None, 1),
            ("[::]:8080", None, 1),
            ("[::]:8080", Some("https://example.com"), 0),
            ("192.0.2.1:8080", None, 0),
        ] {
            let given = Settings {
                live_listen: Some(listen.parse().unwrap()),
                live_public_url: public_url.map(str::to_owned),
                ..Settings::default()
            };
            let told = from_settings(given).unwrap().warnings();
            assert_eq!(told.len(), warnings, "{told:?}");
            assert!(
                told.iter().all(|line| line.contains("live_public_url") && line.contains(listen)),
                "{told:?}"
            );
        }
    }

    #[test]
    fn files_lie_beside_a_file_and_for_a_server_where_it_is_said() {
        let server = "postgres://relay:pass-word@db.example/relay";
        let uploads_dir = |url: &str, given: Option<&str>| {
            let (database_url, uploads_dir) = (Some(url.to_owned()), given.map(PathBuf::from));
            from_settings(Settings { database_url, uploads_dir, ..Settings::default() })
                .map(|config| config.uploads_dir)
        };
        for (url, given, expected) in [
            ("sqlite:///var/lib/ir/x.db", None, "/var/lib/ir/uploads"),
            ("sqlite:x.db", None, "uploads"),
            ("sqlite:x.db", Some("/srv/files"), "/srv/files"),
            (server, Some("/srv/files"), "/srv/files"),
        ] {
            assert_eq!(uploads_dir(url, given).unwrap(), Path::new(expected), "{url}");
        }
        let InvalidConfig(problems) = uploads_dir(server, None).unwrap_err();
        assert!(problems.len() == 1 && problems[0].starts_with("uploads_dir: "), "{problems:?}");
    }

    #[test]
    fn a_database_url_is_shown_without_its_password() {
        let given = Settings {
            database_url: Some("postgres://relay:pass-word@db.example/relay?sslmode=require".to_owned()),
            uploads_dir: Some("/srv/files".into()),
            ..Settings::default()
        };
        assert_eq!(from_settings(given).unwrap().shown_database_url(), "postgres://…@db.example/relay?…");
    }
}
