//! Settings: defaults < `interviewrelay.toml` < `INTERVIEWRELAY_*` variables < flags.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use clap::Args;
use domain::upload;
use ipnet::IpNet;
use protocol::Environment;
use serde::Deserialize;
use toml::{Spanned, de::DeTable};
use url::Url;

use crate::webhooks::Webhooks;

/// The file that is read from the working folder when no other is named.
const DEFAULT_FILE: &str = "interviewrelay.toml";

/// What the pages behind `invite_url` and in an iframe load first of the built widget.
const WIDGET_SCRIPT: &str = "interview-relay.js";

/// Settings as they are given: each may be absent. The same names serve the file, the variables and the flags.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the data lies, such as `sqlite://data/interviewrelay.db`.
    #[arg(
        long,
        env = "INTERVIEWRELAY_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<String>,
    /// Address and port of the live environment; port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long, env = "INTERVIEWRELAY_LIVE_LISTEN", value_name = "ADDRESS", global = true)]
    pub live_listen: Option<SocketAddr>,
    /// Address and port of the sandbox; port 0 takes a free one [default: 127.0.0.1:8081].
    #[arg(long, env = "INTERVIEWRELAY_SANDBOX_LISTEN", value_name = "ADDRESS", global = true)]
    pub sandbox_listen: Option<SocketAddr>,
    /// Where browsers reach the live environment [default: `http://` and the address it listens on].
    #[arg(
        long,
        env = "INTERVIEWRELAY_LIVE_PUBLIC_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub live_public_url: Option<String>,
    /// Where browsers reach the sandbox [default: `http://` and the address it listens on].
    #[arg(
        long,
        env = "INTERVIEWRELAY_SANDBOX_PUBLIC_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub sandbox_public_url: Option<String>,
    /// Folder with the built widget (`dist` of the npm package), for the page behind `invite_url`.
    #[arg(long, env = "INTERVIEWRELAY_WIDGET_DIR", value_name = "FOLDER", global = true)]
    pub widget_dir: Option<PathBuf>,
    /// Proxies whose `X-Forwarded-For` is believed, as CIDR blocks with commas between them [default: none].
    #[arg(
        long,
        env = "INTERVIEWRELAY_TRUSTED_PROXIES",
        value_name = "CIDR",
        value_delimiter = ',',
        global = true
    )]
    pub trusted_proxies: Option<Vec<String>>,
    /// Who may read `/metrics`, as CIDR blocks with commas between them [default: this machine alone].
    #[arg(
        long,
        env = "INTERVIEWRELAY_METRICS_ALLOWED_CIDRS",
        value_name = "CIDR",
        value_delimiter = ',',
        global = true
    )]
    pub metrics_allowed_cidrs: Option<Vec<String>>,
    /// Status of the answer to one request too many: 403, as the authentication guide has it, or 429 [default: 403].
    #[arg(long, env = "INTERVIEWRELAY_RATE_LIMIT_STATUS", value_name = "STATUS", global = true)]
    pub rate_limit_status: Option<u16>,
    /// Requests a minute of organizations on the enterprise plan, in each environment [default: no limit].
    #[arg(long, env = "INTERVIEWRELAY_ENTERPRISE_REQUESTS_PER_MINUTE", value_name = "NUMBER", global = true)]
    pub enterprise_requests_per_minute: Option<u32>,
    /// Let webhook endpoints of the sandbox be on this machine and without TLS [default: false].
    #[arg(
        long,
        env = "INTERVIEWRELAY_SANDBOX_WEBHOOK_LOOPBACK",
        value_name = "BOOL",
        num_args = 1,
        global = true
    )]
    pub sandbox_webhook_loopback: Option<bool>,
    /// Where GraphQL tells its schema: `sandbox`, `always` or `never` [default: sandbox].
    #[arg(long, env = "INTERVIEWRELAY_GRAPHQL_INTROSPECTION", value_name = "WHERE", global = true)]
    pub graphql_introspection: Option<String>,
    /// Largest file that a participant may send, in bytes, whatever a guide allows [default: 104857600].
    #[arg(long, env = "INTERVIEWRELAY_MAX_UPLOAD_BYTES", value_name = "NUMBER", global = true)]
    pub max_upload_bytes: Option<u64>,
}

/// Settings that were checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the data lies.
    pub database_url: String,
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
            metrics_allowed_cidrs: loopback(),
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
        let (from_file, problems) = read_file(file);
        Self::check(given.or(from_file), problems)
    }

    /// `problems` are those that were found before.
    fn check(settings: Settings, mut problems: Vec<String>) -> Result<Self, InvalidConfig> {
        let callers = caller_rules(&settings, &mut problems);
        let graphql_introspection = introspection(&settings, &mut problems);
        let max_upload_bytes = max_upload_bytes(&settings, &mut problems);
        let mut listener =
            |listen: Option<SocketAddr>, port: u16, url: Option<String>, name: &str| ListenerConfig {
                listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], port))),
                public_url: url
                    .and_then(|url| public_url(&url, name).map_err(|problem| problems.push(problem)).ok()),
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
        problems.extend(same_public_url(&live, &sandbox));
        problems.extend(settings.widget_dir.as_deref().and_then(no_widget));
        let database_url =
            settings.database_url.unwrap_or_else(|| "sqlite://data/interviewrelay.db".to_owned());
        if let Err(error) = storage::check_url(&database_url) {
            problems.push(format!("database_url: {error}"));
        }
        if !problems.is_empty() {
            return Err(InvalidConfig(problems));
        }
        let webhooks = Webhooks { sandbox_loopback: settings.sandbox_webhook_loopback.unwrap_or(false) };
        Ok(Self {
            database_url,
            live,
            sandbox,
            widget_dir: settings.widget_dir,
            callers,
            webhooks,
            graphql_introspection,
            max_upload_bytes,
        })
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
        listeners.into_iter().filter_map(unreachable).collect()
    }
}

/// A token of the one environment would name the other as its issuer too.
fn same_public_url(live: &ListenerConfig, sandbox: &ListenerConfig) -> Option<String> {
    if live.public_url.is_none() && sandbox.public_url.is_none() {
        return None;
    }
    let url = |listener: &ListenerConfig| {
        let derived = || public_url(&format!("http://{}", listener.listen), "").ok();
        listener.public_url.clone().or_else(derived)
    };
    let same = url(live).filter(|live| Some(live) == url(sandbox).as_ref())?;
    Some(format!("live_public_url and sandbox_public_url are both {same}; give the sandbox one of its own"))
}

fn no_widget(folder: &Path) -> Option<String> {
    if !folder.is_dir() {
        Some(format!("widget_dir: there is no folder {}", folder.display()))
    } else if !folder.join(WIDGET_SCRIPT).is_file() {
        Some(format!(
            "widget_dir: {} has no {WIDGET_SCRIPT}; what is meant is the folder dist of @interviewrelay/widget, \
             in a checkout widget/npm/dist once the widget is built",
            folder.display()
        ))
    } else {
        None
    }
}

impl Settings {
    fn or(self, below: Self) -> Self {
        Self {
            database_url: self.database_url.or(below.database_url),
            live_listen: self.live_listen.or(below.live_listen),
            sandbox_listen: self.sandbox_listen.or(below.sandbox_listen),
            live_public_url: self.live_public_url.or(below.live_public_url),
            sandbox_public_url: self.sandbox_public_url.or(below.sandbox_public_url),
            widget_dir: self.widget_dir.or(below.widget_dir),
            trusted_proxies: self.trusted_proxies.or(below.trusted_proxies),
            metrics_allowed_cidrs: self.metrics_allowed_cidrs.or(below.metrics_allowed_cidrs),
            rate_limit_status: self.rate_limit_status.or(below.rate_limit_status),
            enterprise_requests_per_minute: self
                .enterprise_requests_per_minute
                .or(below.enterprise_requests_per_minute),
            sandbox_webhook_loopback: self.sandbox_webhook_loopback.or(below.sandbox_webhook_loopback),
            graphql_introspection: self.graphql_introspection.or(below.graphql_introspection),
            max_upload_bytes: self.max_upload_bytes.or(below.max_upload_bytes),
        }
    }
}

fn introspection(settings: &Settings, problems: &mut Vec<String>) -> Introspection {
    use Introspection::{Always, Never, Sandbox};
    let Some(text) = &settings.graphql_introspection else { return Introspection::default() };
    let found = [Sandbox, Always, Never].into_iter().find(|choice| choice.as_str() == text);
    found.unwrap_or_else(|| {
        problems.push(format!("graphql_introspection: {text} must be sandbox, always or never"));
        Introspection::default()
    })
}

fn max_upload_bytes(settings: &Settings, problems: &mut Vec<String>) -> u64 {
    let bytes = settings.max_upload_bytes.unwrap_or(DEFAULT_MAX_UPLOAD_BYTES);
    if !(1..=upload::MAX_BYTES).contains(&bytes) {
        problems.push(format!("max_upload_bytes: {bytes} must be 1 to {}", upload::MAX_BYTES));
    }
    bytes
}

/// This machine.
fn loopback() -> Vec<IpNet> {
    ["127.0.0.0/8", "::1/128"].iter().filter_map(|net| net.parse().ok()).collect()
}

/// A list of CIDR blocks and single addresses. An empty text among them is how a variable says that there are none.
fn cidrs(given: &[String], name: &str, problems: &mut Vec<String>) -> Vec<IpNet> {
    let mut nets = Vec::new();
    for text in given.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        match text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)) {
            Ok(net) => nets.push(net),
            Err(_) => problems.push(format!("{name}: {text} is no CIDR block, such as 10.0.0.0/8")),
        }
    }
    nets
}

fn caller_rules(settings: &Settings, problems: &mut Vec<String>) -> CallerRules {
    let proxies = settings.trusted_proxies.as_deref().unwrap_or_default();
    let trusted_proxies = cidrs(proxies, "trusted_proxies", problems);
    let metrics_allowed_cidrs = match &settings.metrics_allowed_cidrs {
        Some(given) => cidrs(given, "metrics_allowed_cidrs", problems),
        None => loopback(),
    };
    let rate_limit_status = settings.rate_limit_status.unwrap_or(403);
    if !matches!(rate_limit_status, 403 | 429) {
        problems.push(format!("rate_limit_status: {rate_limit_status} must be 403 or 429"));
    }
    let enterprise_requests_per_minute = settings.enterprise_requests_per_minute.and_then(|number| {
        let number = NonZeroU32::new(number);
        if number.is_none() {
            problems.push(
                "enterprise_requests_per_minute: 0 would refuse everything; leave it out for no limit"
                    .to_owned(),
            );
        }
        number
    });
    CallerRules { trusted_proxies, metrics_allowed_cidrs, rate_limit_status, enterprise_requests_per_minute }
}

/// What the file says, and each problem with it.
fn read_file(file: Option<&Path>) -> (Settings, Vec<String>) {
    let path = file.unwrap_or_else(|| Path::new(DEFAULT_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let (settings, problems) = read_text(&text);
            let problems = problems.into_iter().map(|problem| format!("{}, {problem}", path.display()));
            (settings, problems.collect())
        }
        Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            (Settings::default(), Vec::new())
        }
        Err(error) => (Settings::default(), vec![format!("{} cannot be read: {error}", path.display())]),
    }
}

/// Each option by itself, so that each problem is found. The lines are not repeated: one may have a password in it.
fn read_text(text: &str) -> (Settings, Vec<String>) {
    let mut settings = Settings::default();
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        // Where one thing is not closed, what comes after it means nothing.
        Err(error) => return (settings, vec![located(text, &error, 0, None)]),
    };
    let mut problems = Vec::new();
    for (key, value) in table {
        let (name, place) = (key.get_ref().to_string(), key.span());
        let alone = Spanned::new(place.clone(), DeTable::from_iter([(key, value)]));
        match Settings::deserialize(toml::Deserializer::from(alone)) {
            Ok(read) => settings = settings.or(read),
            Err(error) => problems.push((place.start, located(text, &error, place.start, Some(&name)))),
        }
    }
    problems.sort();
    (settings, problems.into_iter().map(|(_, problem)| problem).collect())
}

/// A problem with its line and column, from 1 as editors count them, and the option that it is about.
fn located(text: &str, error: &toml::de::Error, key_start: usize, key: Option<&str>) -> String {
    let start = error.span().map_or(key_start, |span| span.start);
    let before = text.get(..start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let key = key.map(|key| format!("{key}: ")).unwrap_or_default();
    format!("line {line}, column {column}: {key}{}", error.message().replace('\n', ", "))
}

/// Tokens name it as their issuer and browsers go there, so it must be one thing, exactly.
fn public_url(text: &str, name: &str) -> Result<String, String> {
    let shown = without_secrets(text);
    let url = Url::parse(text).map_err(|error| format!("{name}: {shown} is not a URL ({error})"))?;
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && url.host().is_some() && plain {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(format!("{name}: {shown} must be an http or https URL without credentials, query or fragment"))
    }
}

/// What can be shown of a URL that is refused: neither a password nor what comes after a `?`.
fn without_secrets(text: &str) -> String {
    let (credentials, rest) = text.rsplit_once('@').map_or((None, text), |(one, rest)| (Some(one), rest));
    let rest = rest.split_once('?').map_or_else(|| rest.to_owned(), |(before, _)| format!("{before}?…"));
    let scheme = |text: &str| text.split_once("://").map(|(scheme, _)| format!("{scheme}://"));
    match credentials {
        Some(credentials) => format!("{}…@{rest}", scheme(credentials).unwrap_or_default()),
        None => rest,
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
            database_url: Some("postgres://user:pw@example.com/db".to_owned()),
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
    fn every_problem_of_the_file_is_told_with_its_line_its_column_and_its_option() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        let load = |text: &str| {
            std::fs::write(&file, text).unwrap();
            let InvalidConfig(problems) = Config::load(Some(&file), Settings::default()).unwrap_err();
            let name = format!("{}, ", file.display());
            problems.iter().map(|problem| problem.replacen(&name, "", 1)).collect::<Vec<_>>()
        };
        let told = load(
            "# Größe\nrate_limit_status = \"429\"\nmax_upload_bytes = 0\ntrusted_proxies = [\n  \"10.0.0.0/8\", 7]\n\
             live_listen = \"pass-word\"\n[live]\nlisten = 1\n",
        );
        let expected = [
            "line 2, column 21: rate_limit_status: invalid type: string \"429\", expected u16",
            "line 5, column 17: trusted_proxies: invalid type: integer `7`, expected a string",
            "line 6, column 15: live_listen: invalid socket address syntax",
            "line 7, column 2: live: unknown field `live`, expected one of ",
            "max_upload_bytes: 0 must be 1 to 1073741824",
        ];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told:?} is not {expected:?}");
        }

        let told =
            load("graphql_introspection = 'always'\ndatabase_url = \"postgres://u:pass-word@h/db\nx = 1\n");
        assert!(told.len() == 1 && told[0].starts_with("line 2, column "), "{told:?}");
        assert!(!told[0].contains("pass-word") && !told[0].contains('\n'), "{told:?}");
    }

    #[test]
    fn an_unknown_option_in_the_file_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, "databse_url = \"x\"\n").unwrap();
        let error = Config::load(Some(&file), Settings::default()).unwrap_err();
        assert!(error.to_string().contains("databse_url"), "{error}");
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
    fn what_is_shown_of_a_url_has_no_secret_in_it() {
        for (text, shown) in [
            ("https://example.com/a", "https://example.com/a"),
            ("https://u:pw@example.com/", "https://…@example.com/"),
            ("https://u:p@w?p@example.com/?token=x", "https://…@example.com/?…"),
            ("u:pw@example.com", "…@example.com"),
        ] {
            assert_eq!(without_secrets(text), shown);
        }
    }

    #[test]
    fn a_public_url_loses_its_last_slash() {
        assert_eq!(public_url("https://api.example.com/", "x").unwrap(), "https://api.example.com");
        assert_eq!(
            public_url("https://example.com/interviews/", "x").unwrap(),
            "https://example.com/interviews"
        );
    }
}
