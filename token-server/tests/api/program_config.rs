//! The configuration of the real program: what it refuses, warns of and says.

use clap::CommandFactory as _;

use crate::{
    program_cli::failure,
    support::binary::{Installation, Process},
};

#[test]
fn a_wrong_configuration_lists_every_problem() {
    let installation = Installation::new();
    let output = installation.run(&[
        "check-config",
        "--live-public-url",
        "nonsense",
        "--sandbox-public-url",
        "ftp://example.com",
        "--widget-dir",
        "nowhere",
        "--live-listen",
        "127.0.0.1:9",
        "--sandbox-listen",
        "127.0.0.1:9",
    ]);
    let said = failure(&output);
    for part in [
        "live_public_url: nonsense",
        "sandbox_public_url: ftp://example.com",
        "widget_dir: ",
        "the same address",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    std::fs::write(installation.path("settings.toml"), "databse_url = \"x\"\nrate_limit_status = \"429\"")
        .unwrap();
    let said =
        failure(&installation.run(&["check-config", "--config", "settings.toml", "--widget-dir", "nowhere"]));
    for part in [
        "settings.toml, line 1, column 1: databse_url: unknown field",
        "settings.toml, line 2, column 21: rate_limit_status: invalid type",
        "widget_dir: ",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    for command in ["init", "serve", "check-config"] {
        for url in ["mysql://user:pass-word@host/db", "pass-word@host:1/db", ""] {
            let said = failure(&installation.run(&[command, "--database-url", url]));
            assert!(said.contains("database_url: ") && said.contains("sqlite://"), "{said}");
            assert!(!said.contains("pass-word"), "{said}");
        }
        let url = "https://user:pass-word@example.com/?token=pass-word";
        let said = failure(&installation.run(&[command, "--live-public-url", url]));
        assert!(said.contains("https://…@example.com") && !said.contains("pass-word"), "{said}");
    }
    let help = installation.command(&["--help"]).env("INTERVIEWRELAY_LIVE_PUBLIC_URL", "pass-word").output();
    assert!(!String::from_utf8(help.unwrap().stdout).unwrap().contains("pass-word"));
    let same = ["check-config", "--sandbox-public-url", "http://interviews.example/"];
    let said = failure(&installation.run(&same));
    assert!(
        said.contains("live_public_url and sandbox_public_url are both http://interviews.example;"),
        "{said}"
    );
}

#[test]
fn a_folder_without_the_built_widget_is_refused_and_says_which_one_is_meant() {
    let installation = Installation::new();
    let check = || installation.run(&["check-config", "--widget-dir", "widget"]);
    std::fs::create_dir(installation.path("widget")).unwrap();
    let said = failure(&check());
    for part in ["widget_dir: widget has no interview-relay.js", "widget/npm/dist"] {
        assert!(said.contains(part), "{said}");
    }
    std::fs::write(installation.path("widget/interview-relay.js"), "").unwrap();
    let said = String::from_utf8(check().stdout).unwrap();
    assert!(said.contains("\nwidget_dir = widget\n"), "{said}");
}

#[test]
fn an_address_that_no_browser_can_reach_is_warned_of() {
    let installation = Installation::new();
    for address in ["[::]:0", "0.0.0.0:0"] {
        let warning =
            format!("sandbox_public_url is not set, so that tokens send browsers to http://{address};");
        let output = installation.run(&["check-config", "--sandbox-listen", address]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            said.contains(&format!("\nwarning: {warning}")) && !said.contains("live_public_url is"),
            "{said}"
        );
        let log = Process::start(installation.command(&["serve", "--sandbox-listen", address])).log();
        assert!(log.contains(&warning), "{log}");
    }
    let said = String::from_utf8(installation.run(&["check-config"]).stdout).unwrap();
    assert!(said.contains("\nwidget_dir = none\n") && !said.contains("warning"), "{said}");
}

#[test]
fn a_variable_whose_name_is_misspelt_is_warned_of() {
    let installation = Installation::new();
    let check = |variable: &str| {
        let output = installation.command(&["check-config"]).env(variable, "folder").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let said = check("INTERVIEWRELAY_UPLOAD_DIR");
    assert!(said.contains("\nwarning: the variable INTERVIEWRELAY_UPLOAD_DIR is passed over"), "{said}");
    let said = check("INTERVIEWRELAY_UPLOADS_DIR");
    assert!(said.contains("\nuploads_dir = folder\n") && !said.contains("warning"), "{said}");
}

#[test]
fn check_config_says_what_the_settings_are() {
    let installation = Installation::new();
    std::fs::write(
        installation.path("interviewrelay.toml"),
        "sandbox_public_url = \"https://sandbox.example.com/\"",
    )
    .unwrap();
    let output = installation.run(&["check-config"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(
        said.contains("test: listens on 127.0.0.1:0, public URL https://sandbox.example.com\n"),
        "{said}"
    );
}

#[test]
fn the_guide_for_operators_names_every_command() {
    let guide = include_str!("../../../docs/operations.md");
    for command in token_server::cli::Cli::command().get_subcommands() {
        let name = format!("`interviewrelay {}", command.get_name());
        let row = guide.lines().find(|line| line.starts_with(&format!("| {name}")));
        let row = row.unwrap_or_else(|| panic!("docs/operations.md has no row for {name}"));
        for step in command.get_subcommands().map(clap::Command::get_name) {
            let is_named = row.contains(&format!("{name} {step}`")) || row.contains(&format!("` `{step}`"));
            assert!(is_named, "{row} lacks {step}");
        }
    }
}
