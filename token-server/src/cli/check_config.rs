//! `interviewrelay check-config`

use ipnet::IpNet;
use protocol::Environment;
use serde_json::json;

use super::{CliResult, public_url, say};
use crate::config::Config;

/// Says what is in force, and what of it is probably not meant.
pub(super) fn print(config: &Config, as_json: bool) -> CliResult {
    if as_json { print_json(config) } else { print_text(config) }
}

fn texts(nets: &[IpNet]) -> Vec<String> {
    nets.iter().map(ToString::to_string).collect()
}

fn print_text(config: &Config) -> CliResult {
    say(&format!("database_url = {}", config.shown_database_url()))?;
    say(&format!("uploads_dir = {}", config.uploads_dir.display()))?;
    for environment in Environment::ALL {
        let (listener, url) = (config.listener(environment), public_url(config, environment));
        say(&format!("{environment}: listens on {}, public URL {url}", listener.listen))?;
    }
    let widget_dir = config.widget_dir.as_ref();
    let widget_dir = widget_dir.map_or("none".to_owned(), |folder| folder.display().to_string());
    say(&format!("widget_dir = {widget_dir}"))?;
    let callers = &config.callers;
    say(&format!("trusted_proxies = [{}]", texts(&callers.trusted_proxies).join(", ")))?;
    say(&format!("metrics_allowed_cidrs = [{}]", texts(&callers.metrics_allowed_cidrs).join(", ")))?;
    say(&format!("rate_limit_status = {}", callers.rate_limit_status))?;
    let enterprise = callers.enterprise_requests_per_minute;
    let enterprise = enterprise.map_or("no limit".to_owned(), |number| number.to_string());
    say(&format!("enterprise_requests_per_minute = {enterprise}"))?;
    say(&format!("sandbox_webhook_loopback = {}", config.webhooks.sandbox_loopback))?;
    say(&format!("graphql_introspection = {}", config.graphql_introspection.as_str()))?;
    say(&format!("max_upload_bytes = {}", config.max_upload_bytes))?;
    config.warnings().iter().try_for_each(|warning| say(&format!("warning: {warning}")))
}

/// The names are those of the file.
fn print_json(config: &Config) -> CliResult {
    let callers = &config.callers;
    let line = json!({
        "database_url": config.shown_database_url(),
        "uploads_dir": config.uploads_dir.display().to_string(),
        "live_listen": config.live.listen,
        "live_public_url": public_url(config, Environment::Live),
        "sandbox_listen": config.sandbox.listen,
        "sandbox_public_url": public_url(config, Environment::Test),
        "widget_dir": config.widget_dir.as_ref().map(|folder| folder.display().to_string()),
        "trusted_proxies": texts(&callers.trusted_proxies),
        "metrics_allowed_cidrs": texts(&callers.metrics_allowed_cidrs),
        "rate_limit_status": callers.rate_limit_status,
        "enterprise_requests_per_minute": callers.enterprise_requests_per_minute,
        "sandbox_webhook_loopback": config.webhooks.sandbox_loopback,
        "graphql_introspection": config.graphql_introspection.as_str(),
        "max_upload_bytes": config.max_upload_bytes,
        "warnings": config.warnings(),
    });
    say(&line.to_string())
}
