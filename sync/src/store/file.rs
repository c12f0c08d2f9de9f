//! A folder as the disk beneath the log. One process at a time: a second one is refused by a lock on the file `lock`, which the
//! operating system drops when the process ends, however it ends.

use super::{LogStore, Medium, StoreError};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

pub type FileStore = LogStore<Folder>;

impl FileStore {
    /// Opens the store in `folder`, which is made where there is none.
    pub fn open_folder(folder: &Path) -> Result<Self, StoreError> {
        Self::open(Folder::lock(folder)?)
    }
}

/// A folder that this process alone writes to.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The file last appended to, kept open.
    open: Option<(String, File)>,
    _lock: File,
}

impl Folder {
    pub fn lock(path: &Path) -> Result<Self, StoreError> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        // It will hold the phone's key, its tokens, and customers' data.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(path)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), open: None, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    fn file(&mut self, name: &str) -> io::Result<&mut File> {
        let kept = self.open.take().filter(|(open, _)| open == name);
        let file = match kept {
            Some((_, file)) => file,
            None => {
                let path = self.path.join(name);
                let is_new = !path.exists();
                let file = OpenOptions::new().create(true).append(true).open(path)?;
                if is_new {
                    self.sync_folder()?;
                }
                file
            }
        };
        Ok(&mut self.open.insert((name.to_owned(), file)).1)
    }

    /// A new or renamed file is durable only when its folder is.
    fn sync_folder(&self) -> io::Result<()> {
        if cfg!(unix) { File::open(&self.path)?.sync_all() } else { Ok(()) }
    }
}

impl Medium for Folder {
    fn read(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.file(name)?.write_all(bytes)
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        self.file(name)?.sync_data()
    }

    fn truncate(&mut self, name: &str, bytes: u64) -> io::Result<()> {
        let file = self.file(name)?;
        file.set_len(bytes)?;
        file.sync_all()
    }

    fn replace(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.open = None;
        let fresh = self.path.join(format!("{name}.new"));
        let mut file = File::create(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, self.path.join(name))?;
        self.sync_folder()
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.open = None;
        match fs::remove_file(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => self.sync_folder(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Store as _};
    use super::*;
    use schema::binary::Hash;
    use schema::wire::Cursor;

    fn cursor(seq: i64) -> Entry {
        Entry::Cursor(Cursor { epoch: 1, seq })
    }

    #[test]
    fn what_was_appended_is_there_after_opening_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("phone");
        let mut store = FileStore::open_folder(&path).unwrap();
        store.append(&[cursor(1)]).unwrap();
        store.append(&[cursor(2), cursor(3)]).unwrap();
        store.put_blob(Hash::of(b"jpeg"), b"jpeg").unwrap();
        drop(store);
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o077, 0);

        let mut store = FileStore::open_folder(&path).unwrap();
        assert_eq!(store.load().unwrap(), [cursor(1), cursor(2), cursor(3)]);
        assert_eq!(store.find_blob(Hash::of(b"jpeg")).unwrap().as_deref(), Some(b"jpeg".as_slice()));
        store.compact(&[cursor(3)]).unwrap();
        store.append(&[cursor(4)]).unwrap();
        store.delete_blob(Hash::of(b"jpeg")).unwrap();
        drop(store);

        let mut store = FileStore::open_folder(&path).unwrap();
        assert_eq!(store.load().unwrap(), [cursor(3), cursor(4)]);
        assert_eq!(store.find_blob(Hash::of(b"jpeg")).unwrap(), None);
    }

    #[test]
    fn a_file_cut_at_any_byte_keeps_every_batch_written_before_it_and_takes_more() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut store = FileStore::open_folder(folder.path()).unwrap();
        let mut ends = vec![store.bytes()];
        for seq in 1..=4 {
            store.append(&[cursor(seq)]).unwrap();
            ends.push(store.bytes());
        }
        drop(store);
        let whole = fs::read(&log).unwrap();
        for bytes in 0..=whole.len() {
            fs::write(&log, &whole[..bytes]).unwrap();
            let batches = ends.iter().skip(1).filter(|end| **end <= bytes as u64).count();
            let expected: Vec<Entry> = (1..=i64::try_from(batches).unwrap()).map(cursor).collect();
            let mut store = FileStore::open_folder(folder.path()).unwrap();
            assert_eq!(store.load().unwrap(), expected, "cut to {bytes} bytes");
            store.append(&[cursor(99)]).unwrap();
            drop(store);
            let mut store = FileStore::open_folder(folder.path()).unwrap();
            assert_eq!(store.load().unwrap(), [expected, vec![cursor(99)]].concat(), "cut to {bytes} bytes");
        }
    }

    #[test]
    fn a_second_opener_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let first = FileStore::open_folder(folder.path()).unwrap();
        assert!(matches!(FileStore::open_folder(folder.path()), Err(StoreError::InUse)));
        drop(first);
        assert!(FileStore::open_folder(folder.path()).is_ok());
    }

    #[test]
    fn a_file_of_something_else_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("log"), b"shopping: milk, bread, solder").unwrap();
        assert!(matches!(FileStore::open_folder(folder.path()), Err(StoreError::Foreign)));
        assert_eq!(fs::read(folder.path().join("log")).unwrap(), b"shopping: milk, bread, solder");
    }
}
