//! The file with settings.

use std::path::Path;

use serde::Deserialize as _;
use toml::{Spanned, de::DeTable};

use super::settings::Settings;

/// The file that is read from the working folder when no other is named.
const DEFAULT_FILE: &str = "interviewrelay.toml";

/// What the file says, and each problem with it.
pub(super) fn read_file(file: Option<&Path>) -> (Settings, Vec<String>) {
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

#[cfg(test)]
mod tests {
    use crate::config::{Config, InvalidConfig, Settings};

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
}
