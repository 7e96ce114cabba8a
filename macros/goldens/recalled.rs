struct Archive {
    written: usize,
}

struct Entry<'a>(&'a mut Archive);

impl Archive {
    async fn entry(&mut self) -> std::io::Result<Entry<'_>> {
        Ok(Entry(self))
    }

    async fn close(self) -> std::io::Result<usize> {
        Ok(self.written)
    }
}

impl Entry<'_> {
    async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.written += bytes.len();
        Ok(())
    }
}

/// The archive is borrowed while an entry is written, and used up in the end.
#[segue::coroutine]
async fn pack(files: Vec<Vec<u8>>) -> std::io::Result<usize> {
    let mut archive = Archive { written: 0 };
    for file in files {
        let mut entry = archive.entry().await?;
        entry.write(&file).await?;
    }
    archive.close().await
}
