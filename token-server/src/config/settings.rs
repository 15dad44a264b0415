//! Settings as they are given, wherever they come from.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Arg, Args};
use serde::Deserialize;

/// Settings as they are given: each may be absent. The same names serve the file, the variables and the flags.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the data lies: `sqlite://<path of a file>` or `postgres://<user>:<password>@<host>/<database>` [default:
    /// `sqlite://data/interviewrelay.db`].
    #[arg(
        long,
        env = "INTERVIEWRELAY_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<String>,
    /// Folder of the files that customers and participants send [default: `uploads` beside the file of the database].
    #[arg(long, env = "INTERVIEWRELAY_UPLOADS_DIR", value_name = "FOLDER", global = true)]
    pub uploads_dir: Option<PathBuf>,
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

/// What the names of our variables begin with.
const PREFIX: &str = "INTERVIEWRELAY_";
/// Those that are no settings: the filter of the log, and what our other programs read.
const OTHERS: [&str; 8] = [
    "INTERVIEWRELAY_API_BASE",
    "INTERVIEWRELAY_API_KEY",
    "INTERVIEWRELAY_BIN",
    "INTERVIEWRELAY_CACHE",
    "INTERVIEWRELAY_CAMPAIGN_ID",
    "INTERVIEWRELAY_LOG",
    "INTERVIEWRELAY_WASM_TOOLCHAIN",
    "INTERVIEWRELAY_WEBHOOK_SECRET",
];

/// Where a service is called `interviewrelay`, Kubernetes tells others of it by variables that go on like this.
const OF_A_SERVICE: [&str; 2] = ["SERVICE_", "PORT"];

/// Which of these variables look like settings and are none, in the order of their names.
pub(super) fn unknown_variables(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let command = Settings::augment_args(clap::Command::new(""));
    let known: Vec<_> = command.get_arguments().filter_map(Arg::get_env).collect();
    let is_unknown = |name: &String| {
        name.strip_prefix(PREFIX).is_some_and(|rest| !OF_A_SERVICE.iter().any(|part| rest.starts_with(part)))
            && !OTHERS.contains(&name.as_str())
            && !known.contains(&name.as_ref())
    };
    let mut unknown: Vec<_> = names.into_iter().filter(is_unknown).collect();
    unknown.sort();
    unknown
}

impl Settings {
    /// These, and what is not given by them as it is given `below`.
    pub(super) fn or(self, below: Self) -> Self {
        Self {
            database_url: self.database_url.or(below.database_url),
            uploads_dir: self.uploads_dir.or(below.uploads_dir),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_misspelt_is_found() {
        let given = [
            "INTERVIEWRELAY_UPLOAD_DIR",
            "INTERVIEWRELAY_",
            "INTERVIEWRELAY_UPLOADS_DIR",
            "INTERVIEWRELAY_LOG",
            "INTERVIEWRELAY_PORT_8080_TCP",
            "INTERVIEWRELAY_SERVICE_HOST",
            "PATH",
        ];
        let found = unknown_variables(given.map(str::to_owned));
        assert_eq!(found, ["INTERVIEWRELAY_", "INTERVIEWRELAY_UPLOAD_DIR"]);
    }
}
