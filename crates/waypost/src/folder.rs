//! The data folder: one server at a time, and it says so.

use std::{
    fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Holds the data folder for as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("The data folder {0} cannot be made or written: {1}. Choose another with --data, or mend its rights.")]
    Unusable(String, #[source] io::Error),
    #[error(
        "Another Waypost holds the data folder {0} (process {1}). Stop that one first, or choose another folder with --data."
    )]
    Held(String, String),
}

/// Makes a database file that nobody but its owner may read, or takes it from the others where it is there already: the
/// folder may have been made before, open to everyone. What SQLite keeps beside it gets the same rights.
pub fn close_to_others(database: &Path) -> io::Result<()> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(database)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    for beside in ["-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(beside);
        match std::fs::set_permissions(Path::new(&name), Permissions::from_mode(0o600)) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(err),
            _ => {}
        }
    }
    Ok(())
}

/// Makes the folder where there is none, and holds it.
///
/// Refuses when another server holds it.
pub fn hold(folder: &Path) -> Result<Lock, Refused> {
    let unusable = |err| Refused::Unusable(folder.display().to_string(), err);
    // What people answered and the hashes of their passwords are for nobody else on the machine.
    DirBuilder::new().recursive(true).mode(0o700).create(folder.join("files")).map_err(unusable)?;
    let path = folder.join("lock");
    let mut file =
        OpenOptions::new().create(true).read(true).write(true).truncate(false).open(path).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(Refused::Held(folder.display().to_string(), holder.trim().to_owned()));
        }
        Err(TryLockError::Error(err)) => return Err(unusable(err)),
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()))
        .map_err(unusable)?;
    Ok(Lock { _file: file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_folder_is_for_its_owner_alone() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = dir.path().join("data");
        hold(&folder).expect("a new folder");
        let mode = std::fs::metadata(folder).expect("the folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn the_database_is_for_its_owner_alone_in_an_open_folder_too() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).expect("an open folder");
        let mode = |path: &Path| std::fs::metadata(path).expect("the file").permissions().mode() & 0o777;
        let (new, old) = (dir.path().join("new.db"), dir.path().join("old.db"));
        close_to_others(&new).expect("a new file");
        std::fs::write(&old, "kept").expect("a file");
        std::fs::write(dir.path().join("old.db-wal"), "kept").expect("a file");
        std::fs::set_permissions(&old, Permissions::from_mode(0o644)).expect("an open file");
        close_to_others(&old).expect("the file");
        assert_eq!([mode(&new), mode(&old), mode(&dir.path().join("old.db-wal"))], [0o600; 3]);
        assert_eq!(std::fs::read_to_string(old).expect("the file"), "kept");
    }

    #[test]
    fn a_second_server_is_told_who_holds_the_folder() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let held = hold(dir.path()).expect("the first one holds it");
        let refused = hold(dir.path()).expect_err("the second one does not");
        assert!(refused.to_string().contains(&std::process::id().to_string()), "{refused}");
        drop(held);
        hold(dir.path()).expect("once free it can be held again");
    }
}
