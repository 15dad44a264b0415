//! Takes connections and serves them. Each has limits of time, so that those who send nothing, never stop beginning to, or
//! read nothing do not keep everybody else out.

use std::{convert::Infallible, net::SocketAddr, pin::pin, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tower::Service as _;
use tower_http::timeout::TimeoutBody;

/// How long to wait after a connection could not be taken because something has run out, such as descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a connection may keep us waiting.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the head of a request, from its connection's beginning or the answer before. A connection without a request is
    /// kept as long: longer than balancers keep theirs, so that it is they who close them.
    pub head: Duration,
    /// For each piece of a body.
    pub body: Duration,
    /// Until what was sent is taken: by somebody who does not read, or is gone without a word.
    pub taken: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(75), body: Duration::from_secs(30), taken: Duration::from_mins(1) }
    }
}

/// Serves what comes to `listener` until `stop` is done, then finishes the requests in flight.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    patience: Patience,
    stop: impl Future<Output = ()> + Send,
) {
    let connections = GracefulShutdown::new();
    let mut http = Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let mut stop = pin!(stop);
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut stop => break,
        };
        match taken {
            Ok((stream, address)) => {
                limit_sending(&stream, patience.taken);
                let connection = connection(&http, stream, address, app.clone(), patience.body);
                let served = connections.watch(connection);
                // That somebody hangs up, or speaks something else than HTTP, is nothing to tell.
                tokio::spawn(async move { drop(served.await) });
            }
            Err(error) if is_of_the_caller(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken; it is tried again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
}

fn connection(
    http: &Builder,
    stream: TcpStream,
    address: SocketAddr,
    app: Router,
    patience: Duration,
) -> impl hyper_util::server::graceful::GracefulConnection<Output = hyper::Result<()>> + Send + use<> {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(TimeoutBody::new(patience, body)));
        request.extensions_mut().insert(ConnectInfo(address));
        let answer = app.clone().call(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    http.serve_connection(TokioIo::new(stream), service)
}

/// Has the system close a connection on which nothing of what waits was taken for so long (RFC 5482).
#[cfg(target_os = "linux")]
fn limit_sending(stream: &TcpStream, taken: Duration) {
    let millis = u32::try_from(taken.as_millis()).unwrap_or(u32::MAX);
    // One that is over already needs no limit.
    let _ = rustix::net::sockopt::set_tcp_user_timeout(stream, millis);
}

/// Other systems have limits of their own.
#[cfg(not(target_os = "linux"))]
const fn limit_sending(_stream: &TcpStream, _taken: Duration) {}

/// Whether it is over with this one connection, before it was taken.
fn is_of_the_caller(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Lets the process have as many connections and files open as the system allows it at most; it begins with fewer.
#[cfg(unix)]
pub fn raise_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use futures_util::stream;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::{mpsc, oneshot},
    };

    use super::*;

    /// A server with little patience; it stops when the sender is dropped, and then the task ends.
    async fn start() -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let app = Router::new()
            .route(
                "/who",
                get(|ConnectInfo(address): ConnectInfo<SocketAddr>| async move { address.to_string() }),
            )
            .route("/echo", post(|body: Result<String, _>| async move { body.map_err(|_| "cut off") }));
        start_with(app).await
    }

    async fn start_with(app: Router) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let brief = Duration::from_millis(200);
        let patience = Patience { head: brief, body: brief, taken: brief };
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, app, patience, async {
            // A message and a dropped sender mean the same.
            let _ = stopped.await;
        }));
        (address, stop, task)
    }

    async fn connect(address: SocketAddr, begins: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begins.as_bytes()).await.unwrap();
        stream
    }

    /// What comes until the server closes the connection.
    async fn rest(mut stream: TcpStream) -> String {
        let mut text = String::new();
        let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_string(&mut text));
        read.await.expect("the server closes it").unwrap();
        text
    }

    #[tokio::test]
    async fn whoever_sends_nothing_or_half_a_head_is_cut_off() {
        let (address, _stop, _task) = start().await;
        for begins in ["", "GET /who HTTP/1.1\r\nHost: x\r\n", "GET /who HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let answer = rest(connect(address, begins).await).await;
            assert_eq!(answer.contains("200 OK"), begins.ends_with("\r\n\r\n"), "{begins:?}: {answer}");
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_go_on_is_given_up() {
        let (address, _stop, _task) = start().await;
        let half = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab";
        assert!(rest(connect(address, half).await).await.ends_with("cut off"));
        let mut whole = connect(address, half).await;
        whole.write_all(b"cd").await.unwrap();
        assert!(rest(whole).await.ends_with("abcd"));
    }

    /// Tells when it is dropped.
    struct Told(mpsc::UnboundedSender<()>);

    impl Drop for Told {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_answer_of_whoever_does_not_read_it_is_dropped() {
        let (told, mut dropped) = mpsc::unbounded_channel();
        let endless = move || {
            let held = Told(told.clone());
            let piece = move || {
                let _ = &held;
                Ok::<_, Infallible>(vec![b'x'; 65_536])
            };
            std::future::ready(Body::from_stream(stream::repeat_with(piece)))
        };
        let (address, _stop, _task) = start_with(Router::new().route("/endless", get(endless))).await;
        let mut stream = connect(address, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let mut piece = vec![0; 65_536];
        for _ in 0..1_000 {
            stream.read_exact(&mut piece).await.expect("whoever reads gets more");
        }
        tokio::time::timeout(Duration::from_secs(30), dropped.recv()).await.expect("it is dropped");
    }

    #[tokio::test]
    async fn a_handler_knows_who_has_connected() {
        let (address, _stop, _task) = start().await;
        let stream = connect(address, "GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        let caller = stream.local_addr().unwrap().to_string();
        assert!(rest(stream).await.ends_with(&caller));
    }

    #[tokio::test]
    async fn a_request_in_flight_is_answered_after_the_stop_and_then_it_is_over() {
        let (address, stop, task) = start().await;
        let mut half = connect(
            address,
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n",
        )
        .await;
        let mut goes_on = [0; 25];
        half.read_exact(&mut goes_on).await.unwrap();
        assert_eq!(&goes_on, b"HTTP/1.1 100 Continue\r\n\r\n", "the handler reads the body");
        drop(stop);
        half.write_all(b"abcd").await.unwrap();
        assert!(rest(half).await.ends_with("abcd"));
        task.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
