//! Whose files they are. A server removes the files that its database knows nothing of; beside a copy of a database, those
//! are the ones that came after the copy was made.

use std::{
    io,
    path::{Component, Path, PathBuf},
};

use storage::Place;

use super::Uploads;

/// The file in the folder that names the database, in one line.
pub const OWNER: &str = ".database";

impl Uploads {
    /// Whether the folder is that of the database at this place. It is the first one's that asks, and stays that one's until
    /// somebody removes [`OWNER`]. The folder is made where there is none.
    ///
    /// # Errors
    /// When the folder cannot be made, read or written to.
    pub async fn belongs_to(&self, place: &Place) -> io::Result<bool> {
        self.make_folder().await?;
        let path = self.owner_path();
        let asks = match place {
            Place::Server(name) => name.clone(),
            // As seen from here: both may be moved together.
            Place::File(path) => {
                let folder = tokio::fs::canonicalize(&self.folder).await?;
                relative(path, &folder).to_string_lossy().into_owned()
            }
        };
        match tokio::fs::read_to_string(&path).await {
            Ok(owner) if !owner.trim().is_empty() => return Ok(owner.trim() == asks),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            // It is empty when the disk was full.
            _ => {}
        }
        tokio::fs::write(&path, format!("{asks}\n")).await?;
        Ok(true)
    }

    /// Where [`OWNER`] lies.
    pub fn owner_path(&self) -> PathBuf {
        self.folder.join(OWNER)
    }
}

/// The way to `path` from `folder`, both absolute.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let common = path.components().zip(folder.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_is_that_of_the_first_database_that_asks_until_the_file_that_names_it_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let uploads = Uploads::at(root.path().join("uploads"));
        let [first, second] = ["postgres:1/5", "postgres:1/6"].map(|name| Place::Server(name.to_owned()));
        for (place, expected) in [(&first, true), (&second, false), (&first, true)] {
            assert_eq!(uploads.belongs_to(place).await.unwrap(), expected, "{place:?}");
        }
        std::fs::remove_file(uploads.owner_path()).unwrap();
        for (place, expected) in [(&second, true), (&first, false)] {
            assert_eq!(uploads.belongs_to(place).await.unwrap(), expected, "{place:?}");
        }
    }

    #[tokio::test]
    async fn a_folder_that_is_moved_together_with_its_database_stays_its_own() {
        let root = tempfile::tempdir().unwrap();
        let [here, there] = ["here", "there"].map(|name| root.path().canonicalize().unwrap().join(name));
        std::fs::create_dir(&here).unwrap();
        let at = |folder: &Path| (Uploads::at(folder.join("uploads")), Place::File(folder.join("relay.db")));
        let (uploads, database) = at(&here);
        assert!(uploads.belongs_to(&database).await.unwrap());
        std::fs::rename(&here, &there).unwrap();
        let (uploads, database) = at(&there);
        assert!(uploads.belongs_to(&database).await.unwrap());
        let copy = Place::File(here.join("relay.db"));
        assert!(!uploads.belongs_to(&copy).await.unwrap(), "a copy elsewhere");
    }

    #[tokio::test]
    async fn an_empty_name_is_that_of_nobody() {
        let root = tempfile::tempdir().unwrap();
        let uploads = Uploads::at(root.path().to_owned());
        std::fs::write(uploads.owner_path(), "").unwrap();
        assert!(uploads.belongs_to(&Place::Server("postgres:1/5".to_owned())).await.unwrap());
        assert_eq!(std::fs::read_to_string(uploads.owner_path()).unwrap(), "postgres:1/5\n");
    }
}
