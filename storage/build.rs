//! Lists the migrations of both databases, so that they are part of the library and a new one is a reason to build it again.
//!
//! `sqlx::migrate!` does the same, but its crate of macros has the compiler build both drivers, `SQLite` and TLS a second time.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    let (root, out) = (env::var("CARGO_MANIFEST_DIR")?, env::var("OUT_DIR")?);
    for database in ["sqlite", "postgres"] {
        let list = list(&Path::new(&root).join("migrations").join(database))?;
        fs::write(Path::new(&out).join(database).with_extension("rs"), list)?;
    }
    Ok(())
}

/// An expression that has the number, the name and the text of each `0001_interviews.sql` of a folder.
fn list(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut migrations = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let (number, name) = name.split_once('_').ok_or_else(|| format!("{}: no number", path.display()))?;
        let number: i64 = number.parse().map_err(|error| format!("{}: {error}", path.display()))?;
        let path = path.display().to_string();
        migrations.push((number, format!("({number}, {name:?}, include_str!({path:?}))")));
    }
    migrations.sort();
    let entries: Vec<String> = migrations.into_iter().map(|(_, entry)| entry).collect();
    Ok(format!("&[{}]", entries.join(",\n")))
}
