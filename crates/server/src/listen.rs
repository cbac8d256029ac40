//! The listening socket. Every connection has bounds on how long its client may take: nobody keeps a place, a file descriptor or an answer
//! in memory for ever by sending or reading a byte at a time.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep};
use tower::ServiceExt;

/// File descriptors that are not for connections: the database's, files, the log, what webhooks and e-mail are sent by.
const OWN_FILES: u64 = 200;
/// After an accept that failed, mostly because there is no file descriptor left.
const REST: Duration = Duration::from_secs(1);

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request, and between two requests on one connection: longer than proxies keep an idle one, so that it is they who end it.
    pub head: Duration,
    /// For the next piece of a body, or for taking some of an answer.
    pub piece: Duration,
    /// What a body may take at all is one `piece` and a second for every so many bytes.
    pub bytes_a_second: u64,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { head: Duration::from_secs(75), piece: Duration::from_secs(30), bytes_a_second: 1_024 }
    }
}

/// Raises the number of files the process may have open to what the system allows: each open window of a browser is one. How many connections
/// that makes.
pub fn connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let files = if raised.is_ok() { maximum } else { current };
    let room = files.map_or(Semaphore::MAX_PERMITS as u64, |files| files.saturating_sub(OWN_FILES).max(files / 2)).max(1);
    usize::try_from(room).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}

/// Takes connections, at most so many at once, until `leave` comes to its end; then ends when the requests under way are answered.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, most: usize, leave: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
    let mut leave = std::pin::pin!(leave);
    loop {
        let place = match room.clone().try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                tracing::warn!(most, "no more connections are taken until one ends");
                tokio::select! {
                    place = room.clone().acquire_owned() => match place {
                        Ok(place) => place,
                        Err(_) => break,
                    },
                    () = &mut leave => break,
                }
            }
        };
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // The client's own matter.
                Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => continue,
                Err(error) => {
                    tracing::error!(%error, "a connection cannot be taken");
                    sleep(REST).await;
                    continue;
                }
            },
            () = &mut leave => break,
        };
        // Hints and answers are small, and nobody waits for more of them.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = tower::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(|body| Body::new(Paced::new(body, patience)));
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(address));
            router.clone().oneshot(request)
        });
        let connection = http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(patience.head).serve_connection(
            TokioIo::new(Patient { io: stream, piece: patience.piece, stalled: None }),
            TowerToHyperService::new(service),
        );
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, %address, "a connection was broken off");
            }
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// A connection that ends where its client takes nothing of an answer.
struct Patient {
    io: TcpStream,
    piece: Duration,
    /// Runs while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// What became of a write, or that it has waited for too long.
    fn heed<T>(&mut self, done: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.stalled = None;
            return done;
        }
        let piece = self.piece;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(piece))).as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing of the answer")))
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, into)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.heed(done, cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.io).poll_write_vectored(cx, bytes);
        self.heed(done, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// A body that ends with an error where it comes too slowly. Only the time for which the server waits for it counts.
struct Paced {
    body: Incoming,
    patience: Patience,
    bytes: u64,
    waited: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    fn new(body: Incoming, patience: Patience) -> Paced {
        Paced { body, patience, bytes: 0, waited: Duration::ZERO, waiting: None }
    }

    /// How long the next piece may take.
    fn allowed(&self) -> Duration {
        let altogether = self.patience.piece + Duration::from_secs(self.bytes / self.patience.bytes_a_second.max(1));
        altogether.saturating_sub(self.waited).min(self.patience.piece)
    }
}

impl hyper::body::Body for Paced {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                if let Some((since, _)) = self.waiting.take() {
                    self.waited += since.elapsed();
                }
                if let Some(Ok(frame)) = &frame {
                    self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                let allowed = self.allowed();
                let (_, over) = self.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(allowed))));
                ready!(over.as_mut().poll(cx));
                Poll::Ready(Some(Err("the body comes too slowly".into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const QUICK: Patience = Patience { head: Duration::from_millis(400), piece: Duration::from_millis(400), bytes_a_second: 1_000_000 };

    /// A server with this patience for so many connections, and where it listens.
    async fn server(most: usize) -> (SocketAddr, tokio::sync::oneshot::Sender<()>) {
        let router = Router::new()
            .route("/echo", post(|body: Bytes| async move { body.len().to_string() }))
            .route("/large", get(|| async { vec![b'x'; 64 << 20] }))
            .route("/who", get(|ConnectInfo(address): ConnectInfo<SocketAddr>| async move { address.to_string() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (leave, left) = tokio::sync::oneshot::channel();
        tokio::spawn(serve(listener, router, QUICK, most, async move { drop(left.await) }));
        (address, leave)
    }

    /// Sends what is given, a part every so often, and reads to the end.
    async fn said(address: SocketAddr, parts: &[&str], every: Duration) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        for part in parts {
            if stream.write_all(part.as_bytes()).await.is_err() {
                break;
            }
            sleep(every).await;
        }
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text).await;
        String::from_utf8_lossy(&text).into_owned()
    }

    #[tokio::test]
    async fn requests_are_answered_and_an_idle_connection_ends() {
        let (address, _leave) = server(10).await;
        let began = Instant::now();
        let text = said(address, &["GET /who HTTP/1.1\r\nhost: x\r\n\r\n"], Duration::ZERO).await;
        assert!(text.starts_with("HTTP/1.1 200") && text.contains("127.0.0.1:"), "{text}");
        assert!(began.elapsed() >= QUICK.head && began.elapsed() < QUICK.head * 10, "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn a_head_by_single_bytes_is_given_up() {
        let (address, _leave) = server(10).await;
        let parts: Vec<String> = "GET /who HTTP/1.1\r\nhost: x\r\n\r\n".chars().map(String::from).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        assert!(!said(address, &parts, Duration::from_millis(60)).await.contains("200 OK"));
    }

    #[tokio::test]
    async fn a_body_by_single_bytes_is_given_up_and_a_steady_one_is_taken() {
        let (address, _leave) = server(10).await;
        let head = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 12\r\nconnection: close\r\n\r\n";
        let slow: Vec<&str> = std::iter::once(head).chain(std::iter::repeat_n("x", 12)).collect();
        // None of them waits for a whole piece; together they take too long.
        let text = said(address, &slow, Duration::from_millis(80)).await;
        assert!(!text.contains("200 OK"), "{text}");
        let quick: Vec<&str> = std::iter::once(head).chain(std::iter::repeat_n("xxxx", 3)).collect();
        let text = said(address, &quick, Duration::from_millis(80)).await;
        assert!(text.contains("200 OK") && text.ends_with("12"), "{text}");
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_is_given_up_and_its_place_is_free_again() {
        let (address, _leave) = server(1).await;
        let mut greedy = TcpStream::connect(address).await.unwrap();
        greedy.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        // The only place is taken until then.
        let began = Instant::now();
        let text = said(address, &["GET /who HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"], Duration::ZERO).await;
        assert!(text.contains("200 OK"), "{text}");
        assert!(began.elapsed() >= QUICK.piece / 2, "{:?}", began.elapsed());
        drop(greedy);
    }

    #[tokio::test]
    async fn it_leaves_when_what_is_under_way_is_answered() {
        let (address, leave) = server(10).await;
        let asked = tokio::spawn(async move {
            said(address, &["POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n", "x", "x"], Duration::from_millis(100)).await
        });
        sleep(Duration::from_millis(50)).await;
        leave.send(()).unwrap();
        let text = asked.await.unwrap();
        assert!(text.contains("200 OK") && text.ends_with('2'), "{text}");
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[test]
    fn there_are_files_for_connections() {
        assert!(connections() > 100);
    }
}
