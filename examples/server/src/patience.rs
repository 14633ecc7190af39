//! A connection that is given up when the other side stops taking our answer, that listens for a moment to a caller who was
//! refused while still sending, and that ends where a request could be read in two ways.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::framing::Heads;

/// For so long, and so many bytes, we listen to somebody who was refused while sending: a system resets a
/// connection that is closed with bytes unread, and the refusal would be lost with it.
const LISTEN_FOR: Duration = Duration::from_secs(5);
const LISTEN_TO: usize = 16 * 1024 * 1024;

/// Told by a request whose body was not read to its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unread(Arc<AtomicBool>);

impl Unread {
    pub(crate) fn tell(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A stream whose writes fail after some time without progress.
pub(crate) struct Patient {
    stream: TcpStream,
    patience: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    unread: Unread,
    heads: Heads,
    refused: bool,
    /// Set once our side is closed.
    listening: Option<Pin<Box<Sleep>>>,
    dropped: usize,
}

impl Patient {
    pub(crate) fn new(stream: TcpStream, patience: Duration, unread: Unread) -> Self {
        Self {
            stream,
            patience,
            stalled: None,
            unread,
            heads: Heads::default(),
            refused: false,
            listening: None,
            dropped: 0,
        }
    }

    /// Reads and drops what still comes, until the other side closes or it is enough.
    fn poll_listen(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let end = self.listening.get_or_insert_with(|| Box::pin(sleep(LISTEN_FOR)));
        let mut bytes = [0; 8 * 1024];
        while self.dropped < LISTEN_TO && end.as_mut().poll(cx).is_pending() {
            let mut buffer = ReadBuf::new(&mut bytes);
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => self.dropped += buffer.filled().len(),
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(())
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if progress.is_ready() {
            self.stalled = None;
            return progress;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.refused {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let new = buffer.filled_mut().get_mut(before..).unwrap_or_default();
        if let Some(at) = self.heads.follow(new) {
            // NUL can stand nowhere in a head: the request is answered like any other that is no HTTP, and nothing follows.
            new.iter_mut().skip(at).take(1).for_each(|byte| *byte = 0);
            buffer.set_filled(before + at + 1);
            self.refused = true;
            self.unread.tell();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch(cx, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.listening.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        }
        if self.unread.0.load(Ordering::Relaxed) {
            ready!(self.poll_listen(cx));
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn gives_up_on_a_reader_that_does_not_read() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _idle = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let mut patient = Patient::new(stream, Duration::from_millis(50), Unread::default());
        let more_than_the_system_buffers = vec![0; 64 << 20];
        let error = patient
            .write_all(&more_than_the_system_buffers)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
