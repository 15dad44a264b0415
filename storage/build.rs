//! Lists the migrations of both databases, so that they are part of the library and a new one is a reason to build it again.
//!
//! `sqlx::migrate!` does the same, but its crate of macros has the compiler build both drivers, `SQLite` and TLS a second time.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    let (root, out) = (env::var("CARGO_MANIFEST_DIR")?, env::var("OUT_DIR")?);
    for database in ["sqlite", "postgres"] {
        let list = list(Path::new(&root), &format!("migrations/{database}"))?;
        fs::write(Path::new(&out).join(database).with_extension("rs"), list)?;
    }
    Ok(())
}

/// An expression that has the number, the name and the text of each `0001_interviews.sql` of a folder. It finds them where the
/// crate is when it is compiled, as a checkout may have been moved since.
fn list(root: &Path, folder: &str) -> Result<String, Box<dyn Error>> {
    let mut migrations = Vec::new();
    for entry in fs::read_dir(root.join(folder))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let (number, name) = name.split_once('_').ok_or_else(|| format!("{}: no number", path.display()))?;
        let number: i64 = number.parse().map_err(|error| format!("{}: {error}", path.display()))?;
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let text = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{folder}/{file}\"))");
        migrations.push((number, format!("({number}, {name:?}, {text})")));
    }
    migrations.sort();
    let entries: Vec<String> = migrations.into_iter().map(|(_, entry)| entry).collect();
    Ok(format!("&[{}]", entries.join(",\n")))
}
