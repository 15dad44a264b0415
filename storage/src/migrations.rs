//! The migrations that are part of the library.

use sqlx::{
    SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};

/// Number, name and text of each migration of a database, as `build.rs` lists them.
pub(crate) type List = &'static [(i64, &'static str, &'static str)];

/// What applies them. It remembers each by its number and the digest of its text.
pub(crate) fn migrator(list: List) -> Migrator {
    let migration = |&(number, name, text): &(i64, &'static str, &'static str)| {
        let (description, text) = (name.replace('_', " ").into(), SqlStr::from_static(text));
        Migration::new(number, description, MigrationType::Simple, text, false)
    };
    Migrator::with_migrations(list.iter().map(migration).collect())
}
