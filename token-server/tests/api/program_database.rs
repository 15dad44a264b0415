//! Databases that the real program cannot open: it says which, why, and what to do.

use std::{fs, path::Path};

use crate::{program_cli::failure, support::binary::Installation};

/// What `init` and `serve` say, with the database's path, which is in it once, as `PATH`.
fn refusal(installation: &Installation, path: &Path) -> String {
    let url = format!("sqlite://{}", path.display());
    let [init, serve] = ["init", "serve"].map(|command| {
        let said = failure(&installation.run(&[command, "--database-url", &url]));
        assert_eq!(said.matches(&*path.to_string_lossy()).count(), 1, "{said}");
        said.replace(&*path.to_string_lossy(), "PATH")
    });
    assert_eq!(init, serve);
    init
}

#[test]
fn what_is_no_database_is_named_once_with_the_reason() {
    let installation = Installation::new();
    let path = installation.path("folder.db");
    fs::create_dir(&path).unwrap();
    assert_eq!(refusal(&installation, &path), "error: the database PATH is a folder and not a file\n");
    let path = installation.path("text.db");
    fs::write(&path, "this is a text and not a database at all, however long one reads").unwrap();
    let expected = "error: the database PATH is not a database: the file has something else in it\n";
    assert_eq!(refusal(&installation, &path), expected);
    let said = refusal(&installation, &path.join("relay.db"));
    assert!(said.starts_with("error: the database PATH cannot be there: "), "{said}");
    assert!(said.ends_with("text.db is a file and not a folder\n"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_database_that_this_user_may_not_use_says_who_must_be_able_to_do_what() {
    use std::os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _},
        process::CommandExt as _,
    };
    const NOBODY: u32 = 65_534;
    let installation = Installation::new();
    assert!(installation.run(&["init"]).status.success());
    let (folder, file) = (installation.folder(), installation.path("test.db"));
    let owner = fs::metadata(&file).unwrap().uid();
    // Nothing is refused to root, so it becomes somebody else; all others keep themselves out.
    let user = if owner == 0 { NOBODY } else { owner };
    let chmod = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for (file_mode, folder_mode) in [(0o400, 0o755), (0o444, 0o755), (0o666, 0o555), (0o666, 0o700)] {
        if owner != 0 && (file_mode, folder_mode) == (0o666, 0o700) {
            continue;
        }
        chmod(&file, file_mode);
        chmod(folder, folder_mode);
        let mut command = installation.command(&["init"]);
        // Below a folder of root's that is closed, the program itself is out of reach.
        command.current_dir("/");
        if owner == 0 {
            command.uid(user).gid(NOBODY);
        }
        let Ok(output) = command.output() else { return };
        chmod(folder, 0o755);
        let said = failure(&output);
        let path = file.display().to_string();
        assert_eq!((said.matches(&path).count(), said.lines().count()), (1, 1), "{said}");
        assert!(
            said.starts_with(&format!("error: the database {path} cannot be used by user {user}, who must")),
            "{said}"
        );
        assert!(
            said.contains(&format!("the folder belongs to user {owner} (mode {folder_mode:o})")),
            "{said}"
        );
        assert_eq!(
            said.matches("unable to open").count()
                + said.matches("readonly").count()
                + said.matches("denied").count(),
            1,
            "{said}"
        );
    }
}
