//! What only `SQLite` can do wrong: its files, its disk, its one writer.

mod commits;
mod durability;
mod files;
mod rows;
mod snapshots;
