use std::io;

struct Socket;

impl Socket {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(buffer.len())
    }

    async fn write_all(&mut self, _data: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

#[segue::coroutine]
async fn echo(mut socket: Socket) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut echoed = 0;
    loop {
        let got = socket.read(&mut buffer).await?;
        if got == 0 {
            return Ok(echoed);
        }
        socket.write_all(&buffer[..got]).await?;
        echoed += got as u64;
    }
}
