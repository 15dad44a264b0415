//! What each setting may be. A problem begins with the name of its option.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use domain::upload;
use ipnet::IpNet;
use url::Url;

use crate::uploads;

use super::{CallerRules, DEFAULT_MAX_UPLOAD_BYTES, Introspection, ListenerConfig, settings::Settings};

/// What the pages behind `invite_url` and in an iframe load first of the built widget.
const WIDGET_SCRIPT: &str = "interview-relay.js";

pub(super) fn introspection(settings: &Settings, problems: &mut Vec<String>) -> Introspection {
    use Introspection::{Always, Never, Sandbox};
    let Some(text) = &settings.graphql_introspection else { return Introspection::default() };
    let found = [Sandbox, Always, Never].into_iter().find(|choice| choice.as_str() == text);
    found.unwrap_or_else(|| {
        problems.push(format!("graphql_introspection: {text} must be sandbox, always or never"));
        Introspection::default()
    })
}

pub(super) fn max_upload_bytes(settings: &Settings, problems: &mut Vec<String>) -> u64 {
    let bytes = settings.max_upload_bytes.unwrap_or(DEFAULT_MAX_UPLOAD_BYTES);
    if !(1..=upload::MAX_BYTES).contains(&bytes) {
        problems.push(format!("max_upload_bytes: {bytes} must be 1 to {}", upload::MAX_BYTES));
    }
    bytes
}

/// Beside a database that is a file, unless another folder is given. Those who share a server's database share a folder too,
/// which nobody can guess.
pub(super) fn uploads_dir(given: Option<PathBuf>, database_url: &str, problems: &mut Vec<String>) -> PathBuf {
    if given.is_none() && storage::is_postgres(database_url) {
        let problem = "uploads_dir: is needed with a database of a server; name a folder, one that all who serve it share";
        problems.push(problem.to_owned());
    }
    given.unwrap_or_else(|| uploads::folder_beside(database_url))
}

/// This machine.
pub(super) fn loopback() -> Vec<IpNet> {
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

pub(super) fn caller_rules(settings: &Settings, problems: &mut Vec<String>) -> CallerRules {
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

/// A token of the one environment would name the other as its issuer too.
pub(super) fn same_public_url(live: &ListenerConfig, sandbox: &ListenerConfig) -> Option<String> {
    if live.public_url.is_none() && sandbox.public_url.is_none() {
        return None;
    }
    let url = |listener: &ListenerConfig| public_url(&listener.public_url_at(listener.listen), "").ok();
    let same = url(live).filter(|live| Some(live) == url(sandbox).as_ref())?;
    Some(format!("live_public_url and sandbox_public_url are both {same}; give the sandbox one of its own"))
}

pub(super) fn no_widget(folder: &Path) -> Option<String> {
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

/// Tokens name it as their issuer and browsers go there, so it must be one thing, exactly.
pub(super) fn public_url(text: &str, name: &str) -> Result<String, String> {
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
pub(super) fn without_secrets(text: &str) -> String {
    let scheme = |text: &str| text.split_once("://").map(|(scheme, _)| format!("{scheme}://"));
    // Credentials that are not escaped, or a parameter with an `@`: which of them, nobody can tell.
    if let (Some(query), Some(at)) = (text.find('?'), text.rfind('@'))
        && query < at
    {
        return format!("{}…", scheme(text).unwrap_or_default());
    }
    let (credentials, rest) = text.rsplit_once('@').map_or((None, text), |(one, rest)| (Some(one), rest));
    let rest = rest.split_once('?').map_or_else(|| rest.to_owned(), |(before, _)| format!("{before}?…"));
    match credentials {
        Some(credentials) => format!("{}…@{rest}", scheme(credentials).unwrap_or_default()),
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_a_url_has_no_secret_in_it() {
        for (text, shown) in [
            ("https://example.com/a", "https://example.com/a"),
            ("https://u:pw@example.com/", "https://…@example.com/"),
            ("https://u:p@w?p@example.com/?token=x", "https://…"),
            ("postgres://db/relay?user=u&password=p@ssword", "postgres://…"),
            ("postgres://u:pw@db/relay?sslmode=require", "postgres://…@db/relay?…"),
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
